/// A dictionary that knows what has changed in it since somebody last asked.
struct TrackedDictionary<Key: Hashable & Sendable & Encodable, Value: Equatable & Sendable & Encodable>: Equatable,
    Sendable, Encodable
{
    private(set) var values: [Key: Value] = [:]
    /// What the changed keys held before; `nil` inside for nothing.
    private var before: [Key: Value?] = [:]

    init(_ values: [Key: Value] = [:]) {
        self.values = values
    }

    subscript(key: Key) -> Value? {
        get { values[key] }
        set {
            if before[key] == nil { before.updateValue(values[key], forKey: key) }
            values[key] = newValue
        }
    }

    /// Keys with what they held before and hold now, where these differ.
    mutating func takeChanges() -> [(key: Key, before: Value?, now: Value?)] {
        defer { before = [:] }
        return before.compactMap { key, old in
            let now = values[key]
            return old == now ? nil : (key, old, now)
        }
    }

    /// What has changed is bookkeeping for the journal, not state.
    static func == (left: Self, right: Self) -> Bool {
        left.values == right.values
    }
}
