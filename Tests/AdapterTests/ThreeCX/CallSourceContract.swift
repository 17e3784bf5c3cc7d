import Domain
import Ports
import Synchronization
import Testing

@testable import App

/// What every `CallSource` promises, whatever it looks at.
///
/// `make` gives a source with a world of its own, in which the first poll succeeds, the second fails, and all later
/// ones succeed; its clock does not keep a test waiting.
func checkCallSourceContract(
    make: @Sendable () throws -> any CallSource, sourceLocation: SourceLocation = #_sourceLocation
) async throws {
    try await checkReports(make(), sourceLocation)
    try await checkNothingBeforeTheReceiverIsDone(make(), sourceLocation)
    try await checkCancelledBeforeItStarts(make(), sourceLocation)
}

/// Reports come one at a time in the order of the polls; a failed poll is reported and tried again; cancelled, the
/// source returns and says no more.
private func checkReports(_ source: any CallSource, _ location: SourceLocation) async throws {
    let receiver = ReportRecorder()
    let task = Task { await source.run { await receiver.receive($0) } }
    await receiver.wait(forPolls: 4)
    task.cancel()
    await task.value
    let reports = receiver.reports
    let polls = receiver.polls
    try #require(polls.count >= 4, sourceLocation: location)
    #expect(polls.prefix(4).map(\.isFailure) == [false, true, false, false], sourceLocation: location)
    #expect(!receiver.overlapped, sourceLocation: location)
    let times = polls.map(\.time)
    #expect(times == times.sorted(), "the order of the looks", sourceLocation: location)
    for _ in 0..<200 { await Task.yield() }
    #expect(receiver.reports.count == reports.count, "a report after the end", sourceLocation: location)
}

/// While a report is received no further look is reported, and a cancellation in the meantime ends the source.
private func checkNothingBeforeTheReceiverIsDone(_ source: any CallSource, _ location: SourceLocation) async throws {
    let receiver = ReportRecorder()
    let gate = Latch()
    let task = Task {
        await source.run { report in
            await receiver.receive(report)
            await gate.wait()
        }
    }
    await receiver.wait(for: 1)
    for _ in 0..<200 { await Task.yield() }
    #expect(receiver.reports.count == 1, sourceLocation: location)
    task.cancel()
    gate.open()
    await task.value
    #expect(receiver.reports.count == 1, sourceLocation: location)
}

private func checkCancelledBeforeItStarts(_ source: any CallSource, _ location: SourceLocation) async throws {
    let receiver = ReportRecorder()
    let gate = Latch()
    let task = Task {
        await gate.wait()
        await source.run { await receiver.receive($0) }
    }
    task.cancel()
    gate.open()
    await task.value
    #expect(receiver.reports.isEmpty, sourceLocation: location)
}

extension CallSourceReport {
    var isFailure: Bool {
        if case .pollFailed = self { true } else { false }
    }

    var time: Instant {
        switch self {
        case .polled(let snapshot, _): snapshot.takenAt
        case .pollFailed(_, let instant): instant
        case .notice, .watching, .healthChanged: Instant(milliseconds: .min)
        }
    }
}

/// Receives reports, as slowly as a receiver may be, and keeps all but those on the source's health and on what is
/// watched.
final class ReportRecorder: Sendable {
    private struct State {
        var reports: [CallSourceReport] = []
        var isBusy = false
        var overlapped = false
    }

    private let state = Mutex(State())

    var reports: [CallSourceReport] { state.withLock { $0.reports } }
    /// Whether a report came before the one before it was received.
    var overlapped: Bool { state.withLock { $0.overlapped } }

    func receive(_ report: CallSourceReport) async {
        state.withLock { state in
            switch report {
            case .healthChanged, .watching: break
            case .polled, .pollFailed, .notice: state.reports.append(report)
            }
            state.overlapped = state.overlapped || state.isBusy
            state.isBusy = true
        }
        for _ in 0..<5 { await Task.yield() }
        state.withLock { $0.isBusy = false }
    }

    /// Those that are looks, failed or not.
    var polls: [CallSourceReport] { reports.filter { if case .notice = $0 { false } else { true } } }

    func wait(forPolls count: Int) async {
        while polls.count < count, !Task.isCancelled { await Task.yield() }
    }

    /// Until that many reports are there; the test's time limit is the deadline.
    func wait(for count: Int) async {
        while reports.count < count, !Task.isCancelled { await Task.yield() }
    }
}
