package import Domain

/// What becomes of a ticket, in one sentence.
package enum TicketWords {
    /// `nil` for what nobody needs to hear of: that a request fails once more.
    package static func sentence(_ news: TicketNews) -> String? {
        switch news {
        case .done(_, .created(let ticket)): "ticket \(ticket) created"
        case .done(_, .added(let ticket)): "call added to the open ticket \(ticket)"
        case .done(_, .alreadyThere(let ticket)): "the call has its ticket already: \(ticket)"
        case .done(_, .skipped(let reason)): "no ticket: \(reason)"
        case .postponed(let job, _) where job.failures > 1: nil
        case .postponed(_, let reason): "ticket not made yet: \(reason)"
        case .deadLettered(_, let reason): "ticket given up: \(reason)"
        case .dropped: "ticket discarded by the operator"
        }
    }

    package static func reason(_ news: TicketNews) -> String? {
        switch news {
        case .done(_, .skipped(let reason)), .postponed(_, let reason), .deadLettered(_, let reason): reason
        case .done, .dropped: nil
        }
    }

    /// Of a ticket that is neither made nor left out yet.
    package static func state(_ job: TicketJob) -> String { job.isDead ? "deadLetter" : "pending" }
}
