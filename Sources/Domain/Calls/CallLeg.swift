/// One of the PBX's own DNs that takes part in a call.
package struct CallLeg: Hashable, Sendable, Codable {
    package var dn: String
    package var name: String?
    package var role: LegRole
    package var state: LegState
    /// Whether this DN is one that the bridge was told to watch.
    package var isMonitored: Bool

    package init(dn: String, name: String? = nil, role: LegRole, state: LegState, isMonitored: Bool) {
        self.dn = dn
        self.name = name
        self.role = role
        self.state = state
        self.isMonitored = isMonitored
    }
}

/// What kind of DN a leg is on. Only an agent can answer: connected to any other role the caller hears music or a
/// machine.
package enum LegRole: String, CaseIterable, Sendable, Codable {
    case agent
    case queue
    case ringGroup
    case ivr
    case voicemail
    /// Parking, fax, conference, a forward to the outside, or not known.
    case other
}

/// What a leg does.
package enum LegState: String, CaseIterable, Sendable, Codable {
    /// The other side calls this DN.
    case ringing
    /// This DN calls the other side.
    case dialing
    case connected
    case transferring
    /// A state that this version does not know: the leg is still there, nothing more.
    case other
}
