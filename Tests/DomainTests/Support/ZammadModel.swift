@testable import Domain

/// The caller log of a Zammad, as far as the outbox can tell: what `Cti::Log.process` does to a row, and what comes of
/// it.
struct ZammadModel {
    struct Row: Equatable {
        enum State: String {
            case newCall, answer, hangup
        }

        var state: State
        var isDone: Bool
        var toComment: String
    }

    private(set) var rows: [CallID: Row] = [:]
    let blockedNumber = "blocked"

    mutating func forget(_ callID: CallID) {
        rows[callID] = nil
    }

    mutating func take(_ command: CallCommand) -> DeliveryOutcome {
        guard var row = rows[command.callID] else { return unknown(command) }
        switch command.event {
        case .newCall:
            return .alreadyKnown
        case .answer:
            guard row.state != .hangup else { break }
            row.state = .answer
            row.isDone = true
            row.toComment = command.users.first ?? row.toComment
        case .hangup:
            let isMissed = row.state == .newCall && command.cause != .forwarded
            row.isDone = !(command.direction == .inbound && (isMissed || row.toComment == "voicemail"))
            row.state = .hangup
        }
        rows[command.callID] = row
        return .delivered(.plain)
    }

    private mutating func unknown(_ command: CallCommand) -> DeliveryOutcome {
        guard command.event == .newCall else {
            return .unknownCall("HTTP 500: Error ID 12345678: Please contact your administrator.")
        }
        rows[command.callID] = Row(
            state: .newCall, isDone: command.direction == .outbound, toComment: command.users.joined(separator: ", "))
        return .delivered(command.from == blockedNumber ? .reject(reason: "busy") : .plain)
    }
}
