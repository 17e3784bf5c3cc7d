import Adapters
import Domain
import Ports
import Wire

/// The histories of calls for people, and as JSON with the schema of docs/status.md.
struct ExplainReport {
    let calls: [CallHistory]
    let more: Int
    let privacy: StatusPrivacy

    func text() -> String {
        var isZoneNamed = false
        var blocks = calls.map { block($0, &isZoneNamed) }
        if more > 0 { blocks.append("… and \(more) earlier \(more == 1 ? "call" : "calls"); --limit shows more") }
        return blocks.joined(separator: "\n\n")
    }

    private func block(_ call: CallHistory, _ isZoneNamed: inout Bool) -> String {
        var lines = [title(call)]
        var day = ""
        for entry in call.entries {
            let date = LocalTime.day(entry.at)
            if date != day { lines.append("  \(date)" + (isZoneNamed ? "" : " (\(LocalTime.zone(entry.at)))")) }
            (day, isZoneNamed) = (date, true)
            let step = ExplainStep(entry, privacy)
            let words = step.words.withoutControlCharacters
            lines.append("  \(LocalTime.precise(entry.at))  \(step.label)\(words)")
        }
        for event in call.open {
            let reason = event.reason.map { ": \($0)" } ?? ""
            lines.append("  now: \(event.command.event.rawValue) is \(Self.words(event.state))\(reason)")
        }
        for job in call.openTickets {
            let reason = job.lastFailure.map { ": \($0)" } ?? ""
            let state = job.isDead ? "given up" : "pending"
            lines.append("  now: the ticket is \(state)\(reason)".withoutControlCharacters)
        }
        return lines.joined(separator: "\n")
    }

    private func title(_ call: CallHistory) -> String {
        let decision = call.tellingDecision
        var parts = call.callIDs.map(\.text)
        if parts.isEmpty { parts = ["not reported"] }
        if let direction = decision?.direction { parts.append(direction.rawValue) }
        if let number = decision?.externalNumber { parts.append(privacy.shown(number)) }
        if let id = call.pbxCallID {
            parts.append("3CX call \(id)" + (decision?.phoneSystem.shown.map { " of \($0)" } ?? ""))
        }
        if let zammad = call.zammad { parts.append("Zammad \(zammad)") }
        return parts.joined(separator: "  ").withoutControlCharacters
    }

    private static func words(_ state: OutboxListing.State) -> String {
        switch state {
        case .pending: "pending"
        case .deadLetter: "given up"
        case .unconfirmed: "unconfirmed"
        }
    }

    // MARK: - JSON

    func json() throws -> String { try document.printedJSON() }

    private struct Document: Encodable {
        struct Call: Encodable {
            var pbxCall: String?
            /// Only where they have names.
            var phoneSystem: String?
            var zammad: String?
            var calls: [String]
            var isReported: Bool
            var direction: String?
            var number: String?
            var steps: [ExplainStep]
            var open: [Open]
            var tickets: [Ticket]
        }

        /// One that is not made yet, or was given up.
        struct Ticket: Encodable {
            var id: Int
            var state: String
            var requests: Int
            var reason: String?
        }

        struct Open: Encodable {
            var id: Int
            var event: String
            var state: String
            var attempts: Int
            var reason: String?
        }

        var calls: [Call]
        var more: Int
    }

    private var document: Document {
        Document(
            calls: calls.map { call in
                let decision = call.tellingDecision
                return Document.Call(
                    pbxCall: call.pbxCallID?.text, phoneSystem: decision?.phoneSystem.shown,
                    zammad: call.zammad,
                    calls: call.callIDs.map(\.text), isReported: !call.callIDs.isEmpty,
                    direction: decision?.direction?.rawValue, number: decision?.externalNumber.map(privacy.shown),
                    steps: call.entries.map { ExplainStep($0, privacy) },
                    open: call.open.map {
                        Document.Open(
                            id: $0.id, event: $0.command.event.rawValue, state: $0.state.rawValue,
                            attempts: $0.attempts, reason: $0.reason)
                    },
                    tickets: call.openTickets.map {
                        Document.Ticket(
                            id: $0.id, state: TicketWords.state($0), requests: $0.attempts, reason: $0.lastFailure)
                    })
            }, more: more)
    }
}

extension CallHistory {
    /// The decision that knows most of the call.
    fileprivate var tellingDecision: CallDecision? { decisions.last { $0.externalNumber != nil } ?? decisions.last }

    fileprivate var zammad: String? { decisions.lazy.flatMap(\.commands).compactMap(\.zammad.shown).first }
}
