package import Domain

/// Makes tickets in a helpdesk, step by step.
package protocol TicketSystem: Sendable {
    /// Makes one attempt at a step and tells what came of it. Never throws, never tries again, and ends within a time
    /// of its own.
    func perform(_ attempt: TicketAttempt) async -> TicketOutcome
}
