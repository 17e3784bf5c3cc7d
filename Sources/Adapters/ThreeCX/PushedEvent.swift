/// One event that the PBX has pushed.
package struct PushedEvent<Participant: Hashable & Sendable & Codable>: Hashable, Sendable, Codable {
    package enum Change: Hashable, Sendable, Codable {
        /// The participant is new or has changed; what it is like now may come with the event, and has to be asked
        /// otherwise.
        case upserted(ParticipantKey, Participant?)
        case removed(ParticipantKey)
        /// Something that only a full look can tell: a DN as a whole, or an event that cannot be read.
        case unclear(String)
        /// Nothing that says where calls are; it counts in the sequence only.
        case irrelevant

        /// The participant that it is about.
        package var key: ParticipantKey? {
            switch self {
            case .upserted(let key, _), .removed(let key): key
            case .unclear, .irrelevant: nil
            }
        }
    }

    /// Grows by one with each event of a connection, as far as the PBX gives it.
    package var sequence: Int64?
    package var change: Change

    package init(sequence: Int64?, _ change: Change) {
        self.sequence = sequence
        self.change = change
    }
}
