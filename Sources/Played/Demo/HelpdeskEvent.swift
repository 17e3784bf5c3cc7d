package import Domain
import Wire

/// Something that the people at a helpdesk see in Zammad.
package struct HelpdeskEvent: Equatable, Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        /// A customer calls, and the agents see who.
        case popUp
        /// An agent calls a customer.
        case dialling
        /// An agent answers and has the customer, or a new ticket for the number, before her.
        case opened
        case answered
        case voicemail
        case ended
        /// A call that nobody answered, or a message on the voicemail: it stays until somebody has called back.
        case toDo
        /// A call that nobody answered and of which no to-do is kept, or that the customer did not answer.
        case notAnswered
        /// Zammad or 3CX is made to fail, or works again.
        case outage
    }

    package var at: Instant
    package var kind: Kind
    /// One sentence.
    package var words: String
    /// The id in Zammad.
    package var call: String?
    /// The number outside.
    package var number: String?
    /// Known to Zammad under this name.
    package var customer: String?
    /// Who rings, answers or talked.
    package var agents: [String] = []

    package init(at: Instant, outage words: String) {
        self.at = at
        kind = .outage
        self.words = words
    }

    /// What a request changed; `nil` if it changed nothing that anybody sees.
    init?(_ row: ZammadRow, before: ZammadRow?, agents: [Int64: String], at now: Instant) {
        guard row != before, row.events.last?.effect == .applied else { return nil }
        let isInbound = row.direction == "in"
        number = isInbound ? row.from : row.to
        customer = row.customer
        call = row.callID
        at = now
        let inside = (isInbound ? row.toComment ?? row.to : row.fromComment ?? row.from)
        self.agents = [inside]
        let party = customer.map { "\($0) (\(isInbound ? row.from : row.to))" } ?? (isInbound ? row.from : row.to)
        switch row.state {
        case .newCall where isInbound:
            kind = .popUp
            words =
                row.answeringNumber == nil && !inside.contains(",")
                ? "\(party) waits for \(inside)" : "\(party) calls, and rings at \(inside)"
        case .newCall:
            kind = .dialling
            words = "\(inside) calls \(party)"
        case .answer where !isInbound:
            kind = .answered
            words = "\(party) answers \(inside)"
        case .answer where inside == ZammadRow.voicemail:
            kind = .voicemail
            words = "\(party) leaves a message"
        case .answer:
            kind = .opened
            let agent = row.openedFor.last.flatMap { agents[$0] } ?? inside
            self.agents = [agent]
            let verb = before?.state == .answer ? "\(agent) takes over" : "\(agent) answers"
            words = "\(verb): \(customer.map { "\($0) opens" } ?? "a new ticket for \(row.from) opens")"
        case .hangup:
            (kind, words) = Self.end(row, party, inside)
        }
    }

    private static func end(_ row: ZammadRow, _ party: String, _ inside: String) -> (Kind, String) {
        if row.isMissed {
            let isMessage = row.toComment == ZammadRow.voicemail
            return (.toDo, isMessage ? "\(party) left a message" : "\(party) was not answered by \(inside)")
        }
        guard let start = row.startAt, let end = row.endAt else {
            return (.notAnswered, row.direction == "in" ? "\(party) gave up" : "\(party) did not answer \(inside)")
        }
        return (.ended, "\(inside) and \(party) talked for \(DurationWords.clock(milliseconds: end - start))")
    }
}

extension ZammadRow {
    static let voicemail = "voicemail"

    /// The customer's name, where Zammad knows it.
    package var customer: String? { direction == "in" ? fromComment : toComment }
}

extension HelpdeskEvent: Encodable {
    private enum CodingKeys: String, CodingKey {
        case at, kind, words, call, number, customer, agents
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(TimeText.precise(at), forKey: .at)
        try container.encode(kind.rawValue, forKey: .kind)
        try container.encode(words, forKey: .words)
        try container.encodeIfPresent(call, forKey: .call)
        try container.encodeIfPresent(number, forKey: .number)
        try container.encodeIfPresent(customer, forKey: .customer)
        if !agents.isEmpty { try container.encode(agents, forKey: .agents) }
    }
}
