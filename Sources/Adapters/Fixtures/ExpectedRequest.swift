package import Domain
import Wire

/// A request to Zammad with the time at which it goes out.
package struct ExpectedRequest: Equatable, Sendable, Codable {
    /// Milliseconds since the start of the session; seconds in the file.
    package var at: Int64
    package var payload: ZammadPayload
    package var zammad: ZammadName

    package init(at: Int64, payload: ZammadPayload, zammad: ZammadName = .default) {
        self.at = at
        self.payload = payload
        self.zammad = zammad
    }

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case at, zammad, event, direction, from, to, user, answeringNumber, queue, cause
        case callID = "callId"
        case userID = "user_id"
        /// `--format json` prints what goes to Zammad, which has the id twice.
        case callIDAgain = "call_id"
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(ofKnown: CodingKeys.self)
        at = try container.decodeSeconds(forKey: .at)
        _ = try container.decodeName(CallCommand.Event.self, forKey: .event)
        _ = try container.decodeName(CallCommand.Direction.self, forKey: .direction)
        if container.contains(.cause) { _ = try container.decodeName(HangupCause.self, forKey: .cause) }
        payload = try ZammadPayload(from: decoder)
        zammad = try container.decodeIfPresent(ZammadName.self, forKey: .zammad) ?? .default
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(Double(at) / 1000, forKey: .at)
        try container.encodeIfPresent(zammad.shown, forKey: .zammad)
        try payload.encode(to: encoder)
    }

    /// The request's fields in the order in which people read them, as JSON literals.
    package var fields: [(name: String, value: String)] {
        var fields: [(String, String)] = [
            ("at", Seconds.text(at)),
            ("event", FixtureJSON.literal(payload.event.rawValue)),
            ("callId", FixtureJSON.literal(payload.callID.text)),
            ("direction", FixtureJSON.literal(payload.direction.rawValue)),
            ("from", FixtureJSON.literal(payload.from)),
            ("to", FixtureJSON.literal(payload.to)),
        ]
        if let zammad = zammad.shown { fields.insert(("zammad", FixtureJSON.literal(zammad)), at: 1) }
        switch payload.user {
        case .one(let name)?: fields.append(("user", FixtureJSON.literal(name)))
        case .several(let names)?:
            fields.append(("user", "[" + names.map(FixtureJSON.literal).joined(separator: ", ") + "]"))
        case nil: break
        }
        if let number = payload.answeringNumber { fields.append(("answeringNumber", FixtureJSON.literal(number))) }
        if let id = payload.userID { fields.append(("user_id", String(id))) }
        if let queue = payload.queue { fields.append(("queue", FixtureJSON.literal(queue))) }
        if let cause = payload.cause { fields.append(("cause", FixtureJSON.literal(cause.rawValue))) }
        return fields
    }

    /// One line of JSON.
    package var line: String {
        "{ " + fields.map { "\"\($0.name)\": \($0.value)" }.joined(separator: ", ") + " }"
    }
}

/// Milliseconds written as seconds.
package enum Seconds {
    /// Without needless zeros: `12`, `12.5`.
    package static func text(_ milliseconds: Int64) -> String {
        let (whole, rest) = milliseconds.quotientAndRemainder(dividingBy: 1000)
        guard rest != 0 else { return String(whole) }
        var digits = String(rest + 1000).dropFirst()
        while digits.last == "0" { digits.removeLast() }
        return "\(whole).\(digits)"
    }

    /// With three decimals, for columns.
    package static func column(_ milliseconds: Int64) -> String {
        let (whole, rest) = milliseconds.quotientAndRemainder(dividingBy: 1000)
        return "\(whole).\(String(rest + 1000).dropFirst())"
    }
}
