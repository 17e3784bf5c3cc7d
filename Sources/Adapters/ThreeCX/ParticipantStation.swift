/// A DN with the participants on it, in the order in which the PBX lists or tells them.
struct ParticipantStation: Equatable, Sendable {
    var dn: String
    /// The PBX's name for the kind of DN.
    var type: String
    /// Whether what happens on it matters; nothing is asked about the others.
    var isFollowed = true
    var participants: [CallControlMessages.Participant] = []
}

/// What identifies one connection of a DN with a call: unique at one PBX until it is restarted.
struct ParticipantKey: Hashable, Comparable, Sendable {
    var dn: String
    var id: String

    static func < (left: Self, right: Self) -> Bool { (left.dn, left.id) < (right.dn, right.id) }
}
