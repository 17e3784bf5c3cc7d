package import Domain
package import Wire

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
    }

    /// The members of the JSON object.
    package var parameters: [String: JSONValue] {
        var parameters: [String: JSONValue] = [
            // Zammad reads either id; the documentation of some versions names only the second.
            "event": .string(event.rawValue), "callId": .string(callID.text), "call_id": .string(callID.text),
            "direction": .string(direction.rawValue), "from": .string(from), "to": .string(to),
        ]
        switch user {
        case .one(let name)?: parameters["user"] = .string(name)
        case .several(let names)?: parameters["user"] = .array(names.map(JSONValue.string))
        case nil: break
        }
        if let answeringNumber { parameters["answeringNumber"] = .string(answeringNumber) }
        if let userID { parameters["user_id"] = .integer(Int64(userID)) }
        if let queue { parameters["queue"] = .string(queue) }
        if let cause { parameters["cause"] = .string(cause.rawValue) }
        return parameters
    }

    package func encode(to encoder: any Encoder) throws {
        try parameters.encode(to: encoder)
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
