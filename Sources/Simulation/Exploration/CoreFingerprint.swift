import Domain
import Synchronization

/// Two cores with the same fingerprint do the same from here on.
///
/// It is made of all that the core would write down of itself, but for what decides nothing: times count from now, ids
/// of calls by their order, and numbers that only count up are left out.
struct CoreFingerprint {
    /// Numbers of events and attempts, texts for people, counters that nothing depends on, and settings, which stay.
    private static let ignored: Set<String> = [
        "id", "eventID", "lastID", "account", "accounts", "attempts", "reason", "takenAt", "before", "since",
        "inFlight", "firstSeen", "at", "settings",
    ]
    /// Times that are closer to each other than this come from polls, which take next to no time, and are as good as
    /// one.
    private static let tick: Int64 = 50

    private let now: Instant
    /// Of the calls that Zammad was told of: the latest is 0.
    private let ranks: [CallID: Int]

    static func of(_ value: some Encodable, at now: Instant, ranks: [CallID: Int]) throws -> UInt64 {
        try CoreFingerprint(now: now, ranks: ranks).digest(value)
    }

    fileprivate func digest<Value: Encodable>(_ value: Value) throws -> UInt64 {
        // To try a cast for each of them would be most of the work.
        func cast<Kind>(to type: Kind.Type) -> Kind? { Value.self == Kind.self ? value as? Kind : nil }
        if let text = cast(to: String.self) { return Self.digest(text) }
        if let number = cast(to: Int.self) { return Self.mix(4, UInt64(bitPattern: Int64(number))) }
        if let instant = cast(to: Instant.self) {
            return Self.mix(1, UInt64(bitPattern: ((instant - now).milliseconds + Self.tick / 2) / Self.tick))
        }
        if let call = cast(to: CallID.self) { return Self.mix(2, UInt64(bitPattern: Int64(ranks[call] ?? -1))) }
        if Self.isUnordered(Value.self), let members = value as? any Unordered { return try members.digest(by: self) }
        // These write themselves as nothing else.
        if let number = cast(to: Int64.self) { return Self.mix(4, UInt64(bitPattern: number)) }
        if let number = cast(to: UInt64.self) { return Self.mix(4, number) }
        let encoder = Encoding(fingerprint: self)
        try value.encode(to: encoder)
        return encoder.digest
    }

    /// Asking every value for it would be most of the work.
    private static func isUnordered(_ type: Any.Type) -> Bool {
        let known = unordered.withLock { $0[ObjectIdentifier(type)] }
        if let known { return known }
        let answer = type is any Unordered.Type
        unordered.withLock { $0[ObjectIdentifier(type)] = answer }
        return answer
    }

    private static let unordered = Mutex<[ObjectIdentifier: Bool]>([:])

    fileprivate static func digest(_ text: String) -> UInt64 {
        text.utf8.reduce(3) { mix($0, UInt64($1)) }
    }

    fileprivate static func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
        var value = (left &* 0x9E37_79B9_7F4A_7C15) ^ (right &+ 0xD1B5_4A32_D192_ED03)
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    fileprivate static func ignores(_ key: any CodingKey) -> Bool { ignored.contains(key.stringValue) }
}

/// What equals another in whatever order it is written.
private protocol Unordered {
    func digest(by fingerprint: CoreFingerprint) throws -> UInt64
}

extension Set: Unordered where Element: Encodable {
    fileprivate func digest(by fingerprint: CoreFingerprint) throws -> UInt64 {
        try reduce(5) { try $0 &+ fingerprint.digest($1) }
    }
}

extension Dictionary: Unordered where Key: Encodable, Value: Encodable {
    fileprivate func digest(by fingerprint: CoreFingerprint) throws -> UInt64 {
        try reduce(6) { sum, member in
            // Keys that are numbers are those of events and attempts.
            let key = member.key is Int ? 0 : try fingerprint.digest(member.key)
            return try sum &+ CoreFingerprint.mix(key, fingerprint.digest(member.value))
        }
    }
}

/// Takes in what a value says of itself, in its order.
private final class Encoding: Encoder, SingleValueEncodingContainer, UnkeyedEncodingContainer {
    let codingPath: [any CodingKey] = []
    let userInfo: [CodingUserInfoKey: Any] = [:]
    private let fingerprint: CoreFingerprint
    private(set) var digest: UInt64 = 7
    private(set) var count = 0

    init(fingerprint: CoreFingerprint) { self.fingerprint = fingerprint }

    func take(_ value: some Encodable, under key: (any CodingKey)? = nil) throws {
        if let key {
            guard !CoreFingerprint.ignores(key) else { return }
            digest = CoreFingerprint.mix(digest, CoreFingerprint.digest(key.stringValue))
        }
        digest = CoreFingerprint.mix(digest, try fingerprint.digest(value))
        count += 1
    }

    /// Values of Swift's own types that write themselves as nothing else.
    func encodeNil() { digest = CoreFingerprint.mix(digest, 8) }
    func encode(_ value: Bool) { digest = CoreFingerprint.mix(digest, value ? 9 : 10) }
    func encode(_ value: Double) { digest = CoreFingerprint.mix(digest, value.bitPattern) }
    func encode(_ value: Float) { digest = CoreFingerprint.mix(digest, UInt64(value.bitPattern)) }
    func encode(_ value: some Encodable) throws { try take(value) }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        KeyedEncodingContainer(Keyed(encoding: self))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer { self }
    func singleValueContainer() -> any SingleValueEncodingContainer { self }
    func nestedContainer<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        KeyedEncodingContainer(Keyed(encoding: self))
    }
    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { self }
    func superEncoder() -> any Encoder { self }

    struct Keyed<Key: CodingKey>: KeyedEncodingContainerProtocol {
        let encoding: Encoding
        let codingPath: [any CodingKey] = []

        func encodeNil(forKey key: Key) { if !CoreFingerprint.ignores(key) { encoding.encodeNil() } }
        func encode(_ value: Bool, forKey key: Key) { if !CoreFingerprint.ignores(key) { encoding.encode(value) } }
        func encode(_ value: Double, forKey key: Key) { if !CoreFingerprint.ignores(key) { encoding.encode(value) } }
        func encode(_ value: some Encodable, forKey key: Key) throws { try encoding.take(value, under: key) }

        /// The name of the case of an enum comes this way, with what belongs to it.
        func nestedContainer<Nested: CodingKey>(
            keyedBy type: Nested.Type, forKey key: Key
        ) -> KeyedEncodingContainer<Nested> {
            encoding.encodeName(of: key)
            return KeyedEncodingContainer<Nested>(Keyed<Nested>(encoding: encoding))
        }

        func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
            encoding.encodeName(of: key)
            return encoding
        }

        func superEncoder() -> any Encoder { encoding }
        func superEncoder(forKey key: Key) -> any Encoder { encoding }
    }

    func encodeName(of key: any CodingKey) {
        digest = CoreFingerprint.mix(digest, CoreFingerprint.digest(key.stringValue))
    }
}
