import Domain

/// What the operator may choose by its id: an event or a ticket.
enum OutboxItem {
    case event(OutboxListing.Entry)
    case ticket(TicketJob)

    var id: Int {
        switch self {
        case .event(let entry): entry.id
        case .ticket(let job): job.id
        }
    }

    var zammad: ZammadName {
        switch self {
        case .event(let entry): entry.zammad
        case .ticket(let job): job.call.zammad
        }
    }

    var isTicket: Bool { if case .ticket = self { true } else { false } }

    /// Whether the bridge goes on with it by itself.
    var isPending: Bool {
        switch self {
        case .event(let entry): entry.state == .pending
        case .ticket(let job): !job.isDead
        }
    }

    func isIn(_ states: [OutboxListing.State]) -> Bool {
        switch self {
        case .event(let entry): states.contains(entry.state)
        case .ticket(let job): states.contains(job.isDead ? .deadLetter : .pending)
        }
    }

    /// `2 events and 1 ticket`
    static func count(_ items: [OutboxItem]) -> String {
        let tickets = items.count { $0.isTicket }
        let events = items.count - tickets
        var parts: [String] = []
        if events > 0 || tickets == 0 { parts.append("\(events) \(events == 1 ? "event" : "events")") }
        if tickets > 0 { parts.append("\(tickets) \(tickets == 1 ? "ticket" : "tickets")") }
        return parts.joined(separator: " and ")
    }
}

extension OutboxListing {
    var items: [OutboxItem] { entries.map(OutboxItem.event) + tickets.map(OutboxItem.ticket) }
}
