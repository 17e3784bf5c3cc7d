/// The participants whose state is asked for: each once at a time, so that a late answer cannot overwrite a newer one,
/// and not too many at once.
struct ParticipantFetches: Equatable, Sendable {
    /// A question for the state of one participant.
    struct Fetch: Hashable, Sendable {
        let key: ParticipantKey
        fileprivate let ticket: UInt64
    }

    struct UnderWay: Equatable, Sendable {
        fileprivate var ticket: UInt64
        /// Whether an event has come since it was asked.
        var isOutdated = false
        /// Whether the participant is gone since.
        var isGone = false
    }

    private var underWay: [ParticipantKey: UnderWay] = [:]
    private var waiting: [ParticipantKey] = []
    private var lastTicket: UInt64 = 0

    /// Those that are asked for, or will be.
    var keys: Set<ParticipantKey> { Set(underWay.keys).union(waiting) }

    /// - Returns: `false` if more than `limit` would wait. Nobody waits then.
    mutating func want(_ key: ParticipantKey, limit: Int) -> Bool {
        if underWay[key] != nil {
            underWay[key]?.isOutdated = true
            underWay[key]?.isGone = false
        } else if !waiting.contains(key) {
            guard waiting.count < limit else {
                waiting = []
                return false
            }
            waiting.append(key)
        }
        return true
    }

    /// What would be asked for is known.
    mutating func cancel(_ key: ParticipantKey) {
        underWay[key] = nil
        waiting.removeAll { $0 == key }
    }

    mutating func cancelAll() {
        underWay = [:]
        waiting = []
    }

    /// The participant is gone.
    ///
    /// - Returns: whether it is asked for, so that the answer tells what it was like.
    mutating func gone(_ key: ParticipantKey) -> Bool {
        waiting.removeAll { $0 == key }
        underWay[key]?.isGone = true
        return underWay[key] != nil
    }

    /// - Returns: `nil` for an answer that is no longer wanted.
    mutating func answered(_ fetch: Fetch) -> UnderWay? {
        guard let state = underWay[fetch.key], state.ticket == fetch.ticket else { return nil }
        underWay[fetch.key] = nil
        return state
    }

    /// Those to be asked now.
    mutating func start(atOnce limit: Int) -> [Fetch] {
        let keys = waiting.prefix(max(0, limit - underWay.count))
        waiting.removeFirst(keys.count)
        return keys.map { key in
            lastTicket += 1
            underWay[key] = UnderWay(ticket: lastTicket)
            return Fetch(key: key, ticket: lastTicket)
        }
    }
}
