/// One request on the way to a ticket.
package enum TicketStep: Hashable, Sendable, Codable {
    case findCustomer
    case createCustomer
    /// Looks for a ticket about this very call, and for one about the same number to which the call can be added. It
    /// comes before each `createTicket` and `addArticle`, and after each of them whose outcome is open.
    case findTicket(customer: Int)
    case createTicket(customer: Int)
    case addArticle(ticket: Int, customer: Int)

    /// What to go on with if nobody knows whether this was done, because no answer came or the process ended.
    var afterDoubt: TicketStep {
        switch self {
        case .findCustomer, .createCustomer: .findCustomer
        case .findTicket(let customer), .createTicket(let customer), .addArticle(_, let customer):
            .findTicket(customer: customer)
        }
    }

    /// Whether it changes something in Zammad.
    package var isChange: Bool {
        switch self {
        case .findCustomer, .findTicket: false
        case .createCustomer, .createTicket, .addArticle: true
        }
    }
}

/// What came of a step.
package enum TicketOutcome: Hashable, Sendable, Codable {
    /// Found or created.
    case customer(Int)
    case noCustomer
    /// There is a ticket about this call already.
    case alreadyThere(ticket: Int)
    /// An open ticket about the same number, young enough.
    case openTicket(Int)
    case noTicket
    /// The ticket or the article is made.
    case made(ticket: Int)
    /// Not done, and Zammad as a whole is likely to be at fault.
    case unavailable(String, after: Duration? = nil)
    /// Zammad would refuse every ticket: the token, its permissions, the address.
    case misconfigured(String)
    /// Zammad refuses this one.
    case refused(String)
    /// It may or may not have been done.
    case ambiguous(String)

    package var failure: String? {
        switch self {
        case .customer, .noCustomer, .alreadyThere, .openTicket, .noTicket, .made: nil
        case .unavailable(let reason, _), .misconfigured(let reason), .refused(let reason), .ambiguous(let reason):
            reason
        }
    }
}

/// One step under way.
package struct TicketAttempt: Hashable, Sendable, Codable {
    package typealias ID = Int

    package var id: ID
    package var jobID: TicketJob.ID
    package var step: TicketStep
    package var call: EndedCall

    package init(id: ID, jobID: TicketJob.ID, step: TicketStep, call: EndedCall) {
        self.id = id
        self.jobID = jobID
        self.step = step
        self.call = call
    }
}
