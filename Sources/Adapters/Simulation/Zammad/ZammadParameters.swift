/// The parameters that Zammad reads from a CTI request, with the limits of its database columns.
package struct ZammadParameters: Equatable, Sendable {
    package let raw: [String: JSONValue]
    package let event: String?
    package let direction: String
    /// `callId` wins over `call_id`, `callid` is ignored.
    package let callID: String?
    /// Settable because Zammad rewrites the caller id of outbound calls.
    package var from: String?
    package let to: String?
    /// An array is joined with ", ".
    package let user: String?
    package let userIsNoText: Bool
    package let queue: String?
    package let cause: String?
    package let answeringNumber: String?
    package let userID: JSONValue?

    package init(_ raw: [String: JSONValue], direction: String) throws(ZammadRefusal) {
        self.raw = raw
        self.direction = direction
        event = raw["event"]?.string
        let preferredID = try Self.scalar(raw["callId"])
        let otherID = try Self.scalar(raw["call_id"])
        callID = preferredID ?? otherID
        from = try Self.scalar(raw["from"])
        to = try Self.scalar(raw["to"])
        queue = try Self.scalar(raw["queue"])
        cause = try Self.scalar(raw["cause"])
        answeringNumber = try Self.scalar(raw["answeringNumber"])
        userID = raw["user_id"] == .null ? nil : raw["user_id"]
        switch raw["user"] {
        case .array(let elements)?:
            var names: [String] = []
            for element in elements {
                let name = try Self.scalar(element)
                names.append(name ?? "")
            }
            user = names.joined(separator: ", ")
            userIsNoText = !elements.isEmpty
        case let other:
            user = try Self.scalar(other)
            userIsNoText = other != nil && other != .null && other?.string == nil
        }
        try checkLimits()
    }

    /// Ruby's `present?`: not blank.
    package var presentUser: String? { Self.present(user) }
    package var presentQueue: String? { Self.present(queue) }

    package func event(at now: Int64, effect: ZammadEvent.Effect) -> ZammadEvent {
        ZammadEvent(name: event ?? "", at: now, effect: effect, parameters: raw)
    }

    /// Lengths are characters (varchar), and PostgreSQL takes no NUL in a text. For an answer or hangup `from` and `to`
    /// are not stored, so their length does not matter.
    private func checkLimits() throws(ZammadRefusal) {
        let texts: [(String?, Int)] = [
            (event == "newCall" ? from : nil, 100), (event == "newCall" ? to : nil, 100),
            (event == "newCall" ? callID : nil, 250), (event == "hangup" ? nil : user, 250),
            (event == "newCall" ? queue : nil, 250), (cause, 500),
        ]
        for (text, limit) in texts where (text?.unicodeScalars.count ?? 0) > limit {
            throw .internalError(status: 422)
        }
        for text in [callID, from, to, user, queue, cause] where text?.unicodeScalars.contains("\0") == true {
            throw .internalError(status: 422)
        }
    }

    /// Numbers and booleans are stored as text; lists and objects where a text belongs are an internal error (not
    /// observed; the strict reading).
    private static func scalar(_ value: JSONValue?) throws(ZammadRefusal) -> String? {
        switch value {
        case nil, .null?: nil
        case .string(let text)?: text
        case .integer(let number)?: String(number)
        case .fraction(let number)?: String(number)
        case .bool(let flag)?: String(flag)
        case .array?, .object?: throw .internalError(status: 500)
        }
    }

    private static func present(_ text: String?) -> String? {
        guard let text, text.contains(where: { !$0.isWhitespace }) else { return nil }
        return text
    }
}
