/// A field that the PBX may send as text, number or truth value, or leave out; anything else makes its row unreadable.
///
/// Ids come as JSON numbers from one version and as strings from another.
package struct WireText: Decodable, Equatable, Sendable {
    package let text: String?

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            text = nil
        } else if let string = Self.attempt(String.self, container) {
            text = string
        } else if let integer = Self.attempt(Int64.self, container) {
            text = String(integer)
        } else if let flag = Self.attempt(Bool.self, container) {
            text = flag ? "true" : "false"
        } else {
            text = String(try container.decode(Double.self))
        }
    }

    /// `nil` if the value is of another type.
    private static func attempt<Value: Decodable>(
        _ type: Value.Type, _ container: any SingleValueDecodingContainer
    ) -> Value? {
        // Not only DecodingError: a number out of every range (1e999) is an error of the parser's own.
        do { return try container.decode(type) } catch { return nil }
    }
}

extension KeyedDecodingContainer {
    /// What a field says, in whatever type; `nil` if it is missing or says nothing.
    package func wireText(forKey key: Key) throws -> String? {
        try decodeIfPresent(WireText.self, forKey: key)?.text
    }
}

/// An element of a list that may be unreadable without spoiling the others.
package struct LossyElement<Value: Decodable & Sendable>: Decodable, Sendable {
    package let value: Value?

    package init(from decoder: any Decoder) throws {
        do { value = try Value(from: decoder) } catch { value = nil }
    }
}
