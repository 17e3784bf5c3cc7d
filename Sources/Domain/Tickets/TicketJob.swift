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
