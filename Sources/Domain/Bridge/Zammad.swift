/// One Zammad: the events that it is told, and the tickets that are made in it.
package struct Zammad: Equatable, Sendable, Encodable {
    package struct Settings: Equatable, Sendable, Codable {
        package var name = ZammadName.default
        package var maxParallel = 12
        package var maxEventAge: Duration?
        package var backoff = Backoff.delivery
        package var misconfiguredProbeInterval: Duration = .seconds(15)
        /// Failures of one event that are Zammad's fault alone before it becomes a dead letter.
        package var maxFaults = 6
        /// Whether Zammad can be asked what it has stored, so that no doubt need be left.
        package var looksUpDoubts = false
        /// In this time a request whose answer was not awaited may still arrive; only then is Zammad asked.
        package var doubtDelay: Duration = .seconds(30)
        /// Whether the call of a caller whom Zammad blocks is ended in the PBX.
        package var dropsBlockedCallers = false
        package var tickets = TicketQueue.Settings()

        package init() {}
    }

    /// What both queues may begin.
    package enum Duty: String, Sendable, Codable {
        /// Successors: `retired`, `stopping`.
        case working
        /// It is no longer configured: what is under way may still finish, and all else waits for it, or for the
        /// operator to drop it. Successors: `working`, `stopping`.
        case retired
        /// The process ends: what is under way may still finish.
        case stopping
    }

    package private(set) var events: EventQueue
    package private(set) var tickets: TicketQueue
    /// The last id that was given to an event, an attempt or a ticket. Where there are several Zammads, whoever has
    /// them hands it from one to the other: no two have one id.
    var lastID: Int {
        get { events.lastID }
        set { events.lastID = newValue }
    }

    package init(settings: Settings) {
        events = EventQueue(settings: settings)
        tickets = TicketQueue(settings: settings.tickets)
    }

    /// Goes on with what an earlier process left.
    static func resuming(
        _ saved: SavedCore, settings: Settings, duty: Duty, at now: Instant
    ) -> (zammad: Zammad, output: Output) {
        var zammad = Zammad(settings: settings)
        zammad.tickets = TicketQueue(settings: settings.tickets, resuming: saved.tickets, at: now)
        zammad.tickets.duty = duty
        var output: Output
        (zammad.events, output) = EventQueue.resuming(saved, settings: settings, duty: duty, at: now)
        output += zammad.output(zammad.tickets.timePassed(at: now, lastID: &zammad.events.lastID))
        return (zammad, output)
    }

    package var name: ZammadName { events.settings.name }
    package var health: ZammadHealth { events.health }
    package var account: EventAccount { events.account }
    package var duty: Duty { events.duty }

    /// Whether tickets are made, or some of an earlier time wait.
    package var makesTickets: Bool { tickets.settings.creation != .off || !tickets.jobs.isEmpty }

    /// Whether something waits for it, or is told of it still, so that it must be remembered.
    var isNeeded: Bool { !events.lanes.isEmpty || !events.setAside.isEmpty || !tickets.jobs.isEmpty }

    package var nextDeadline: Instant? { [events.nextDeadline, tickets.nextDeadline].compactMap(\.self).min() }

    // MARK: - Inputs

    mutating func enqueue(_ commands: [CallCommand], at now: Instant) -> Output { events.enqueue(commands, at: now) }

    /// A call is over, and its last event is on its way.
    mutating func callEnded(_ call: EndedCall, at now: Instant) -> Output {
        var call = call
        // It may have got a name since the call began.
        call.zammad = name
        let isBlocked = events.lanes[call.callID]?.isRejected == true
        if isBlocked, call.outcome != .answered { call.outcome = .blocked }
        var output = Output(news: [.callEnded(call)])
        // A caller whom Zammad blocks gets no ticket either.
        if !isBlocked { output += self.output(tickets.callEnded(call, at: now, lastID: &events.lastID)) }
        return output
    }

    mutating func timePassed(at now: Instant) -> Output {
        var output = events.timePassed(at: now)
        output += self.output(tickets.timePassed(at: now, lastID: &events.lastID))
        return output
    }

    mutating func attemptFinished(
        _ id: DeliveryAttempt.ID, _ outcome: DeliveryOutcome, jitter: Double, at now: Instant
    ) -> Output {
        events.attemptFinished(id, outcome, jitter: jitter, at: now)
    }

    mutating func ticketStepFinished(
        _ outcome: TicketOutcome, of call: CallID, jitter: Double, at now: Instant
    ) -> Output {
        let isPending = events.lanes[call] != nil
        return output(
            tickets.finished(outcome, jitter: jitter, eventsArePending: isPending, at: now, lastID: &events.lastID))
    }

    /// Tries a dead letter, an unconfirmed event or a ticket that was given up again. Unknown ids are ignored: it may
    /// have been dealt with meanwhile.
    mutating func retry(_ id: OutboxEvent.ID, at now: Instant) -> Output {
        var output = events.retry(id, at: now)
        output += self.output(tickets.retry(id, at: now, lastID: &events.lastID))
        return output
    }

    /// Gives one up for good.
    mutating func drop(_ id: OutboxEvent.ID, reason: String, at now: Instant) -> Output {
        var output = events.drop(id, reason: reason, at: now)
        output += self.output(tickets.drop(id, at: now, lastID: &events.lastID))
        return output
    }

    /// Goes on under other settings; one that was retired works again.
    mutating func change(to settings: Settings, at now: Instant) -> Output {
        if duty == .retired { setDuty(.working) }
        events.take(settings, at: now)
        let next = tickets.change(to: settings.tickets, at: now, lastID: &events.lastID)
        var output = timePassed(at: now)
        output += self.output(next)
        return output
    }

    mutating func retire() { if duty == .working { setDuty(.retired) } }

    /// No new requests from now on; those under way may still finish.
    mutating func stop() { setDuty(.stopping) }

    private mutating func setDuty(_ duty: Duty) {
        events.duty = duty
        tickets.duty = duty
    }

    /// What has changed since the last time.
    mutating func takeChanges(into change: inout CoreChange) {
        tickets.takeChanges(into: &change.tickets)
        events.takeChanges(into: &change)
    }

    private func output(_ tickets: TicketOutput) -> Output {
        Output(
            effects: tickets.attempt.map { [.ticketStep($0, in: name)] } ?? [],
            news: tickets.news.map { [.ticket($0)] } ?? [])
    }
}
