import Domain

/// A request on its way to Zammad.
struct SimulatedRequest: Sendable {
    /// What the bridge learns of it.
    enum Ending: Sendable {
        /// Zammad's answer, so much later.
        case answer(after: Int64)
        /// The bridge has heard something else, or will.
        case nothing
        /// The connection breaks so much after Zammad has worked it off.
        case broken(after: Int64)
    }

    var process: Int
    var attempt: DeliveryAttempt
    /// What goes over the wire.
    var command: CallCommand
    var ending: Ending
    /// The bridge has given up waiting before it arrives.
    var isLate = false
    var isCancelled = false
    var hasArrived = false
    var isFinished = false
}
