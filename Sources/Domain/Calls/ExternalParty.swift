/// The party of a call that is outside the PBX, as the PBX shows it.
package struct ExternalParty: Hashable, Sendable, Codable {
    /// As the PBX gives it, in any of its forms; `nil` for an anonymous caller.
    package var number: String?
    package var name: String?

    package init(number: String? = nil, name: String? = nil) {
        self.number = number
        self.name = name
    }
}
