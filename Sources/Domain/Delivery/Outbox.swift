/// The delivery machine: one FIFO lane per call, lanes in parallel up to a limit, every outcome handled so that nothing is
/// lost and duplicates do no harm.
///
/// ```
///           enqueued                    attempt            delivered, already known
///   idle ─────────────▶ ready ─────────────────▶ inFlight ───────────────────────────▶ next event, or idle
///                         ▲                        │  │ retry, ambiguous, refused once
///                         │      time passed       │  └──────────▶ waiting
///                         └────────────────────────┼──────────────────┘
///                                                  └─▶ dead letter · unconfirmed
/// ```
///
/// What the picture does not say: while Zammad is down or misconfigured, ready lanes wait, and one of them probes. An answer or
/// hangup that fails with Zammad's "Error ID" is followed by a `newCall` of the same id: if Zammad takes it, it had lost the call,
/// and what it had been told is told again before the event. A hangup that may have arrived and must not be sent twice is
/// looked up in Zammad's caller log where that can be read, after `doubtDelay`: stored is delivered, not stored is sent again.
package struct Outbox: Equatable, Sendable, Codable {
    package struct Settings: Equatable, Sendable, Codable {
        /// The Zammad's name; empty for the only one.
        package var name = ""
        package var maxParallel = 8
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
        package var tickets = TicketDesk.Settings()

        package init() {}
    }

    package internal(set) var settings: Settings
    package internal(set) var health: ZammadHealth = .up
    package internal(set) var account = OutboxAccount()
    /// Tickets for the calls of which this Zammad is told.
    package internal(set) var desk: TicketDesk
    private var book = Ledger<CallID, OutboxLane>()
    private var settledBook = Ledger<OutboxEvent.ID, SettledEvent>()
    private var ready = FIFOQueue<CallID>()
    private var waiting: Set<CallID> = []
    private var inFlight: [DeliveryAttempt.ID: CallID] = [:]
    /// Where there are several outboxes, whoever has them hands it from one to the other: no two events have one id.
    var lastID = 0
    private var isStopping = false
    /// Whether its Zammad is no longer configured: its events wait, for that or for the operator to drop them.
    package internal(set) var isRetired = false

    package init(settings: Settings) {
        self.settings = settings
        desk = TicketDesk(settings: settings.tickets)
    }

    var lanes: [CallID: OutboxLane] { book.values }

    /// Whether it knows of calls that go on, or have events or tickets that wait.
    var hasLanes: Bool { !book.values.isEmpty || !desk.jobs.isEmpty }

    /// Dead letters and unconfirmed events.
    package var settled: [OutboxEvent.ID: SettledEvent] { settledBook.values }

    /// When the machine wants to hear `timePassed`.
    package var nextDeadline: Instant? { [nextDelivery, desk.nextDeadline].compactMap(\.self).min() }

    private var nextDelivery: Instant? {
        guard !isStopping, !isRetired else { return nil }
        guard let nextProbe = health.nextProbe else { return endOfFirstWait }
        // While an attempt is under way, its end decides; with no lane that could probe, the first one that can.
        guard inFlight.isEmpty else { return nil }
        return ready.isEmpty ? endOfFirstWait.map { max($0, nextProbe) } : nextProbe
    }

    private var endOfFirstWait: Instant? {
        waiting.lazy.compactMap { id in
            if case .waiting(let until)? = book[id]?.status { until } else { nil }
        }.min()
    }

    package var attemptsUnderWay: Int { inFlight.count }

    func hasUnderWay(_ attempt: DeliveryAttempt.ID) -> Bool { inFlight[attempt] != nil }

    /// Whether nothing waits to be delivered.
    package var isIdle: Bool { account.pending == 0 }

    // MARK: - Inputs

    package mutating func enqueue(_ commands: [CallCommand], at now: Instant) -> [OutboxAction] {
        for command in commands {
            lastID += 1
            account.taken += 1
            account.pending += 1
            var lane = book[command.callID] ?? OutboxLane(opening: command)
            lane.events.append(OutboxEvent(id: lastID, command: command))
            if command.event == .hangup { lane.isOver = true }
            if lane.status == .idle {
                lane.status = .ready
                ready.append(command.callID)
            }
            book[command.callID] = lane
        }
        return pump(at: now)
    }

    package mutating func timePassed(at now: Instant) -> [OutboxAction] {
        for id in waiting.sorted() {
            guard case .waiting(let until)? = book[id]?.status, until <= now else { continue }
            waiting.remove(id)
            book[id]?.status = .ready
            ready.append(id)
        }
        return pump(at: now) + desk.timePassed(at: now, lastID: &lastID).map(OutboxAction.ticket)
    }

    /// `jitter`: a random number in 0 ..< 1 for the waiting time, should there be one.
    package mutating func attemptFinished(
        _ attemptID: DeliveryAttempt.ID, _ outcome: DeliveryOutcome, jitter: Double, at now: Instant
    ) -> [OutboxAction] {
        guard let callID = inFlight.removeValue(forKey: attemptID), var lane = book[callID],
            case .inFlight(let attempt) = lane.status, attempt.id == attemptID, var event = lane.events.first
        else { return [] }
        lane.status = .idle
        event.attempts += 1
        var actions: [OutboxAction] = []
        if attempt.purpose != .lookUp || outcome.concernsAll {
            actions = updateHealth(outcome, jitter: jitter, at: now)
        }
        switch resolve(&lane, event: &event, attempt, outcome) {
        case .next:
            _ = lane.events.popFirst()
            account.pending -= 1
            account.delivered += 1
            actions.append(.delivered(event, outcome))
            settle(callID, lane, atFront: true)
        case .again:
            lane.replaceFirst(event)
            settle(callID, lane, atFront: true)
        case .whenZammadIsBack:
            lane.replaceFirst(event)
            actions.append(.postponed(event, outcome))
            // Another lane probes next: an event that a proxy refuses must not keep all others waiting.
            settle(callID, lane, atFront: false)
        case .later(let after):
            lane.failures += 1
            lane.replaceFirst(event)
            actions.append(.postponed(event, outcome))
            let delay = settings.backoff.delay(afterFailures: lane.failures, jitter: jitter)
            lane.status = .waiting(until: now + max(delay, after ?? .zero))
            waiting.insert(callID)
            book[callID] = lane
        case .lookUp(let reason):
            lane.doubt = reason
            lane.failures = 0
            lane.replaceFirst(event)
            lane.status = .waiting(until: now + settings.doubtDelay)
            waiting.insert(callID)
            book[callID] = lane
            actions.append(.postponed(event, outcome))
        case .deadLetter(let reason):
            _ = lane.events.popFirst()
            lane.mustProbe = false
            actions.append(bury(event, &lane, reason, at: now))
            settle(callID, lane, atFront: true)
        case .unconfirmed(let reason):
            _ = lane.events.popFirst()
            actions.append(leaveOpen(event, &lane, reason, at: now))
            settle(callID, lane, atFront: true)
        }
        return actions + pump(at: now)
    }

    /// No new attempts from now on; those under way may still finish.
    package mutating func stop() {
        isStopping = true
        desk.stop()
    }

    // MARK: - Lanes

    /// Takes an event that waits out of its lane; `nil` for one that does not wait, or whose request is under way.
    mutating func takePending(_ id: OutboxEvent.ID) -> OutboxEvent? {
        for (callID, lane) in book.values {
            guard let event = lane.events.elements.first(where: { $0.id == id }) else { continue }
            if case .inFlight = lane.status, lane.events.first?.id == id { return nil }
            var lane = lane
            let rest = lane.events.elements.filter { $0.id != id }
            lane.events = FIFOQueue()
            for other in rest { lane.events.append(other) }
            if lane.events.isEmpty {
                lane.status = .idle
                waiting.remove(callID)
            }
            book[callID] = lane.events.isEmpty && lane.isOver ? nil : lane
            return event
        }
        return nil
    }

    mutating func takeSettled(_ id: OutboxEvent.ID) -> SettledEvent? {
        defer { settledBook[id] = nil }
        return settledBook[id]
    }

    /// Puts an event back into the lane of its call, which may have been closed meanwhile.
    mutating func reinstate(_ event: OutboxEvent, _ settled: SettledEvent) {
        let callID = event.command.callID
        // A lane that is gone was that of a call that is over; it goes again when this is delivered.
        let isOver = book[callID] == nil || event.command.event == .hangup
        var lane =
            book[callID]
            ?? OutboxLane(
                opening: settled.opening, deliveredAnswer: settled.deliveredAnswer,
                isRejected: settled.isRejected ?? false)
        lane.reinstate(event)
        if isOver { lane.isOver = true }
        if lane.status == .idle {
            lane.status = .ready
            ready.append(callID)
        }
        book[callID] = lane
    }

    /// What has changed since the last time.
    mutating func takeChanges(into change: inout CoreChange) {
        desk.takeChanges(into: &change.tickets)
        let (lanes, settled) = (book.takeChanges(), settledBook.takeChanges())
        guard !lanes.isEmpty || !settled.isEmpty else { return }
        for (id, _, now) in lanes { change.lanes.updateValue(now, forKey: id) }
        for (id, _, now) in settled { change.settled.updateValue(now, forKey: id) }
        change.accounts.updateValue(account, forKey: settings.name)
        change.lastID = max(change.lastID, lastID)
    }

    /// Goes on with what an earlier process left. A request that was under way when it ended may have arrived: its outcome is
    /// ambiguous.
    package static func resuming(
        _ saved: SavedCore, settings: Settings, isRetired: Bool = false, at now: Instant
    ) -> (outbox: Outbox, actions: [OutboxAction]) {
        var outbox = Outbox(settings: settings)
        outbox.desk = TicketDesk(settings: settings.tickets, resuming: saved.tickets, at: now)
        if isRetired { outbox.retire() }
        outbox.account = saved.account.reconciled(with: saved)
        outbox.lastID = saved.lastID
        outbox.settledBook = Ledger(saved.settled)
        outbox.book = Ledger(saved.lanes)
        outbox.isStopping = true
        var actions: [OutboxAction] = []
        for (callID, lane) in saved.lanes.sorted(by: { $0.key < $1.key }) {
            switch lane.status {
            case .inFlight(let attempt):
                outbox.inFlight[attempt.id] = callID
                let outcome = DeliveryOutcome.ambiguous("the bridge ended while the request was under way")
                actions += outbox.attemptFinished(attempt.id, outcome, jitter: 0, at: now)
            case .waiting where lane.doubt != nil:
                outbox.waiting.insert(callID)
            case .ready, .waiting, .idle:
                outbox.settle(callID, lane, atFront: false)
            }
        }
        outbox.isStopping = false
        actions += outbox.timePassed(at: now)
        return (outbox, actions)
    }

    /// Puts a lane back: into the queue if it has something to send, out of the books if its call is over.
    private mutating func settle(_ callID: CallID, _ lane: OutboxLane, atFront: Bool) {
        var lane = lane
        if lane.events.isEmpty {
            book[callID] = lane.isOver ? nil : lane
            return
        }
        lane.status = .ready
        book[callID] = lane
        if atFront { ready.prepend(callID) } else { ready.append(callID) }
    }

    mutating func pump(at now: Instant) -> [OutboxAction] {
        var actions: [OutboxAction] = []
        while !isStopping, !isRetired, inFlight.count < settings.maxParallel, mayAttempt(at: now),
            let callID = ready.popFirst()
        {
            guard var lane = book[callID], lane.status == .ready, let event = lane.events.first else { continue }
            if let doubt = lane.doubt, !settings.looksUpDoubts {
                _ = lane.events.popFirst()
                actions.append(leaveOpen(event, &lane, doubt, at: now))
                lane.status = .idle
                settle(callID, lane, atFront: true)
                continue
            }
            if let reason = lane.deadReason ?? tooOld(event, at: now), lane.doubt == nil {
                _ = lane.events.popFirst()
                actions.append(bury(event, &lane, reason, at: now))
                lane.status = .idle
                settle(callID, lane, atFront: true)
                continue
            }
            lastID += 1
            let attempt = lane.attempt(id: lastID, for: event)
            lane.status = .inFlight(attempt)
            book[callID] = lane
            inFlight[attempt.id] = callID
            actions.append(.attempt(attempt))
        }
        assert(account.isClosed, "the outbox has lost count")
        return actions
    }

    private func mayAttempt(at now: Instant) -> Bool {
        guard let nextProbe = health.nextProbe else { return true }
        return inFlight.isEmpty && nextProbe <= now
    }

    private func tooOld(_ event: OutboxEvent, at now: Instant) -> String? {
        guard let maxEventAge = settings.maxEventAge, now - event.command.at > maxEventAge else { return nil }
        return "older than max_event_age"
    }

    private mutating func leaveOpen(
        _ event: OutboxEvent, _ lane: inout OutboxLane, _ reason: String, at now: Instant
    ) -> OutboxAction {
        lane.doubt = nil
        account.pending -= 1
        account.unconfirmed += 1
        settledBook[event.id] = SettledEvent(event, lane, .unconfirmed, reason, at: now)
        return .unconfirmed(event, reason: reason)
    }

    private mutating func bury(
        _ event: OutboxEvent, _ lane: inout OutboxLane, _ reason: String, at now: Instant
    ) -> OutboxAction {
        if event.command.event == .newCall { lane.deadReason = "newCall of this call is a dead letter" }
        account.pending -= 1
        account.deadLetters += 1
        settledBook[event.id] = SettledEvent(event, lane, .deadLetter, reason, at: now)
        return .deadLettered(event, reason: reason)
    }
}

extension OutboxLane {
    /// The request that brings this lane on.
    fileprivate func attempt(id: DeliveryAttempt.ID, for event: OutboxEvent) -> DeliveryAttempt {
        if doubt != nil {
            return DeliveryAttempt(id: id, eventID: event.id, purpose: .lookUp, command: event.command)
        }
        if mustProbe { return DeliveryAttempt(id: id, eventID: event.id, purpose: .probe, command: opening) }
        var command = event.command
        if owesAnswer, command.event == .hangup, let deliveredAnswer {
            return DeliveryAttempt(id: id, eventID: event.id, purpose: .replayAnswer, command: deliveredAnswer)
        }
        // The row of a blocked caller would otherwise stay as a to-do.
        if isRejected, command.event == .hangup, command.cause == .cancel { command.cause = .forwarded }
        return DeliveryAttempt(id: id, eventID: event.id, purpose: .deliver, command: command)
    }

    fileprivate mutating func replaceFirst(_ event: OutboxEvent) {
        guard events.popFirst() != nil else { return }
        events.prepend(event)
    }
}

extension DeliveryOutcome {
    /// Whether the failure is likely to be that of every request.
    fileprivate var concernsAll: Bool {
        if case .retry(_, .zammad, _) = self { true } else { false }
    }
}
