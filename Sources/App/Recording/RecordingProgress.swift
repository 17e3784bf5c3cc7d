import Adapters
import Domain
import Ports

/// Counts what a recording has seen, and says so on stderr.
actor RecordingProgress {
    struct Account: Equatable, Sendable {
        var polls = 0
        var failedPolls = 0
        var calls: Set<PBXCallID> = []
    }

    /// More calls are counted no further.
    private static let mostCalls = 100_000

    private(set) var account = Account()
    private let recorder: SessionRecorder
    private let clock = SystemClock()
    private let startedAt: Instant
    private var said: Set<String> = []

    init(_ recorder: SessionRecorder) {
        self.recorder = recorder
        startedAt = clock.now()
    }

    /// - Returns: why to end, if the first poll says so.
    func hear(_ report: CallSourceReport) -> RecordingSession.End? {
        switch report {
        case .polled(let snapshot, let notices):
            if account.polls == 0 { say("recording; Ctrl-C ends it and writes the file") }
            account.polls += 1
            for call in snapshot.calls where account.calls.count < Self.mostCalls { account.calls.insert(call.id) }
            for notice in notices { self.notice(notice) }
        case .pollFailed(let failure, _):
            guard account.polls > 0 else { return .failed(failure) }
            account.failedPolls += 1
        case .notice(let notice): self.notice(notice)
        case .watching: break
        case .healthChanged(let health):
            if account.polls > 0 { say("3CX is seen: \(health.name)") }
        }
        return nil
    }

    /// A line that is written anew every second, where there is a terminal.
    func show() async {
        guard StandardStreams.messagesAreTerminal else { return }
        while !Task.isCancelled {
            StandardStreams.printProgress(line)
            do { try await Task.sleep(for: .seconds(1)) } catch { break }
        }
        StandardStreams.printProgress("")
    }

    private var line: String {
        let seconds = (clock.now() - startedAt).milliseconds / 1000
        let time = "\(seconds / 60):\(seconds % 60 < 10 ? "0" : "")\(seconds % 60)"
        let kilobytes = (recorder.account.bytes + 999) / 1000
        return "\(time)  polls \(account.polls)  calls \(account.calls.count)  \(kilobytes) kB"
    }

    private func notice(_ notice: Notice) {
        guard notice.level != .debug else { return }
        say(notice.level == .warning ? "warning: \(notice.text)" : notice.text)
    }

    /// Each sentence once: a warning that comes with every poll would hide the others.
    private func say(_ text: String) {
        guard said.count < 200, said.insert(text).inserted else { return }
        if StandardStreams.messagesAreTerminal { StandardStreams.printProgress("") }
        StandardStreams.printMessage(text.withoutControlCharacters)
    }
}
