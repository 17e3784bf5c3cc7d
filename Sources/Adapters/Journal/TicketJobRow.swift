import Domain

/// How a ticket that waits or was given up stands in the table `tickets`. As with `LaneRow`, the names are the file's
/// format.
struct TicketJobRow: Codable {
    enum State: Codable {
        case ready(Step)
        case inFlight(Attempt)
        case waiting(Step, until: Instant)
        case dead(Step, reason: String, at: Instant)
    }

    enum Step: Codable {
        case findCustomer
        case createCustomer
        case findTicket(customer: Int)
        case createTicket(customer: Int)
        case addArticle(ticket: Int, customer: Int)
    }

    struct Attempt: Codable {
        var id: Int
        var jobID: Int
        var step: Step
        var call: EndedCall
    }

    var id: Int
    var call: EndedCall
    var state: State
    var attempts: Int
    var faults: Int
    var failures: Int
    var eventWaits: Int
    var lastFailure: String?

    init(_ job: TicketJob) {
        id = job.id
        call = job.call
        state =
            switch job.state {
            case .ready(let step): .ready(Step(step))
            case .inFlight(let attempt):
                .inFlight(
                    Attempt(id: attempt.id, jobID: attempt.jobID, step: Step(attempt.step), call: attempt.call))
            case .waiting(let step, let until): .waiting(Step(step), until: until)
            case .dead(let step, let reason, let at): .dead(Step(step), reason: reason, at: at)
            }
        attempts = job.attempts
        faults = job.faults
        failures = job.failures
        eventWaits = job.eventWaits
        lastFailure = job.lastFailure
    }

    var job: TicketJob {
        let state: TicketJob.State =
            switch state {
            case .ready(let step): .ready(step.step)
            case .inFlight(let attempt):
                .inFlight(
                    TicketAttempt(
                        id: attempt.id, jobID: attempt.jobID, step: attempt.step.step, call: attempt.call))
            case .waiting(let step, let until): .waiting(step.step, until: until)
            case .dead(let step, let reason, let at): .dead(step.step, reason: reason, at: at)
            }
        var job = TicketJob(id: id, call: call, state: state)
        job.attempts = attempts
        job.faults = faults
        job.failures = failures
        job.eventWaits = eventWaits
        job.lastFailure = lastFailure
        return job
    }
}

extension TicketJobRow.Step {
    init(_ step: TicketStep) {
        self =
            switch step {
            case .findCustomer: .findCustomer
            case .createCustomer: .createCustomer
            case .findTicket(let customer): .findTicket(customer: customer)
            case .createTicket(let customer): .createTicket(customer: customer)
            case .addArticle(let ticket, let customer): .addArticle(ticket: ticket, customer: customer)
            }
    }

    var step: TicketStep {
        switch self {
        case .findCustomer: .findCustomer
        case .createCustomer: .createCustomer
        case .findTicket(let customer): .findTicket(customer: customer)
        case .createTicket(let customer): .createTicket(customer: customer)
        case .addArticle(let ticket, let customer): .addArticle(ticket: ticket, customer: customer)
        }
    }
}
