package import Domain

/// The body of a request to Zammad's generic CTI endpoint. Fields that Zammad does not read are left out.
package struct ZammadPayload: Equatable, Sendable, Codable {
    /// One name, or the names of all who ring.
    package enum User: Equatable, Sendable {
        case one(String)
        case several([String])
    }

    package var event: CallCommand.Event
    package var callID: CallID
    package var direction: CallCommand.Direction
    package var from: String
    package var to: String
    package var user: User?
    package var answeringNumber: String?
    package var userID: Int?
    package var queue: String?
    package var cause: HangupCause?

    package init(_ command: CallCommand) {
        event = command.event
        callID = command.callID
        direction = command.direction
        from = command.from
        to = command.to
        // Zammad tries the number first, against the phone field of every active user, customers included: with both,
        // somebody else could get the agent's screen.
        answeringNumber = command.userID == nil ? command.answeringNumber : nil
        userID = command.userID
        queue = command.queue
        cause = command.cause
        switch (command.users.count, command.event) {
        case (0, _): user = nil
        // Zammad answers an array on `answer` with 500, although it applies it.
        case (1, _), (_, .answer): user = .one(command.users[0])
        default: user = .several(command.users)
        }
    }

    private enum CodingKeys: String, CodingKey {
        case event, direction, from, to, user, answeringNumber, queue, cause
        case callID = "callId"
        case userID = "user_id"
        /// Zammad reads either; the documentation of some versions names only this one.
        case callIDAgain = "call_id"
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(event, forKey: .event)
        try container.encode(callID, forKey: .callID)
        try container.encode(callID, forKey: .callIDAgain)
        try container.encode(direction, forKey: .direction)
        try container.encode(from, forKey: .from)
        try container.encode(to, forKey: .to)
        switch user {
        case .one(let name)?: try container.encode(name, forKey: .user)
        case .several(let names)?: try container.encode(names, forKey: .user)
        case nil: break
        }
        try container.encodeIfPresent(answeringNumber, forKey: .answeringNumber)
        try container.encodeIfPresent(userID, forKey: .userID)
        try container.encodeIfPresent(queue, forKey: .queue)
        try container.encodeIfPresent(cause, forKey: .cause)
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        event = try container.decode(CallCommand.Event.self, forKey: .event)
        callID = try container.decode(CallID.self, forKey: .callID)
        direction = try container.decode(CallCommand.Direction.self, forKey: .direction)
        from = try container.decode(String.self, forKey: .from)
        to = try container.decode(String.self, forKey: .to)
        answeringNumber = try container.decodeIfPresent(String.self, forKey: .answeringNumber)
        userID = try container.decodeIfPresent(Int.self, forKey: .userID)
        queue = try container.decodeIfPresent(String.self, forKey: .queue)
        cause = try container.decodeIfPresent(HangupCause.self, forKey: .cause)
        guard container.contains(.user) else { return }
        do {
            user = try .one(container.decode(String.self, forKey: .user))
        } catch is DecodingError {
            user = try .several(container.decode([String].self, forKey: .user))
        }
    }
}
