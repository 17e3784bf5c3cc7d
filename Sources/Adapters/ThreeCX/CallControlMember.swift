import Domain
import Ports

/// A participant on its DN, and what it tells of its call.
struct CallControlMember: Equatable, Sendable {
    let dn: String
    let kind: DNKind
    let participant: CallControlMessages.Participant

    private var status: String { participant.status.lowercased() }

    var legState: LegState {
        switch status {
        case "ringing": .ringing
        case "dialing": .dialing
        case "connected": .connected
        case "transferring", "tryingtotransfer": .transferring
        default: .other
        }
    }

    var isOwnOrigin: Bool { participant.originDN == dn }

    /// Rings for somebody else.
    var isCalled: Bool { status == "ringing" && !isOwnOrigin }

    var isCalling: Bool { status == "dialing" || (status == "ringing" && isOwnOrigin) }

    /// Whether a queue or an IVR has taken a call.
    var isTaken: Bool { (kind == .queue || kind == .ivr) && status == "connected" }

    /// Whether the party is on a line to the outside. One that calls out is not before it shows whom it calls.
    var isOnLine: Bool {
        guard case .externalLine = CallControlType(participant.partyType), !isFeatureCode else { return false }
        return !isOutgoing || externalParty.number != nil
    }

    /// While an outbound call finds its way its party is the router, and only the length of the number tells. What
    /// begins with a dial code may be one alone: the line tells.
    var hasExternalParty: Bool {
        switch CallControlType(participant.partyType) {
        case .externalLine: !isFeatureCode
        case .routePoint, .unknown:
            (status == "dialing" || isOwnOrigin)
                && !PartyNumber.beginsWithCode(PartyNumber.plain(participant.partyNumber))
                && (PartyNumber.called(participant.partyNumber)?.count ?? 0) >= 7
        case .station, .fax: false
        }
    }

    var isInternal: Bool {
        CallControlType(participant.partyType).kind != nil || isFeatureCode
    }

    /// Whether its owner called, as far as it shows that.
    private var isOutgoing: Bool {
        status == "dialing" || isOwnOrigin
            || status != "ringing" && participant.originDN.isEmpty && participant.legID == "1"
    }

    /// Keys that set something in the PBX or at the provider, and call nobody.
    private var isFeatureCode: Bool {
        isOutgoing && PartyNumber.beginsWithCode(PartyNumber.plain(participant.partyNumber))
            && PartyNumber.called(participant.partyNumber) == nil
    }

    var externalParty: ExternalParty {
        let read = isOutgoing ? PartyNumber.dialled : PartyNumber.calling
        let name = read(participant.partyName)
        return ExternalParty(
            number: read(participant.partyNumber) ?? name,
            name: DisplayName.clean(name == nil ? participant.partyName : PartyNumber.plain(participant.partyName)))
    }

    var trunk: String? {
        if case .externalLine = CallControlType(participant.partyType), !participant.partyDN.isEmpty {
            return participant.partyDN
        }
        return nil
    }

    var did: String? {
        participant.partyDID.isEmpty ? nil : PartyNumber.plain(participant.partyDID)
    }
}
