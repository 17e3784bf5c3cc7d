import Adapters
import Domain
import Ports
import Wire

/// One step in the history of a call, in words and for programs.
struct ExplainStep: Encodable {
    enum Kind: String, Encodable {
        /// What a poll showed that was new.
        case seen
        case decided
        /// A request to Zammad and its answer.
        case sent
        case delivered
        case deadLetter
        case unconfirmed
        case dropped
        /// What became of the ticket for the call.
        case ticket
    }

    /// RFC 3339 in UTC, to the millisecond.
    let at: String
    let kind: Kind
    var words = ""
    /// `decided`: states and input of a `CallTransition`, and its reason.
    var from: String?
    var input: String?
    var to: String?
    var reason: String?
    /// What Zammad is told.
    var events: [String]?
    /// The class of Zammad's answer.
    var outcome: String?
    /// `deliver`, `probe` or `replayAnswer`.
    var purpose: String?
    /// `ticket`: its id in Zammad, once it is there.
    var ticket: Int?

    init(_ entry: CallHistory.Entry, _ privacy: StatusPrivacy) {
        at = TimeText.precise(entry.at)
        switch entry.fact {
        case .seen(let call):
            kind = .seen
            words = Self.words(call, privacy)
        case .decided(let decision):
            kind = .decided
            (from, input, to) = (decision.from.rawValue, decision.input.rawValue, decision.to.rawValue)
            reason = decision.reason
            events = decision.commands.map(\.event.rawValue)
            words = "\(decision.from.rawValue) → \(decision.to.rawValue): \(decision.reason)"
            for command in decision.commands { words += "; \(Self.words(command))" }
        case .attempted(let finished):
            kind = .sent
            set(finished.attempt.command, finished.outcome)
            purpose = finished.attempt.purpose.rawValue
            let why =
                switch finished.attempt.purpose {
                case .deliver: ""
                case .probe: " to learn whether Zammad knows the call"
                case .replayAnswer: " again, since Zammad had lost the call"
                case .lookUp: " looked up in Zammad's caller log, since it may have arrived"
                }
            words = "\(finished.attempt.command.event.rawValue)\(why): \(Self.words(finished.outcome))"
        case .acted(let news):
            (kind, words) = Self.words(news)
            switch news {
            case .delivered(let event, let outcome), .postponed(let event, let outcome):
                set(event.command, outcome)
            case .deadLettered(let event, let reason), .unconfirmed(let event, let reason):
                events = [event.command.event.rawValue]
                self.reason = reason
            case .dropped(let event): events = [event.command.event.rawValue]
            case .ticket(let news):
                reason = TicketWords.reason(news)
                ticket = Self.ticket(news)
            case .decided, .sighted, .attempted, .healthChanged, .dropCall, .callEnded: break
            }
        }
    }

    private mutating func set(_ command: CallCommand, _ outcome: DeliveryOutcome) {
        events = [command.event.rawValue]
        self.outcome = outcome.name
        reason = outcome.reason
    }

    /// For people: what kind of step it is, with blanks up to the next column.
    var label: String {
        let name =
            switch kind {
            case .seen: "seen"
            case .decided: "decided"
            case .sent, .delivered, .deadLetter, .unconfirmed, .dropped, .ticket: "Zammad"
            }
        return name + String(repeating: " ", count: max(1, 9 - name.count))
    }

    private static func words(_ call: ObservedCall, _ privacy: StatusPrivacy) -> String {
        var parts = [call.direction?.rawValue ?? "direction unknown"]
        if let external = call.external {
            var party = external.number.map(privacy.shown) ?? NumberPlan.anonymous
            if privacy.showsNumbers, let name = external.name { party += " (\(name))" }
            parts.append(party)
        }
        if let trunk = call.trunk { parts.append("trunk \(trunk)") }
        if let did = call.did { parts.append("DID \(privacy.shown(did))") }
        parts += call.legs.map { leg in
            let name = leg.name.map { "\($0) (\(leg.dn))" } ?? leg.dn
            return "\(leg.role.rawValue) \(name) \(leg.state.rawValue)\(leg.isMonitored ? "" : ", not watched")"
        }
        if call.legs.isEmpty { parts.append("no extension takes part") }
        return parts.joined(separator: "; ")
    }

    private static func words(_ command: CallCommand) -> String {
        var text = "sends \(command.event.rawValue)"
        if !command.users.isEmpty { text += " for \(command.users.joined(separator: ", "))" }
        if let cause = command.cause { text += " (\(cause.rawValue))" }
        return text
    }

    private static func words(_ outcome: DeliveryOutcome) -> String {
        outcome.reason.map { "\(outcome.name): \($0)" } ?? outcome.name
    }

    private static func ticket(_ news: TicketNews) -> Int? {
        switch news {
        case .done(_, .created(let id)), .done(_, .added(let id)), .done(_, .alreadyThere(let id)): id
        case .done, .postponed, .deadLettered, .dropped: nil
        }
    }

    private static func words(_ news: News) -> (Kind, String) {
        switch news {
        case .delivered(let event, let outcome):
            let attempts = event.attempts > 1 ? " at attempt \(event.attempts)" : ""
            return (.delivered, "\(event.command.event.rawValue) \(words(outcome))\(attempts)")
        case .postponed(let event, let outcome):
            return (.sent, "\(event.command.event.rawValue) attempt \(event.attempts): \(words(outcome)); it waits")
        case .deadLettered(let event, let reason):
            return (.deadLetter, "\(event.command.event.rawValue) given up: \(reason)")
        case .unconfirmed(let event, let reason):
            return (
                .unconfirmed,
                "\(event.command.event.rawValue) may or may not have arrived, and is not sent again: \(reason)"
            )
        case .dropped(let event): return (.dropped, "\(event.command.event.rawValue) discarded by the operator")
        case .dropCall: return (.sent, "3CX is asked to end the call, since Zammad blocks the caller")
        case .ticket(let news): return (.ticket, TicketWords.sentence(news) ?? "")
        // Not kept in this way with a call.
        case .decided, .sighted, .attempted, .healthChanged, .callEnded: return (.sent, "")
        }
    }
}
