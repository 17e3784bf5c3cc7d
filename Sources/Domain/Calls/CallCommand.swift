/// One event for Zammad's generic CTI endpoint.
package struct CallCommand: Hashable, Sendable, Codable {
    package enum Event: String, CaseIterable, Sendable, Codable {
        case newCall
        case answer
        case hangup
    }

    /// `direction` as Zammad spells it; it stays the same for the whole call.
    package enum Direction: String, CaseIterable, Sendable, Codable {
        case inbound = "in"
        case outbound = "out"

        /// The same as a call's direction, for people and logs.
        package var ofCall: CallDirection { self == .inbound ? .inbound : .outbound }
    }

    /// Who has answered where voicemail did: Zammad keeps such a call as a to-do, by exactly this name.
    static let voicemail = "voicemail"

    package var event: Event
    package var callID: CallID
    /// When it happened in the PBX, as far as the polls tell. Zammad stamps its own time on arrival.
    package var at: Instant
    package var direction: Direction
    package var from: String
    package var to: String
    /// `newCall`: who rings. `answer`: at most one name, and none for an outbound call, where Zammad would overwrite
    /// the customer's name with it.
    package var users: [String]
    /// The agent's extension: Zammad finds the user whose phone field is exactly that.
    package var answeringNumber: String?
    /// The agent's Zammad user id, on `answer` only. Zammad is then not told the extension, which it would try first.
    package var userID: Int?
    package var queue: String?
    /// On `hangup` only.
    package var cause: HangupCause?
    /// The Zammad that is told.
    package var zammad = ZammadName.default

    package init(
        event: Event,
        callID: CallID,
        at: Instant,
        direction: Direction,
        from: String,
        to: String,
        users: [String] = [],
        answeringNumber: String? = nil,
        userID: Int? = nil,
        queue: String? = nil,
        cause: HangupCause? = nil
    ) {
        self.event = event
        self.callID = callID
        self.at = at
        self.direction = direction
        self.from = from
        self.to = to
        self.users = users
        self.answeringNumber = answeringNumber
        self.userID = userID
        self.queue = queue
        self.cause = cause
    }
}
