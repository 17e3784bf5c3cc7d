/// One call as a source saw it in one poll.
package struct ObservedCall: Hashable, Sendable, Codable {
    package var id: PBXCallID
    /// `nil` while the PBX does not show which way the call goes.
    package var direction: CallDirection?
    /// Whether the direction is inferred from traces, since the call was connected already when it was first seen. A
    /// call that is known to go the other way is then the same call and the guess wrong.
    package var directionIsGuess: Bool
    /// `nil` where no external party is shown.
    package var external: ExternalParty?
    /// Whether the PBX still looks for a way for an outgoing call: the number is then what was dialled, before the
    /// PBX's rules strip or add digits.
    package var isRouted: Bool
    package var trunk: String?
    package var did: String?
    package var legs: [CallLeg]

    package init(
        id: PBXCallID,
        direction: CallDirection?,
        directionIsGuess: Bool = false,
        external: ExternalParty? = nil,
        isRouted: Bool = false,
        trunk: String? = nil,
        did: String? = nil,
        legs: [CallLeg]
    ) {
        self.id = id
        self.direction = direction
        self.directionIsGuess = directionIsGuess
        self.external = external
        self.isRouted = isRouted
        self.trunk = trunk
        self.did = did
        self.legs = legs
    }

    /// Whether an outgoing call that nobody has answered does not show yet whom its line calls.
    package var awaitsNumber: Bool {
        guard isRouted || direction == .outbound && externalNumber == nil else { return false }
        return !legs.contains { $0.state == .connected && ($0.role == .agent || $0.role == .voicemail) }
    }

    /// This call with what another row of the same id adds: the PBX may list one call in several rows (a queue row and
    /// an agent row with one id were seen on 20.0).
    package func merging(_ other: ObservedCall) -> ObservedCall {
        var merged = self
        merged.direction = direction == nil || direction == .internal ? other.direction ?? direction : direction
        let showsLine = isRouted && other.trunk != nil && other.external?.number != nil
        merged.isRouted = isRouted && !showsLine
        if showsLine {
            merged.external = other.external
        } else if let external, let added = other.external {
            merged.external = ExternalParty(number: external.number ?? added.number, name: external.name ?? added.name)
        } else {
            merged.external = external ?? other.external
        }
        merged.trunk = trunk ?? other.trunk
        merged.did = did ?? other.did
        for leg in other.legs {
            guard let index = merged.legs.firstIndex(where: { $0.dn == leg.dn && $0.role == leg.role }) else {
                merged.legs.append(leg)
                continue
            }
            merged.legs[index].name = merged.legs[index].name ?? leg.name
            if merged.legs[index].state != .connected { merged.legs[index].state = leg.state }
        }
        return merged
    }
}
