/// What identifies one connection of a DN with a call: unique at one PBX until it is restarted.
package struct ParticipantKey: Hashable, Sendable, Codable {
    package var dn: String
    package var id: String

    package init(dn: String, id: String) {
        self.dn = dn
        self.id = id
    }
}
