/// The machine that gives calls their tickets in one Zammad: one for each call, never two, and never in the way of the
/// call's events.
///
/// ```
///                    customer                      none                           made
/// findCustomer ───────────────────▶ findTicket ─────────────▶ createTicket ──────────────────▶ done
///     │ ▲  └─ none ─▶ createCustomer ─▶ │  ▲ └─ open one ───▶ addArticle ─────────────────────▶ done
///     │ └────── in doubt ───┘           │  └───────── in doubt ──┘
///     └─ none, not to be created: done  └─ there already: done
/// ```
///
/// What the picture does not say. One step is under way at a time, so that tickets take one connection and no more.
/// Tickets of one number are made one after the other, so that a repeated call finds the ticket of the one before;
/// those of other numbers wait for none that waits or was given up. A step that may or may not have been done (no
/// answer, or the process has ended) is never simply made again: after `doubtDelay`, in which a late request can still
/// arrive, the queue looks again for what may be there. A Zammad that does not answer, or refuses all, pauses the whole
/// queue; whoever has failed least often is tried first after that. What Zammad refuses once more becomes a dead
/// letter, which the operator may have tried again.
package struct TicketQueue: Equatable, Sendable, Encodable {
    package struct Settings: Equatable, Sendable, Codable {
        package enum Creation: String, CaseIterable, Sendable, Codable {
            case off
            /// Calls that nobody answered, voice messages included.
            case missed
            case all
        }

        package var creation = Creation.off
        package var createsCustomers = false
        package var backoff = Backoff(schedule: [1, 2, 4, 8, 15, 30, 60].map { .seconds($0) })
        /// In this time a request whose answer was not awaited may still arrive; only then is Zammad asked.
        package var doubtDelay: Duration = .seconds(30)
        /// Failures of one ticket that are its own before it becomes a dead letter.
        package var maxFaults = 6
        /// Tickets that may wait or be given up; for more calls none is made.
        package var maxWaiting = 10_000
        /// How often a customer who is not found is looked for again while the call's events are on their way: Zammad
        /// knows its customers by the event.
        package var maxEventWaits = 10
        /// For how long a customer who was created is known without asking: Zammad's search finds new ones late.
        package var customerMemory: Duration = .seconds(600)

        fileprivate var longestWait: Duration { max(doubtDelay, backoff.schedule.max() ?? .zero) }

        package init() {}
    }

    package internal(set) var settings: Settings
    private var trackedJobs = TrackedDictionary<TicketJob.ID, TicketJob>()
    /// Those that are not given up, oldest first.
    private var queue: [TicketJob.ID] = []
    private var underWay: TicketAttempt?
    /// Nothing is tried before, since Zammad does not answer or refuses all; with the failures in a row.
    private var pause: Pause?
    /// By number.
    private var createdCustomers: [String: CreatedCustomer] = [:]
    var duty = Zammad.Duty.working

    private struct Pause: Equatable, Sendable, Codable {
        var until: Instant
        var failures: Int
    }

    private struct CreatedCustomer: Equatable, Sendable, Codable {
        var id: Int
        var at: Instant
    }

    private static let mostCreatedCustomers = 1_000

    package init(settings: Settings) {
        self.settings = settings
    }

    /// Goes on with what an earlier process left. A request that was under way when it ended may have arrived.
    package init(settings: Settings, resuming jobs: [TicketJob.ID: TicketJob], at now: Instant) {
        self.settings = settings
        trackedJobs = TrackedDictionary(jobs)
        for var job in jobs.values {
            switch job.state {
            case .inFlight(let attempt):
                let step = attempt.step.afterDoubt
                job.state = attempt.step.isChange ? .waiting(step, until: now + settings.doubtDelay) : .ready(step)
            // The system's clock was set back between the two processes.
            case .waiting(let step, let until) where until - now > settings.longestWait:
                job.state = .waiting(step, until: now + settings.longestWait)
            default: continue
            }
            trackedJobs[job.id] = job
        }
        queue = trackedJobs.values.values.filter { !$0.isDead }.map(\.id).sorted()
    }

    /// Those that wait and those that were given up.
    package var jobs: [TicketJob.ID: TicketJob] { trackedJobs.values }

    package var pendingCount: Int { queue.count }

    package var deadCount: Int { trackedJobs.values.count - queue.count }

    package func hasUnderWay(_ attempt: TicketAttempt.ID) -> Bool { underWay?.id == attempt }

    /// When the machine wants to hear `timePassed`.
    package var nextDeadline: Instant? {
        guard duty == .working, underWay == nil else { return nil }
        var numbers: Set<String> = []
        var earliest: Instant?
        for id in queue {
            guard let job = trackedJobs[id], numbers.insert(job.call.number).inserted else { continue }
            guard case .waiting(_, let until) = job.state else { return pause?.until ?? Instant(milliseconds: 0) }
            earliest = min(earliest ?? until, until)
        }
        guard let earliest else { return nil }
        return pause.map { max($0.until, earliest) } ?? earliest
    }

    func wants(_ call: EndedCall) -> Bool {
        switch settings.creation {
        case .off: false
        case .missed: call.isMissed
        case .all: true
        }
    }

    // MARK: - Inputs

    /// `lastID`: the last id that was given to an event, an attempt or a ticket.
    package mutating func callEnded(_ call: EndedCall, at now: Instant, lastID: inout Int) -> TicketOutput {
        guard wants(call) else { return TicketOutput() }
        lastID += 1
        var job = TicketJob(id: lastID, call: call, state: .ready(.findCustomer))
        if call.number == NumberPlan.anonymous {
            return TicketOutput(.done(job, .skipped("the caller shows no number")))
        }
        guard trackedJobs.values.count < settings.maxWaiting else {
            return TicketOutput(.done(job, .skipped("too many tickets wait")))
        }
        if let customer = createdCustomers[call.number], now - customer.at < settings.customerMemory {
            job.state = .ready(.findTicket(customer: customer.id))
        }
        trackedJobs[job.id] = job
        queue.append(job.id)
        return TicketOutput(then: pump(at: now, &lastID))
    }

    package mutating func timePassed(at now: Instant, lastID: inout Int) -> TicketOutput {
        TicketOutput(then: pump(at: now, &lastID))
    }

    /// - Parameters:
    ///   - jitter: A random number in 0 ..< 1 for the waiting time, should there be one.
    ///   - eventsArePending: Whether Zammad has not been told all of the call yet.
    package mutating func finished(
        _ outcome: TicketOutcome, jitter: Double, eventsArePending: Bool, at now: Instant, lastID: inout Int
    ) -> TicketOutput {
        guard let attempt = underWay else { return TicketOutput() }
        underWay = nil
        notePause(outcome, jitter: jitter, at: now)
        var news: TicketNews?
        // The operator may have dropped it meanwhile.
        if var job = trackedJobs[attempt.jobID] {
            job.attempts += 1
            job.lastFailure = outcome.failure ?? job.lastFailure
            let next = job.next(after: attempt.step, outcome, eventsArePending: eventsArePending, settings)
            news = take(next, job, attempt.step, jitter: jitter, at: now)
            if case (.createCustomer, .customer(let id)) = (attempt.step, outcome) { remember(id, attempt.call, now) }
        }
        return TicketOutput(news, then: pump(at: now, &lastID))
    }

    /// Tries a dead letter again.
    package mutating func retry(_ id: TicketJob.ID, at now: Instant, lastID: inout Int) -> TicketOutput {
        guard var job = trackedJobs[id], case .dead(let step, _, _) = job.state else { return TicketOutput() }
        job.state = .ready(step)
        (job.faults, job.failures, job.eventWaits) = (0, 0, 0)
        trackedJobs[id] = job
        queue.insert(id, at: queue.firstIndex { $0 > id } ?? queue.endIndex)
        return TicketOutput(then: pump(at: now, &lastID))
    }

    /// Makes no ticket for a call after all; what is under way for it may still be done.
    package mutating func drop(_ id: TicketJob.ID, at now: Instant, lastID: inout Int) -> TicketOutput {
        guard let job = trackedJobs[id] else { return TicketOutput() }
        remove(id)
        return TicketOutput(.dropped(job), then: pump(at: now, &lastID))
    }

    /// Goes on under other settings, and tries at once what Zammad refused: what it missed may be what has changed.
    /// Switched off, the tickets that wait are still made.
    package mutating func change(to settings: Settings, at now: Instant, lastID: inout Int) -> TicketOutput {
        self.settings = settings
        pause = nil
        return TicketOutput(then: pump(at: now, &lastID))
    }

    /// What has changed since the last time.
    package mutating func takeChanges(into changes: inout [TicketJob.ID: TicketJob?]) {
        for (id, _, now) in trackedJobs.takeChanges() { changes.updateValue(now, forKey: id) }
    }

    // MARK: - One outcome

    private mutating func take(
        _ next: TicketJob.Next, _ job: TicketJob, _ step: TicketStep, jitter: Double, at now: Instant
    ) -> TicketNews? {
        var job = job
        var news: TicketNews?
        func postpone(_ state: TicketJob.State, _ reason: String) {
            job.state = state
            job.failures += 1
            news = .postponed(job, reason: reason)
        }
        switch next {
        case .step(let step):
            job.state = .ready(step)
            job.failures = 0
        case .whenZammadIsBack(let reason):
            postpone(.ready(step), reason)
        case .later(let step, let reason):
            let delay = settings.backoff.delay(afterFailures: job.failures + 1, jitter: jitter)
            postpone(.waiting(step, until: now + delay), reason)
        case .inDoubt(let reason):
            postpone(.waiting(step.afterDoubt, until: now + settings.doubtDelay), reason)
        case .dead(let reason):
            job.state = .dead(step.afterDoubt, reason: reason, at: now)
            queue.removeAll { $0 == job.id }
            news = .deadLettered(job, reason: reason)
        case .done(let result):
            remove(job.id)
            return .done(job, result)
        }
        trackedJobs[job.id] = job
        return news
    }

    private mutating func notePause(_ outcome: TicketOutcome, jitter: Double, at now: Instant) {
        switch outcome {
        case .unavailable(_, let after):
            let failures = min(pause?.failures ?? 0, 1_000) + 1
            let delay = max(settings.backoff.delay(afterFailures: failures, jitter: jitter), after ?? .zero)
            pause = Pause(until: now + delay, failures: failures)
        case .misconfigured:
            let delay = settings.backoff.delay(afterFailures: .max, jitter: 1)
            pause = Pause(until: now + delay, failures: settings.backoff.schedule.count)
        case .ambiguous: break
        case .customer, .noCustomer, .alreadyThere, .openTicket, .noTicket, .made, .refused: pause = nil
        }
    }

    /// Other calls of the same number are the customer's too, whether or not Zammad's search knows them already.
    private mutating func remember(_ customer: Int, _ call: EndedCall, _ now: Instant) {
        if createdCustomers.count >= Self.mostCreatedCustomers {
            createdCustomers = createdCustomers.filter { now - $0.value.at < settings.customerMemory }
        }
        if createdCustomers.count < Self.mostCreatedCustomers {
            createdCustomers[call.number] = CreatedCustomer(id: customer, at: now)
        }
        for id in queue {
            guard var job = trackedJobs[id], job.call.number == call.number, job.awaitsCustomer else { continue }
            job.state = .ready(.findTicket(customer: customer))
            trackedJobs[id] = job
        }
    }

    private mutating func remove(_ id: TicketJob.ID) {
        trackedJobs[id] = nil
        queue.removeAll { $0 == id }
    }

    // MARK: - The next step

    private mutating func pump(at now: Instant, _ lastID: inout Int) -> TicketAttempt? {
        guard duty == .working, underWay == nil, !queue.isEmpty else { return nil }
        if let pause, pause.until > now { return nil }
        guard let (next, step) = due(at: now) else { return nil }
        var job = next
        lastID += 1
        let attempt = TicketAttempt(id: lastID, jobID: job.id, step: step, call: job.call)
        job.state = .inFlight(attempt)
        trackedJobs[job.id] = job
        underWay = attempt
        return attempt
    }

    /// The oldest of each number may be next: among them the one that has failed least often, so that none keeps the
    /// others waiting.
    private func due(at now: Instant) -> (TicketJob, TicketStep)? {
        var numbers: Set<String> = []
        var best: (job: TicketJob, step: TicketStep)?
        for id in queue {
            guard let job = trackedJobs[id], numbers.insert(job.call.number).inserted, let step = job.step(dueAt: now)
            else {
                continue
            }
            if job.failures == 0 { return (job, step) }
            if job.failures < best?.job.failures ?? .max { best = (job, step) }
        }
        return best
    }
}
