import Domain

/// The DNs of the simulated PBX.
enum SimulatedOffice {
    /// 101 to 104 are monitored, 105 and 106 are not.
    static func agent(_ dn: Int64, _ state: LegState) -> CallLeg {
        CallLeg(dn: String(dn), name: "Agent \(dn)", role: .agent, state: state, isMonitored: dn <= 104)
    }

    static func queue(_ state: LegState) -> CallLeg {
        CallLeg(dn: "800", name: "Support", role: .queue, state: state, isMonitored: true)
    }

    static func ringGroup(_ state: LegState) -> CallLeg {
        CallLeg(dn: "810", name: "Sales", role: .ringGroup, state: state, isMonitored: false)
    }

    static let menu = CallLeg(dn: "820", name: "Menu", role: .ivr, state: .connected, isMonitored: false)
    static let voicemail = CallLeg(
        dn: "999", name: "Voicemail", role: .voicemail, state: .connected, isMonitored: false)
    static let parking = CallLeg(dn: "SP1", name: nil, role: .other, state: .connected, isMonitored: true)
}
