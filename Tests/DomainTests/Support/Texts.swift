@testable import Domain

// One line for each value, with all that it holds, so that a story can assert whole states and still be read.

extension Instant {
    var text: String {
        milliseconds % 1000 == 0 ? "\(milliseconds / 1000)s" : "\(milliseconds)ms"
    }
}

extension CallCommand {
    /// `event id @time direction from>to [users] a=answeringNumber u=userID q=queue c=cause`; what is `nil` is left
    /// out.
    var text: String {
        var text = "\(event.rawValue) \(callID) @\(at.text) \(direction.rawValue) \(from)>\(to)"
        if !users.isEmpty { text += " [\(users.joined(separator: ","))]" }
        if let answeringNumber { text += " a=\(answeringNumber)" }
        if let userID { text += " u=\(userID)" }
        if let queue { text += " q=\(queue)" }
        if let cause { text += " c=\(cause.rawValue)" }
        return text
    }
}

extension Station {
    var text: String { name.map { "\(dn)/\($0)" } ?? dn }
}

extension CallPhase {
    var text: String {
        switch self {
        case .ringing: "ringing"
        case .answered(let agent): "answered(\(agent.text))"
        case .voicemail: "voicemail"
        }
    }
}

extension ReportedCall {
    var text: String {
        "\(callID) since \(firstSeen.text) \(direction.rawValue) \(externalNumber ?? "nil")"
            + " at \(announced.text)" + (queue.map { " queue \($0.text)" } ?? "") + (hasMoved == nil ? "" : " moved")
            + (isNumberDialled == nil ? "" : " dialled")
    }
}

extension CallState {
    var text: String {
        switch self {
        case .ignored(let reason, _): "ignored(\(reason.rawValue))"
        case .joining: "ignored(joining)"
        case .dialled(let call, let until): "dialled(\(until.text)) \(call.external?.number ?? "nil")"
        case .live(let reported, let phase): "\(phase.text) \(reported.text)"
        case .ending(let reported, let phase, let since, let until):
            "ending(\(since.text)-\(until.text)) \(phase.text) \(reported.text)"
        }
    }
}

extension CallDecision {
    var row: String { "\(from.rawValue).\(input.rawValue)" }

    /// The row, the next state and the commands.
    var lines: [String] {
        ["\(row) -> \(to.rawValue)"] + commands.map { "  \($0.text)" }
    }
}
