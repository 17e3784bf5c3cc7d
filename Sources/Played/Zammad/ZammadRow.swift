/// A row of Zammad's table `cti_logs`.
package struct ZammadRow: Equatable, Sendable {
    package enum State: String, Equatable, Sendable {
        case newCall, answer, hangup
    }

    package let callID: String
    package var state: State = .newCall
    package let direction: String
    package let from: String
    package let to: String
    package var fromComment: String?
    package var toComment: String?
    package var queue: String?
    /// The cause of the latest event; Zammad's column is called `comment`.
    package var comment: String?
    /// False while the row is a to-do for the agents.
    package var done: Bool
    /// The latest; Zammad uses it to find the agent and does not store it.
    package var answeringNumber: String?
    package let initializedAt: Int64
    package var startAt: Int64?
    package var endAt: Int64?
    /// The agents whose screen showed the customer's ticket form, in order.
    package var openedFor: [Int64] = []
    /// Every accepted request of this call, in order.
    package var events: [ZammadEvent] = []

    package var eventNames: [String] { events.map(\.name) }

    /// Shown as ringing in Zammad until it is hung up or ticked off.
    package var isRinging: Bool { state == .newCall && !done }

    /// An ended call that still asks for a call back.
    package var isMissed: Bool { state == .hangup && !done }
}
