package import Domain

/// Delivers single commands to a helpdesk.
package protocol CommandSink: Sendable {
    /// Makes one attempt and tells what came of it. Never throws, never tries again, and ends within a time of its own;
    /// a cancelled attempt that may have been sent is `ambiguous`.
    func deliver(_ command: CallCommand) async -> DeliveryOutcome
}
