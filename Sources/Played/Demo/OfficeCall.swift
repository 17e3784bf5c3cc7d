/// A call in the demo's office: what is still to happen, and who is part of it now.
struct OfficeCall: Sendable {
    /// Something that happens to a call.
    enum Action: Sendable {
        /// A caller waits in a queue.
        case wait(queue: String)
        /// Phones ring, for a queue or for themselves.
        case ring([String], queue: String?)
        /// The phones are still, and the caller waits on.
        case pause
        case connect(String)
        /// The talk goes to a colleague, whose phone rings.
        case transfer(to: String)
        case voicemail
        /// An agent calls out.
        case dial(String)
        /// Two agents talk to each other.
        case call(String, by: String)
        case end
    }

    /// One connection of a DN with the call.
    struct Leg: Sendable {
        var id: Int64
        var dn: String
        var status: String
        /// The queue through which it came, or `nil` for a call from outside or to it.
        var queue: String?
        /// The other side, for a call within the office.
        var colleague: String?
        var number: Int64
    }

    var id: Int64
    var party: OfficeDirectory.Party
    var isOutbound = false
    /// Kept free for this call until its end.
    var reserved: [String] = []
    /// Each with the milliseconds since the one before, the next one last.
    var plan: [(after: Int64, action: Action)]
    var legs: [Leg] = []
    var legsSoFar: Int64 = 0
}
