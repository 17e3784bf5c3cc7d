import Domain

/// The table as docs/call-lifecycle.md shows it.
extension CallTransition {
    /// A state diagram in Mermaid's notation, below it every row, and why a call can be of no interest.
    package static var markdown: String {
        ([diagram, ""] + table + [""] + reasons).joined(separator: "\n")
    }

    /// The diagram alone, as docs/architecture.md shows it.
    package static var diagram: String {
        (["```mermaid", "stateDiagram-v2", "    [*] --> unknown"] + arrows + ["    ended --> [*]", "```"])
            .joined(separator: "\n")
    }

    private static var reasons: [String] {
        ["| not of interest | why |", "|---|---|"]
            + IgnoredReason.allCases.map { "| `\($0.rawValue)` | \($0.explanation) |" }
    }

    private static var arrows: [String] {
        all.compactMap { row in
            let commands = row.commands.map(\.label).joined(separator: ", ")
            let label = row.input.label + (commands.isEmpty ? "" : " / \(commands)")
            switch row.next {
            case .state(let next):
                if next == row.from, row.commands.isEmpty { return nil }
                return "    \(row.from.rawValue) --> \(next.rawValue): \(label)"
            case .asNewCall: return row.from == .ignored ? nil : "    \(row.from.rawValue) --> unknown: \(label)"
            case .previous, .takesOver: return nil
            }
        }
    }

    private static var table: [String] {
        ["| state | input | next | commands | reason |", "|---|---|---|---|---|"]
            + all.map { row in
                let commands = row.commands.isEmpty ? "–" : row.commands.map(\.label).joined(separator: ", ")
                let reason = row.reason + (row.outgoingReason.map { "; outgoing: \($0)" } ?? "")
                return "| \(row.from.rawValue) | \(row.input.label) | \(row.next.label) | \(commands) | \(reason) |"
            }
    }
}

extension CallTransition.Next {
    fileprivate var label: String {
        switch self {
        case .state(let state): state.rawValue
        case .previous: "the state before; the snapshot is then applied to it"
        case .takesOver: "the state of that call; the snapshot is then applied to it"
        case .asNewCall: "ended; the snapshot counts as a new call"
        }
    }
}

extension CallTransition.Input {
    fileprivate var label: String {
        switch self {
        case .irrelevant: "not of interest"
        case .routed: "no line yet"
        case .ringing: "no agent connected"
        case .agentConnected: "agent connected"
        case .otherAgentConnected: "another agent connected"
        case .voicemailConnected: "voicemail connected"
        case .anotherCall: "another call under the id"
        case .turnedInternal: "no external party"
        case .vanished: "vanished"
        case .graceElapsed: "grace over"
        case .confirmedGone: "gone for certain"
        case .joining: "shows the party of an answered call"
        case .joined: "shows the party of an answered call that has gone"
        case .movedOn: "its party is shown under another id"
        }
    }
}

extension CallTransition.Command {
    fileprivate var label: String {
        switch self {
        case .newCall: "newCall"
        case .answer: "answer"
        case .answerByVoicemail: "answer (voicemail)"
        case .hangup: "hangup"
        case .answerIfFollowing: "answer (transfers follow)"
        case .splitIfSplitting: "hangup, newCall, answer (transfers split)"
        }
    }
}
