/// The participants that events have named, each once, in the order of the first.
struct NamedParticipants: Equatable, Sendable {
    private(set) var order: [ParticipantKey] = []
    private var named: Set<ParticipantKey> = []
    /// Those whose last event said that they are gone.
    private(set) var removed: Set<ParticipantKey> = []
    private(set) var hasOverflowed = false

    mutating func append(_ change: CallControlEvent.Change, limit: Int) {
        // Of all else the poll that is awaited tells.
        guard let key = change.key else { return }
        if named.contains(key) {
            removed.remove(key)
        } else if order.count < limit {
            order.append(key)
            named.insert(key)
        } else {
            hasOverflowed = true
            return
        }
        if case .removed = change { removed.insert(key) }
    }
}
