package import Wire

/// The parameters that Zammad reads from a CTI request, as it stores them: cut to the length of the column, and without
/// NUL.
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
        from = try Self.text(raw["from"], 100)
        to = try Self.text(raw["to"], 100)
        queue = try Self.text(raw["queue"], 250)
        cause = try Self.text(raw["cause"], 500)
        answeringNumber = try Self.scalar(raw["answeringNumber"])
        userID = raw["user_id"] == .null ? nil : raw["user_id"]
        switch raw["user"] {
        case .array(let elements)?:
            var names: [String] = []
            for element in elements {
                let name = try Self.scalar(element)
                names.append(name ?? "")
            }
            user = Self.fitted(names.joined(separator: ", "), 250)
            userIsNoText = !elements.isEmpty
        case let other:
            user = try Self.text(other, 250)
            userIsNoText = other != nil && other != .null && other?.string == nil
        }
        // It is looked for before it is stored, and no text of PostgreSQL has a NUL.
        if callID?.unicodeScalars.contains("\0") == true { throw .internalError(status: 422) }
    }

    /// What Zammad keeps of the id, under which it then does not find the row of a longer one.
    package var storedCallID: String? { callID.map { Self.fitted($0, 250) } }

    /// Ruby's `present?`: not blank.
    package var presentUser: String? { Self.present(user) }
    package var presentQueue: String? { Self.present(queue) }

    package func event(_ effect: ZammadEvent.Effect) -> ZammadEvent {
        ZammadEvent(name: event ?? "", effect: effect, parameters: raw)
    }

    private static func text(_ value: JSONValue?, _ longest: Int) throws(ZammadRefusal) -> String? {
        try scalar(value).map { fitted($0, longest) }
    }

    /// Lengths are characters (varchar).
    private static func fitted(_ text: String, _ longest: Int) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter { $0 != "\0" }.prefix(longest)))
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
