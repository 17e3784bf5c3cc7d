import Domain
import Ports

@testable import Adapters

/// A polling source at work on a manual clock, without jitter.
struct SupervisedSource: Sendable {
    let clock: ManualClock
    let reports = EventBox<CallSourceReport>()
    private let running: Task<Void, Never>

    init(_ view: any PhoneSystemView, clock: ManualClock) {
        self.clock = clock
        let source = PollingCallSource(
            view: view, clock: clock, pollInterval: .milliseconds(500), jitter: { 0 })
        let reports = reports
        running = Task { await source.run { await reports.record($0) } }
    }

    /// Waits until the source has gone to sleep for the `count`th time since the start, and gives the instant that it
    /// waits for.
    func awaitSleep(_ count: Int) async throws -> Instant {
        try await clock.sleeps.wait(count: count)[count - 1]
    }

    /// Wakes the source as often as it takes until its `count`th sleep; gives the instants that it waited for.
    func awaitSleeps(_ count: Int) async throws -> [Instant] {
        var instants: [Instant] = []
        for index in 1...count {
            let deadline = try await awaitSleep(index)
            instants.append(deadline)
            if index < count { clock.advance(to: deadline) }
        }
        return instants
    }

    /// Cancels and waits for the end.
    func stop() async {
        running.cancel()
        await running.value
    }

    /// What has been reported so far, shortened.
    var story: [String] {
        get async { await reports.events.map(Self.line) }
    }

    private static func line(_ report: CallSourceReport) -> String {
        switch report {
        case .polled(let snapshot, _):
            "looked at \(snapshot.takenAt.milliseconds)\(snapshot.isComplete ? "" : ", incomplete")"
        case .pollFailed(let failure, let now): "failed at \(now.milliseconds): \(failure.kind.rawValue)"
        case .notice(let notice): notice.text
        case .watching(let list): "watches \(list.stations.map(\.number))"
        case .healthChanged(let health):
            "\(health.name) since \(health.since.milliseconds)"
                + (health.failedPolls.map { ", \($0.fault.rawValue)" } ?? "")
        }
    }
}
