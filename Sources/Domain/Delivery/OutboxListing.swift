/// Every event that Zammad does not have for certain, the account over all, and the tickets that are not made.
package struct OutboxListing: Equatable, Sendable {
    package enum State: String, CaseIterable, Sendable {
        /// It will be sent, or is being sent.
        case pending
        case deadLetter
        case unconfirmed
    }

    package struct Entry: Equatable, Sendable {
        package var id: OutboxEvent.ID
        package var state: State
        package var command: CallCommand
        /// When it happened, or when it became what it is.
        package var since: Instant
        package var attempts: Int
        package var reason: String?
        package var zammad: ZammadName { command.zammad }
    }

    /// By id.
    package var entries: [Entry]
    package var account: EventAccount
    /// By id.
    package var tickets: [TicketJob]

    /// `lastFailures`: why the first event of a call was not delivered so far.
    package init(_ saved: SavedCore, lastFailures: [OutboxEvent.ID: String] = [:]) {
        account = saved.account
        tickets = saved.tickets.values.sorted { $0.id < $1.id }
        entries = saved.setAside.values.map { setAside in
            Entry(
                id: setAside.event.id,
                state: setAside.outcome == .deadLetter ? .deadLetter : .unconfirmed,
                command: setAside.event.command,
                since: setAside.at,
                attempts: setAside.event.attempts,
                reason: setAside.reason
            )
        }
        for lane in saved.lanes.values {
            for (position, event) in lane.events.enumerated() {
                entries.append(
                    Entry(
                        id: event.id, state: .pending, command: event.command, since: event.command.at,
                        attempts: event.attempts,
                        reason: position > 0
                            ? "an earlier event of this call comes first"
                            : lane.doubt.map { "may have arrived (\($0)): Zammad is asked whether it has it" }
                                ?? lastFailures[event.id]))
            }
        }
        entries.sort { $0.id < $1.id }
    }

    /// Of a machine at work: the events of the calls of which the oldest `mostPending` events wait, and all that left
    /// their lanes. The account is that of all.
    package init(_ queue: EventQueue, mostPending: Int, lastFailures: [OutboxEvent.ID: String] = [:]) {
        var now = SavedCore()
        for callID in queue.callsThatWaitLongest(mostPending) { now.lanes[callID] = queue.lanes[callID] }
        now.setAside = queue.setAside
        now.accounts = [queue.settings.name: queue.account]
        self.init(now, lastFailures: lastFailures)
    }
}
