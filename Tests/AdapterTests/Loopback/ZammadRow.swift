/// A row of Zammad's table `cti_logs`.
struct ZammadRow: Equatable, Sendable {
    enum State: String, Equatable, Sendable {
        case newCall, answer, hangup
    }

    let callID: String
    var state: State = .newCall
    let direction: String
    let from: String
    let to: String
    var fromComment: String?
    var toComment: String?
    var queue: String?
    /// The cause of the latest event; Zammad's column is called `comment`.
    var comment: String?
    /// False while the row is a to-do for the agents.
    var done: Bool
    /// The latest `answeringNumber` and `user_id`; Zammad uses them to find the agent and does not store them.
    var answeringNumber: String?
    var userID: LoopbackJSON?
    let initializedAt: Int64
    var startAt: Int64?
    var endAt: Int64?
    /// The agents whose screen showed the customer's ticket form, in order.
    var openedFor: [Int64] = []
    /// Every accepted request of this call, in order.
    var events: [ZammadEvent] = []

    var eventNames: [String] { events.map(\.name) }

    /// Shown as ringing in Zammad until it is hung up or ticked off.
    var isRinging: Bool { state == .newCall && !done }

    /// An ended call that still asks for a call back.
    var isMissed: Bool { state == .hangup && !done }
}
