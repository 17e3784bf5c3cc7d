/// The ticket that one call is to have.
package struct TicketJob: Equatable, Sendable, Codable {
    /// From the same row of numbers as the ids of events, so that an operator who names one means one thing.
    package typealias ID = Int

    package enum State: Equatable, Sendable, Codable {
        /// Successors: `inFlight`.
        case ready(TicketStep)
        /// Successors: `ready`, `waiting`, `dead`, gone.
        case inFlight(TicketAttempt)
        /// Successors: `inFlight`.
        case waiting(TicketStep, until: Instant)
        /// Given up until the operator wants it tried again. Successors: `ready`, gone.
        case dead(TicketStep, reason: String, at: Instant)
    }

    package var id: ID
    package var call: EndedCall
    package var state: State
    package var attempts = 0
    /// Failures that concern this ticket alone.
    package var faults = 0
    /// Failures of the step that comes next.
    package var failures = 0
    /// How often the customer was looked for in vain while the call's events were on their way.
    package var eventWaits = 0
    package var lastFailure: String?

    package init(id: ID, call: EndedCall, state: State) {
        self.id = id
        self.call = call
        self.state = state
    }

    package var isDead: Bool { if case .dead = state { true } else { false } }

    /// Since when it is what it is, as far as that matters: given up, or wanted.
    package var since: Instant { if case .dead(_, _, let at) = state { at } else { call.endedAt } }

    /// What can be done now.
    func step(dueAt now: Instant) -> TicketStep? {
        switch state {
        case .ready(let step): step
        case .waiting(let step, let until): until <= now ? step : nil
        case .inFlight, .dead: nil
        }
    }

    /// Whether it waits for its customer to be found or created.
    var awaitsCustomer: Bool {
        switch state {
        case .ready(let step), .waiting(let step, _): [.findCustomer, .createCustomer].contains(step)
        case .inFlight, .dead: false
        }
    }
}

extension TicketJob {
    /// What comes after a step.
    enum Next {
        case step(TicketStep)
        case done(TicketNews.Result)
        /// As soon as Zammad works again.
        case whenZammadIsBack(String)
        case later(TicketStep, String)
        case inDoubt(String)
        case dead(String)
    }

    mutating func next(
        after step: TicketStep, _ outcome: TicketOutcome, eventsArePending: Bool, _ settings: TicketQueue.Settings
    ) -> Next {
        switch (step, outcome) {
        case (.findCustomer, .customer(let id)), (.createCustomer, .customer(let id)):
            return .step(.findTicket(customer: id))
        case (.findCustomer, .noCustomer) where eventsArePending && eventWaits < settings.maxEventWaits:
            eventWaits += 1
            return .later(.findCustomer, "no customer has this number, and the call's events are still on their way")
        case (.findCustomer, .noCustomer):
            return settings.createsCustomers ? .step(.createCustomer) : .done(.skipped("no customer has this number"))
        case (.findTicket, .alreadyThere(let ticket)): return .done(.alreadyThere(ticket: ticket))
        case (.findTicket(let customer), .openTicket(let ticket)):
            return .step(.addArticle(ticket: ticket, customer: customer))
        case (.findTicket(let customer), .noTicket): return .step(.createTicket(customer: customer))
        case (.createTicket, .made(let ticket)): return .done(.created(ticket: ticket))
        case (.addArticle, .made(let ticket)): return .done(.added(ticket: ticket))
        case (_, .unavailable(let reason, _)), (_, .misconfigured(let reason)): return .whenZammadIsBack(reason)
        case (_, .ambiguous(let reason)):
            faults += 1
            if faults >= settings.maxFaults { return .dead(reason) }
            return step.isChange ? .inDoubt(reason) : .later(step, reason)
        case (_, .refused(let reason)):
            faults += 1
            guard faults == 1 else { return .dead(reason) }
            // The open ticket may be gone, or not to be written to; the call gets one of its own.
            if case .addArticle(_, let customer) = step { return .later(.createTicket(customer: customer), reason) }
            return .later(step.afterDoubt, reason)
        case (_, .customer), (_, .noCustomer), (_, .alreadyThere), (_, .openTicket), (_, .noTicket), (_, .made):
            return .dead("an answer to another question")
        }
    }
}

/// What has become of a ticket, or of a step towards it.
package enum TicketNews: Equatable, Sendable, Codable {
    package enum Result: Equatable, Sendable, Codable {
        case created(ticket: Int)
        /// An article of a ticket that was open.
        case added(ticket: Int)
        /// It was there: an earlier attempt had succeeded.
        case alreadyThere(ticket: Int)
        /// There is nobody to make it for.
        case skipped(String)
    }

    case done(TicketJob, Result)
    /// A step failed; the job waits for its next try.
    case postponed(TicketJob, reason: String)
    case deadLettered(TicketJob, reason: String)
    /// By the operator.
    case dropped(TicketJob)

    package var call: EndedCall {
        switch self {
        case .done(let job, _), .postponed(let job, _), .deadLettered(let job, _), .dropped(let job): job.call
        }
    }
}

/// What came of one input to the machine.
package struct TicketOutput: Equatable, Sendable {
    package var news: TicketNews?
    /// The request that is to be made next.
    package var attempt: TicketAttempt?

    init(_ news: TicketNews? = nil, then attempt: TicketAttempt? = nil) {
        self.news = news
        self.attempt = attempt
    }
}
