import Adapters
import Wire

/// What was recorded, for people and for programs.
struct RecordingSummary {
    private let recorded: RecordedFixture
    private let path: String
    private let end: RecordingSession.End
    private let account: RecordingProgress.Account
    private let calls: [ReplayedCall]

    init(
        _ recorded: RecordedFixture, path: String, end: RecordingSession.End, account: RecordingProgress.Account
    ) {
        self.recorded = recorded
        self.path = path
        self.end = end
        self.account = account
        calls = ReplayedCall.calls(of: recorded.result.requests)
    }

    private var seconds: Double { recorded.fixture.steps.last?.at ?? 0 }

    var text: String {
        let size = (recorded.text.utf8.count + 999) / 1000
        var lines = [
            "\(recorded.problem == nil ? "✓" : "✗") \(path): \(Seconds.text(Int64(seconds * 1000))) s from "
                + "\(recorded.fixture.source.rawValue), \(account.polls) polls, \(recorded.fixture.steps.count) steps, "
                + "\(size) kB"
        ]
        if let problem = recorded.problem {
            lines.append("! the recording cannot be relied on: \(problem); report this, with the file, as a fault")
        }
        if account.failedPolls > 0 { lines.append("  \(account.failedPolls) polls failed") }
        if case .full = end { lines.append("! the limit was reached; --limit allows more") }
        if recorded.stepsLeftOut > 0 {
            lines.append("! the last \(recorded.stepsLeftOut) steps did not fit into the limit and are left out")
        }
        lines.append(
            calls.isEmpty
                ? "  no call that would be reported to Zammad"
                : "  with pseudonyms, these would be reported to Zammad:")
        lines += calls.map { "  \($0.sentence)" }
        let ignored = account.calls.count - Set(calls.map(\.pbxCallID)).count
        if ignored > 0 { lines.append("  \(ignored) more calls would not be reported; the replay says why") }
        lines.append("  replay it: zammadbridge simulate \(path)")
        return lines.joined(separator: "\n")
    }

    func json() throws -> String {
        let document = Document(
            file: path, source: recorded.fixture.source.rawValue, seconds: seconds, polls: account.polls,
            failedPolls: account.failedPolls, steps: recorded.fixture.steps.count, stepsLeftOut: recorded.stepsLeftOut,
            bytes: recorded.text.utf8.count, callsSeen: account.calls.count, problem: recorded.problem, calls: calls)
        return try document.printedJSON()
    }

    private struct Document: Encodable {
        var file: String
        var source: String
        var seconds: Double
        var polls: Int
        var failedPolls: Int
        var steps: Int
        var stepsLeftOut: Int
        var bytes: Int
        var callsSeen: Int
        var problem: String?
        var calls: [ReplayedCall]

        private enum CodingKeys: String, CodingKey {
            case file, source, seconds, steps, bytes, calls, problem
            case polls = "looks"
            case failedPolls = "failed_looks"
            case stepsLeftOut = "steps_left_out"
            case callsSeen = "calls_seen"
        }
    }
}
