/// What the configuration calls a phone system or a Zammad. Never empty; `default` for one that the configuration
/// does not name.
///
/// Logs, metrics and JSON leave the default name out: whoever has one phone system and one Zammad reads of no names.
package struct PeerName<Peer>: Hashable, Sendable {
    package let text: String

    /// `nil` for an empty text.
    package init?(_ text: String) {
        guard !text.isEmpty else { return nil }
        self.text = text
    }

    private init(unchecked text: String) {
        self.text = text
    }

    /// The parentheses keep it apart from every name that a configuration can give.
    package static var `default`: PeerName { PeerName(unchecked: "(default)") }

    /// As output shows it; `nil` for the default name.
    package var shown: String? { self == .default ? nil : text }
}

package typealias PhoneSystemName = PeerName<PhoneSystem>
package typealias ZammadName = PeerName<Zammad>

extension PeerName: Comparable {
    package static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}

extension PeerName: CustomStringConvertible {
    package var description: String { text }
}

extension PeerName: ExpressibleByStringLiteral {
    package init(stringLiteral text: String) {
        precondition(!text.isEmpty, "a name is never empty")
        self.init(unchecked: text)
    }
}

extension PeerName: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let name = PeerName(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "a name is never empty")
        }
        self = name
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

/// The default name is left out of what is written down, and files of versions that knew no names have none. The
/// compiler chooses these for members of that type; without them, each of the six types with such a member would need a
/// coding of its own.
extension KeyedEncodingContainer {
    mutating func encode<Peer>(_ name: PeerName<Peer>, forKey key: Key) throws {
        try encodeIfPresent(name.shown, forKey: key)
    }
}

extension KeyedDecodingContainer {
    func decode<Peer>(_ type: PeerName<Peer>.Type, forKey key: Key) throws -> PeerName<Peer> {
        try decodeIfPresent(type, forKey: key) ?? .default
    }
}
