/// Any key, to find those that a fixture has and the format does not.
private struct AnyKey: CodingKey {
    let stringValue: String
    let intValue: Int? = nil

    init?(stringValue: String) {
        self.stringValue = stringValue
    }

    init?(intValue: Int) {
        nil
    }
}

extension Decoder {
    /// A misspelt key would otherwise silently change what a fixture tests.
    func container<Key: CodingKey & CaseIterable>(ofKnown type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        let known = type.allCases.map(\.stringValue)
        let given = try container(keyedBy: AnyKey.self).allKeys.map(\.stringValue)
        guard let unknown = given.filter({ !known.contains($0) }).min() else { return try container(keyedBy: type) }
        throw DecodingError.dataCorrupted(
            .init(
                codingPath: codingPath,
                debugDescription: "unknown key \"\(unknown.prefix(60))\"; known are \(known.joined(separator: ", "))"))
    }
}

extension KeyedDecodingContainer {
    /// One of a fixed set of names; the failure lists them.
    func decodeName<Name: RawRepresentable<String> & CaseIterable>(_ type: Name.Type, forKey key: Key) throws -> Name {
        let text = try decode(String.self, forKey: key)
        guard let name = Name(rawValue: text) else {
            let known = Name.allCases.map(\.rawValue).joined(separator: ", ")
            throw DecodingError.dataCorruptedError(
                forKey: key, in: self, debugDescription: "unknown value \"\(text.prefix(60))\"; known are \(known)")
        }
        return name
    }

    /// Seconds since the start of a session, as milliseconds.
    func decodeSeconds(forKey key: Key) throws -> Int64 {
        let seconds = try decode(Double.self, forKey: key)
        guard (0...1_000_000).contains(seconds) else {
            throw DecodingError.dataCorruptedError(
                forKey: key, in: self,
                debugDescription: "\(key.stringValue) must be 0 to 1000000 seconds since the start")
        }
        return Int64((seconds * 1000).rounded())
    }
}
