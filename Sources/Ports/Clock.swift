package import Domain

/// The time, and waiting for it.
package protocol Clock: Sendable {
    /// Never goes backwards while the process runs.
    func now() -> Instant

    /// Returns at the instant or later, at once if it has passed. Throws `CancellationError` when the calling task is
    /// cancelled.
    func sleep(until deadline: Instant) async throws
}
