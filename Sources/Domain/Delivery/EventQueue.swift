/// The delivery machine: one FIFO lane per call, lanes in parallel up to a limit, every outcome handled so that nothing
/// is lost and duplicates do no harm.
///
/// ```
///                    attempt            delivered, already known
///   free, with events ─────────▶ inFlight ───────────────────────────▶ free, with the next event or none
///          ▲                       │  │ retry, ambiguous, refused once
///          │     time passed       │  └──────────▶ waiting
///          └───────────────────────┼──────────────────┘
///                                  └─▶ dead letter · unconfirmed
/// ```
///
/// What the picture does not say: of the lanes that are ready, calls that go on come before those that are over, and
/// among them the oldest. While Zammad is in trouble (`ZammadHealth`) a few of them probe and the others wait. After an
/// answer or hangup that fails with Zammad's "Error ID" comes a `newCall` of the same id. If Zammad accepts it, Zammad
/// had lost the call: it is told again what it knew, and then the event itself. A hangup that may have arrived and
/// must not be sent twice is looked up in Zammad's caller log where that can be read, after `doubtDelay`: stored is
/// delivered, not stored is sent again.
package struct EventQueue: Equatable, Sendable, Encodable {
    package private(set) var settings: Zammad.Settings
    package internal(set) var health: ZammadHealth = .up
    package internal(set) var account = EventAccount()
    /// The requests that have failed in a row: how it is found out that Zammad is in trouble.
    var failures = FailureStreak()
    var trackedLanes = TrackedDictionary<CallID, EventLane>()
    var trackedSetAside = TrackedDictionary<OutboxEvent.ID, SetAsideEvent>()
    var ready = LaneQueue<ReadyRank>()
    var waiting = LaneQueue<Instant>()
    /// Calls that have probed in vain while Zammad is in trouble: when it is back, they wait no longer.
    var probed: Set<CallID> = []
    private var inFlight: [DeliveryAttempt.ID: CallID] = [:]
    var lastID = 0
    var duty = Zammad.Duty.working

    package init(settings: Zammad.Settings) {
        self.settings = settings
    }

    var lanes: [CallID: EventLane] { trackedLanes.values }

    /// Dead letters and unconfirmed events.
    package var setAside: [OutboxEvent.ID: SetAsideEvent] { trackedSetAside.values }

    /// When `timePassed` is due, and with it the next request. `nil` if nothing waits for time: there is nothing to
    /// send, or requests under way must end first.
    package var nextDeadline: Instant? {
        guard duty == .working else { return nil }
        let endOfFirstWait = waiting.first?.rank
        guard let nextProbe = health.trouble?.nextProbe else { return endOfFirstWait }
        guard inFlight.count < mostRequests else { return nil }
        return ready.isEmpty ? endOfFirstWait.map { max($0, nextProbe) } : nextProbe
    }

    private var mostRequests: Int { min(settings.maxParallel, health.mostRequests) }

    package var attemptsUnderWay: Int { inFlight.count }

    func underWay(_ id: DeliveryAttempt.ID) -> DeliveryAttempt? {
        guard let callID = inFlight[id], case .inFlight(let attempt)? = trackedLanes[callID]?.status, attempt.id == id
        else {
            return nil
        }
        return attempt
    }

    /// Whether nothing waits to be delivered.
    package var isIdle: Bool { account.pending == 0 }

    // MARK: - Inputs

    package mutating func enqueue(_ commands: [CallCommand], at now: Instant) -> Output {
        for command in commands {
            lastID += 1
            account.taken += 1
            account.pending += 1
            var lane = trackedLanes[command.callID] ?? EventLane(opening: command)
            lane.events.append(OutboxEvent(id: lastID, command: command))
            if command.event == .hangup { lane.isOver = true }
            enlist(command.callID, lane)
        }
        return pump(at: now)
    }

    package mutating func timePassed(at now: Instant) -> Output {
        while let (until, callID) = waiting.first, until <= now { endWait(of: callID) }
        return pump(at: now)
    }

    /// `jitter`: a random number in 0 ..< 1 for the waiting time, should there be one.
    package mutating func attemptFinished(
        _ attemptID: DeliveryAttempt.ID, _ outcome: DeliveryOutcome, jitter: Double, at now: Instant
    ) -> Output {
        guard let attempt = underWay(attemptID) else { return Output() }
        inFlight[attemptID] = nil
        var output = Output()
        let wasUp = health.isUp
        // What is cut off by the bridge's own end says nothing of Zammad.
        if duty != .stopping, attempt.purpose != .lookUp || outcome.concernsAll {
            output.news += updateHealth(outcome, of: attempt.command.callID, jitter: jitter, at: now)
        }
        let news = conclude(attempt, outcome, isProbe: !wasUp, jitter: jitter, at: now)
        if news == nil || attempt.purpose != .deliver {
            output.news.append(.attempted(FinishedAttempt(attempt: attempt, outcome: outcome)))
        }
        if let news { output.news.append(news) }
        output += pump(at: now)
        return output
    }

    /// What becomes of the event and its lane. `isProbe`: whether Zammad was in trouble before.
    mutating func conclude(
        _ attempt: DeliveryAttempt, _ outcome: DeliveryOutcome, isProbe: Bool, jitter: Double, at now: Instant
    ) -> News? {
        let callID = attempt.command.callID
        guard var lane = trackedLanes[callID], !lane.events.isEmpty else { return nil }
        var event = lane.events.removeFirst()
        lane.status = .free
        event.attempts += 1
        let resolution = resolve(&lane, event: &event, attempt, outcome)
        var news: News?
        switch resolution {
        case .next:
            account.pending -= 1
            account.delivered += 1
            news = .delivered(event, outcome)
        case .again:
            lane.events.insert(event, at: 0)
        case .later(let after):
            lane.failures += 1
            lane.events.insert(event, at: 0)
            let delay = settings.backoff.delay(afterFailures: lane.failures, jitter: jitter)
            wait(callID, &lane, until: now + max(delay, after ?? .zero))
            if isProbe { probed.insert(callID) }
            news = .postponed(event, outcome)
        case .lookUp(let reason):
            lane.step = .lookUp(doubt: reason)
            lane.failures = 0
            lane.events.insert(event, at: 0)
            wait(callID, &lane, until: now + settings.doubtDelay)
            news = .postponed(event, outcome)
        case .deadLetter(let reason):
            lane.step = .deliver
            news = makeDeadLetter(event, &lane, reason, at: now)
        case .unconfirmed(let reason):
            news = makeUnconfirmed(event, &lane, reason, at: now)
        }
        enlist(callID, lane)
        return news
    }

    /// Goes on under other settings. A Zammad that was unreachable or refused everything is asked again at once: what
    /// it was missing may be what has changed.
    mutating func take(_ settings: Zammad.Settings, at now: Instant) {
        self.settings = settings
        guard !health.isUp else { return }
        failures = FailureStreak()
        health.trouble?.nextProbe = now
        releaseAll()
    }

    mutating func pump(at now: Instant) -> Output {
        var output = Output()
        var begun: [DeliveryAttempt] = []
        while mayAttempt(at: now), let callID = ready.popFirst() {
            guard var lane = trackedLanes[callID], lane.isReady, let event = lane.events.first else { continue }
            switch lane.next(event, settings, isTrial: !health.isUp, at: now) {
            case .request(let purpose, let command):
                lastID += 1
                let attempt = DeliveryAttempt(id: lastID, eventID: event.id, purpose: purpose, command: command)
                lane.status = .inFlight(attempt)
                trackedLanes[callID] = lane
                inFlight[attempt.id] = callID
                begun.append(attempt)
            case .deadLetter(let reason):
                lane.events.removeFirst()
                output.news.append(makeDeadLetter(event, &lane, reason, at: now))
                enlist(callID, lane)
            case .unconfirmed(let reason):
                lane.events.removeFirst()
                output.news.append(makeUnconfirmed(event, &lane, reason, at: now))
                enlist(callID, lane)
            }
        }
        assert(account.addsUp, "the queue has lost count")
        // Those that begin together begin in the order in which things happened.
        output.effects = begun.sorted { $0.eventID < $1.eventID }.map { .request($0, to: settings.name) }
        return output
    }

    private func mayAttempt(at now: Instant) -> Bool {
        guard duty == .working, inFlight.count < mostRequests else { return false }
        return health.trouble.map { $0.nextProbe <= now } ?? true
    }

    private mutating func makeUnconfirmed(
        _ event: OutboxEvent, _ lane: inout EventLane, _ reason: String, at now: Instant
    ) -> News {
        lane.step = .deliver
        account.pending -= 1
        account.unconfirmed += 1
        trackedSetAside[event.id] = SetAsideEvent(event, lane, .unconfirmed, reason, at: now)
        return .unconfirmed(event, reason: reason)
    }

    private mutating func makeDeadLetter(
        _ event: OutboxEvent, _ lane: inout EventLane, _ reason: String, at now: Instant
    ) -> News {
        if event.command.event == .newCall { lane.isDead = true }
        account.pending -= 1
        account.deadLetters += 1
        trackedSetAside[event.id] = SetAsideEvent(event, lane, .deadLetter, reason, at: now)
        return .deadLettered(event, reason: reason)
    }
}

extension DeliveryOutcome {
    /// Whether the failure is likely to be that of every request.
    fileprivate var concernsAll: Bool {
        if case .retry(_, .zammad, _) = self { true } else { false }
    }
}
