import Domain
package import Ports

/// Looks again and again: at the poll interval while all is well, less often while the PBX fails.
package struct PollingCallSource: CallSource {
    private let view: any PhoneSystemView
    private let clock: any Clock
    private let pollInterval: Duration

    /// Waiting times after failed looks in a row. Short at first: a PBX that restarts its web server is back within seconds,
    /// and until then no new call is seen.
    private static let backoff: [Duration] = [1, 1, 2, 4, 8, 15, 30].map { .seconds($0) }

    package init(view: any PhoneSystemView, clock: any Clock, pollInterval: Duration) {
        self.view = view
        self.clock = clock
        self.pollInterval = pollInterval
    }

    package func run(_ report: @escaping @Sendable (CallSourceReport) async -> Void) async {
        var failures = 0
        while !Task.isCancelled {
            let startedAt = clock.now()
            var wait = pollInterval
            do throws(LookFailure) {
                let look = try await view.look()
                failures = 0
                await report(.looked(look.snapshot, notices: look.notices))
            } catch {
                guard !Task.isCancelled else { return }
                await report(.lookFailed(error, at: clock.now()))
                wait = max(pollInterval, Self.backoff[min(failures, Self.backoff.count - 1)])
                failures += 1
            }
            do {
                // From start to start, so that a slow answer does not slow the polling further.
                try await clock.sleep(until: startedAt + wait)
            } catch {
                return
            }
        }
    }
}
