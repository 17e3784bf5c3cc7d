/// One event that the PBX has pushed.
struct PushedEvent<Participant: Hashable & Sendable>: Hashable, Sendable {
    enum Change: Hashable, Sendable {
        /// The participant is new or has changed; what it is like now may come with the event, and has to be asked
        /// otherwise.
        case upserted(ParticipantKey, Participant?)
        case removed(ParticipantKey)
        /// Something that only a full poll can tell: a DN as a whole, or an event that cannot be read.
        case unclear(String)
        /// Nothing that says where calls are; it counts in the sequence only.
        case irrelevant

        /// The participant that it is about.
        var key: ParticipantKey? {
            switch self {
            case .upserted(let key, _), .removed(let key): key
            case .unclear, .irrelevant: nil
            }
        }
    }

    /// Grows by one with each event of a connection, as far as the PBX gives it.
    var sequence: Int64?
    var change: Change

    init(sequence: Int64?, _ change: Change) {
        self.sequence = sequence
        self.change = change
    }
}

/// The participants that events have named, each once, in the order of the first.
struct NamedParticipants: Equatable, Sendable {
    private(set) var order: [ParticipantKey] = []
    private var named: Set<ParticipantKey> = []
    /// Those whose last event said that they are gone.
    private(set) var removed: Set<ParticipantKey> = []
    private(set) var hasOverflowed = false

    mutating func append<Participant>(_ change: PushedEvent<Participant>.Change, limit: Int) {
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
