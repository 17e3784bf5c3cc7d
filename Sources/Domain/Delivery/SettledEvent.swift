/// An event that left its lane without having been delivered for certain; the operator may send it again or drop it.
package struct SettledEvent: Equatable, Sendable, Codable {
    package enum Outcome: String, CaseIterable, Sendable, Codable {
        /// Zammad refuses it, or it grew too old.
        case deadLetter
        /// The hangup of an unanswered inbound call that may or may not have arrived.
        case unconfirmed
    }

    package var event: OutboxEvent
    package var outcome: Outcome
    package var reason: String
    package var at: Instant
    /// What the lane of the call knew, so that it can be made anew.
    var opening: CallCommand
    var deliveredAnswer: CallCommand?
    /// `nil` for no.
    var isRejected: Bool?
}
