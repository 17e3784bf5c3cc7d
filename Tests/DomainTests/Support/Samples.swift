@testable import Domain

/// Instants of a story, in seconds from its beginning.
func second(_ seconds: Double) -> Instant {
    Instant(milliseconds: Int64(seconds * 1000))
}

let customer = "0301234567"

extension CallLeg {
    static func agent(
        _ dn: String, _ state: LegState = .ringing, name: String? = nil, isMonitored: Bool = true
    ) -> CallLeg {
        let names = ["101": "Anna", "102": "Bert", "103": "Cleo"]
        return CallLeg(dn: dn, name: name ?? names[dn], role: .agent, state: state, isMonitored: isMonitored)
    }

    static func queue(_ dn: String = "800", isMonitored: Bool = true) -> CallLeg {
        CallLeg(dn: dn, name: "Support", role: .queue, state: .connected, isMonitored: isMonitored)
    }

    static func voicemail(isMonitored: Bool = false) -> CallLeg {
        CallLeg(dn: "999", role: .voicemail, state: .connected, isMonitored: isMonitored)
    }

    static func other(_ role: LegRole, _ dn: String, _ state: LegState = .connected) -> CallLeg {
        CallLeg(dn: dn, role: role, state: state, isMonitored: true)
    }
}

extension ObservedCall {
    static func inbound(_ legs: CallLeg..., id: String = "7", from number: String? = customer) -> ObservedCall {
        ObservedCall(
            id: PBXCallID(id), direction: .inbound, external: ExternalParty(number: number), trunk: "10000",
            did: "0307654321", legs: legs)
    }

    static func outbound(_ legs: CallLeg..., id: String = "7", to number: String? = customer) -> ObservedCall {
        ObservedCall(
            id: PBXCallID(id), direction: .outbound, external: ExternalParty(number: number), trunk: "10000", legs: legs
        )
    }

    /// Without a line yet.
    static func routed(_ legs: CallLeg..., id: String = "7", to number: String) -> ObservedCall {
        ObservedCall(
            id: PBXCallID(id), direction: .outbound, external: ExternalParty(number: number), isRouted: true, legs: legs
        )
    }

    static func `internal`(_ legs: CallLeg..., id: String = "7") -> ObservedCall {
        ObservedCall(id: PBXCallID(id), direction: .internal, legs: legs)
    }

    static func undirected(_ legs: CallLeg..., id: String = "7") -> ObservedCall {
        ObservedCall(id: PBXCallID(id), direction: nil, legs: legs)
    }
}
