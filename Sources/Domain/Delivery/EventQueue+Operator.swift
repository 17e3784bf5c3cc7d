/// What the operator may do with events that left their lanes.
extension EventQueue {
    /// Sends a dead letter or an unconfirmed event again, in its place among the events of its call. Unknown ids are
    /// ignored: the event may have been dealt with meanwhile.
    package mutating func retry(_ id: OutboxEvent.ID, at now: Instant) -> Output {
        guard let setAside = takeBack(id) else { return Output() }
        var event = setAside.event
        event.refusals = 0
        event.faults = 0
        event.restorations = 0
        event.attempts = 0
        account.pending += 1
        reinstate(event, setAside)
        return pump(at: now)
    }

    /// Gives up a dead letter or an unconfirmed event for good; also an event that waits for a Zammad which is no
    /// longer configured.
    package mutating func drop(_ id: OutboxEvent.ID, reason: String, at now: Instant) -> Output {
        if duty == .retired, let event = takePending(id) {
            account.pending -= 1
            account.dropped[reason, default: 0] += 1
            return Output(news: [.dropped(event)])
        }
        guard let setAside = takeBack(id) else { return Output() }
        account.dropped[reason, default: 0] += 1
        return Output(news: [.dropped(setAside.event)])
    }

    private mutating func takeBack(_ id: OutboxEvent.ID) -> SetAsideEvent? {
        guard let setAside = takeSetAside(id) else { return nil }
        switch setAside.outcome {
        case .deadLetter: account.deadLetters -= 1
        case .unconfirmed: account.unconfirmed -= 1
        }
        return setAside
    }
}

extension SetAsideEvent {
    init(_ event: OutboxEvent, _ lane: EventLane, _ outcome: Outcome, _ reason: String, at now: Instant) {
        self.init(
            event: event, outcome: outcome, reason: reason, at: now, opening: lane.opening,
            deliveredAnswer: lane.answer.command, isRejected: lane.isRejected)
    }

    /// The lane of its call made anew. It had gone since the call is over, and goes again when this event is delivered.
    var lane: EventLane {
        var lane = EventLane(opening: opening)
        lane.answer = deliveredAnswer.map(EventLane.StoredAnswer.told) ?? .untold
        lane.isRejected = isRejected
        lane.isOver = true
        return lane
    }
}
