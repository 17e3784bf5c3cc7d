package import Domain

/// Delivers single commands to a helpdesk.
package protocol CommandSink: Sendable {
    /// Makes one attempt and tells what came of it. Never throws, never tries again, and ends within a time of its own;
    /// a cancelled attempt that may have been sent is `ambiguous`.
    func deliver(_ command: CallCommand) async -> DeliveryOutcome

    /// Asks whether the helpdesk has the hangup, and changes nothing. Ends within a time of its own. `unverifiable`
    /// where it cannot be asked.
    func lookUp(_ hangup: CallCommand) async -> DeliveryOutcome
}

extension CommandSink {
    /// Makes the request that the outbox wants.
    package func perform(_ attempt: DeliveryAttempt) async -> DeliveryOutcome {
        attempt.purpose == .lookUp ? await lookUp(attempt.command) : await deliver(attempt.command)
    }
}
