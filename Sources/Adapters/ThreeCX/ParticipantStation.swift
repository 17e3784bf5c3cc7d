/// A DN with the participants on it, in the order in which the PBX lists or tells them.
package struct ParticipantStation<Participant: Hashable & Sendable & Codable>: Hashable, Sendable, Codable {
    package struct Member: Hashable, Sendable, Codable {
        package var id: String
        package var participant: Participant

        package init(id: String, participant: Participant) {
            self.id = id
            self.participant = participant
        }
    }

    package var dn: String
    /// The PBX's name for the kind of DN.
    package var type: String
    /// Whether what happens on it matters; nothing is asked about the others.
    package var isFollowed: Bool
    package var members: [Member]

    package init(dn: String, type: String, isFollowed: Bool = true, members: [Member] = []) {
        self.dn = dn
        self.type = type
        self.isFollowed = isFollowed
        self.members = members
    }
}
