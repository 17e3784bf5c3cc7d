/// What the operator may do with events that left their lanes, and with tickets.
extension Outbox {
    /// Sends a dead letter or an unconfirmed event again, in its place among the events of its call; tries a ticket that was given up
    /// again. Unknown ids are ignored:
    /// the event may have been dealt with meanwhile.
    package mutating func retry(_ id: OutboxEvent.ID, at now: Instant) -> [OutboxAction] {
        guard let settled = unsettle(id) else {
            return desk.retry(id, at: now, lastID: &lastID).map(OutboxAction.ticket)
        }
        var event = settled.event
        event.refusals = 0
        event.faults = 0
        event.restorations = 0
        event.attempts = 0
        account.pending += 1
        reinstate(event, settled)
        return pump(at: now)
    }

    /// Gives up a dead letter, an unconfirmed event or a ticket for good; also an event that waits for a Zammad which is no longer
    /// configured.
    package mutating func drop(_ id: OutboxEvent.ID, reason: String, at now: Instant) -> [OutboxAction] {
        if isRetired, let event = takePending(id) {
            account.pending -= 1
            account.dropped[reason, default: 0] += 1
            return [.dropped(event)]
        }
        guard let settled = unsettle(id) else {
            return desk.drop(id, at: now, lastID: &lastID).map(OutboxAction.ticket)
        }
        account.dropped[reason, default: 0] += 1
        return [.dropped(settled.event)]
    }

    private mutating func unsettle(_ id: OutboxEvent.ID) -> SettledEvent? {
        guard let settled = takeSettled(id) else { return nil }
        switch settled.outcome {
        case .deadLetter: account.deadLetters -= 1
        case .unconfirmed: account.unconfirmed -= 1
        }
        return settled
    }
}

extension SettledEvent {
    init(_ event: OutboxEvent, _ lane: OutboxLane, _ outcome: Outcome, _ reason: String, at now: Instant) {
        self.init(
            event: event, outcome: outcome, reason: reason, at: now, opening: lane.opening,
            deliveredAnswer: lane.deliveredAnswer, isRejected: lane.isRejected ? true : nil)
    }
}
