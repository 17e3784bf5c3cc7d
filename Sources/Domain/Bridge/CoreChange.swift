/// What one step has changed in the core: what a journal must keep before anything is done about it.
package struct CoreChange: Equatable, Sendable, Encodable {
    /// Reported calls; `nil` for one that is over. Calls that are not reported are not kept: the next poll shows them
    /// again.
    package var calls: [CallKey: CallState?] = [:]
    package var lanes: [CallID: EventLane?] = [:]
    /// Dead letters and unconfirmed events; `nil` for one that is no longer either.
    package var setAside: [OutboxEvent.ID: SetAsideEvent?] = [:]
    /// Of Zammads whose events have changed; `nil` for one that another has taken over.
    package var accounts: [ZammadName: EventAccount?] = [:]
    /// Tickets that wait or were given up; `nil` for one that is neither any more.
    package var tickets: [TicketJob.ID: TicketJob?] = [:]
    package var lastID = 0

    package init() {}

    /// Adds what a later step has changed.
    package mutating func merge(_ later: CoreChange) {
        calls.merge(later.calls) { _, later in later }
        lanes.merge(later.lanes) { _, later in later }
        setAside.merge(later.setAside) { _, later in later }
        accounts.merge(later.accounts) { _, later in later }
        tickets.merge(later.tickets) { _, later in later }
        lastID = max(lastID, later.lastID)
    }

    /// Whether there is nothing to keep. Ids change only together with something else.
    package var isEmpty: Bool {
        calls.isEmpty && lanes.isEmpty && setAside.isEmpty && accounts.isEmpty && tickets.isEmpty
    }
}

/// The core's state as it outlives the process.
package struct SavedCore: Equatable, Sendable {
    package var calls: [CallKey: CallState] = [:]
    package var lanes: [CallID: EventLane] = [:]
    package var setAside: [OutboxEvent.ID: SetAsideEvent] = [:]
    package var accounts: [ZammadName: EventAccount] = [:]
    package var tickets: [TicketJob.ID: TicketJob] = [:]
    package var lastID = 0

    package init() {}

    /// Over all Zammads.
    package var account: EventAccount { accounts.values.reduce(EventAccount(), +) }

    package mutating func apply(_ change: CoreChange) {
        for (id, state) in change.calls { calls[id] = state }
        for (id, lane) in change.lanes { lanes[id] = lane }
        for (id, event) in change.setAside { setAside[id] = event }
        for (zammad, account) in change.accounts { accounts[zammad] = account }
        for (id, job) in change.tickets { tickets[id] = job }
        lastID = max(lastID, change.lastID)
    }

    /// What belongs to one Zammad each: `owner` tells whose an event is that is for a Zammad of that name.
    func parts(_ owner: (ZammadName) -> ZammadName) -> [ZammadName: SavedCore] {
        var parts: [ZammadName: SavedCore] = [:]
        for (zammad, account) in accounts {
            let name = owner(zammad)
            let sum = (parts[name]?.accounts[name] ?? EventAccount()) + account
            parts[name, default: SavedCore()].accounts[name] = sum
        }
        for (id, lane) in lanes { parts[owner(lane.opening.zammad), default: SavedCore()].lanes[id] = lane }
        for (id, event) in setAside {
            parts[owner(event.event.command.zammad), default: SavedCore()].setAside[id] = event
        }
        for (id, job) in tickets { parts[owner(job.call.zammad), default: SavedCore()].tickets[id] = job }
        return parts
    }
}
