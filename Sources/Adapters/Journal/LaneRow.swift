import Domain

/// How a lane stands in the table `lanes`.
///
/// The names of properties and cases are the file's format: they stay whatever Domain calls these things, and one that
/// is added is optional. Versions before had the events in two stacks.
struct LaneRow: Codable {
    struct Events: Codable {
        /// The next ones, in reverse order.
        var front: [OutboxEvent]
        var back: [OutboxEvent]
    }

    enum Status: Codable {
        case idle
        case ready
        case inFlight(DeliveryAttempt)
        case waiting(until: Instant)
    }

    var opening: CallCommand
    var events: Events
    var status: Status
    var failures: Int
    var mustProbe: Bool
    var doubt: String?
    var deliveredAnswer: CallCommand?
    var owesAnswer: Bool
    var isRejected: Bool
    var deadReason: String?
    var isOver: Bool

    init(_ lane: EventLane) {
        opening = lane.opening
        events = Events(front: [], back: lane.events)
        status =
            switch lane.status {
            case .free: lane.events.isEmpty ? .idle : .ready
            case .inFlight(let attempt): .inFlight(attempt)
            case .waiting(let until): .waiting(until: until)
            }
        failures = lane.failures
        (mustProbe, doubt) =
            switch lane.step {
            case .deliver: (false, nil)
            case .probe: (true, nil)
            case .lookUp(let doubt): (false, doubt)
            }
        deliveredAnswer = lane.answer.command
        owesAnswer = if case .owed = lane.answer { true } else { false }
        isRejected = lane.isRejected
        deadReason = lane.isDead ? EventLane.deadReason : nil
        isOver = lane.isOver
    }

    var lane: EventLane {
        var lane = EventLane(opening: opening)
        lane.events = events.front.reversed() + events.back
        // Versions before let an event that the operator sent again come before the hangup in doubt.
        if doubt != nil, let index = lane.events.firstIndex(where: { $0.command.event == .hangup }) {
            let hangup = lane.events.remove(at: index)
            lane.events.insert(hangup, at: 0)
        }
        lane.status =
            switch status {
            case .idle, .ready: .free
            case .inFlight(let attempt): .inFlight(attempt)
            case .waiting(let until): .waiting(until: until)
            }
        lane.failures = failures
        lane.step = doubt.map(EventLane.Step.lookUp) ?? (mustProbe ? .probe : .deliver)
        if let deliveredAnswer { lane.answer = owesAnswer ? .owed(deliveredAnswer) : .told(deliveredAnswer) }
        lane.isRejected = isRejected
        lane.isDead = deadReason != nil
        lane.isOver = isOver
        return lane
    }
}

/// How a dead letter or an unconfirmed event stands in the table `settled`.
struct SettledRow: Codable {
    enum Outcome: String, Codable {
        case deadLetter
        case unconfirmed
    }

    var event: OutboxEvent
    var outcome: Outcome
    var reason: String
    var at: Instant
    var opening: CallCommand
    var deliveredAnswer: CallCommand?
    /// `nil` for no.
    var isRejected: Bool?

    init(_ setAside: SetAsideEvent) {
        event = setAside.event
        outcome =
            switch setAside.outcome {
            case .deadLetter: .deadLetter
            case .unconfirmed: .unconfirmed
            }
        reason = setAside.reason
        at = setAside.at
        opening = setAside.opening
        deliveredAnswer = setAside.deliveredAnswer
        isRejected = setAside.isRejected ? true : nil
    }

    var setAside: SetAsideEvent {
        let outcome: SetAsideEvent.Outcome =
            switch outcome {
            case .deadLetter: .deadLetter
            case .unconfirmed: .unconfirmed
            }
        return SetAsideEvent(
            event: event, outcome: outcome, reason: reason, at: at, opening: opening,
            deliveredAnswer: deliveredAnswer, isRejected: isRejected ?? false)
    }
}
