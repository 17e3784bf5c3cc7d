import Domain
import Ports

/// Makes calls out of participants: one call is what has one `callid`, on however many DNs.
///
/// Which way a call goes can be read only while it is set up, so that it is latched when a call is first seen, and kept
/// for a while after its last leg is gone: between the waves of a queue and in a transfer a call has no leg for a
/// moment.
struct CallControlAggregator: Sendable {
    fileprivate struct Latch: Sendable {
        var direction: CallDirection
        var directionIsGuess: Bool
        var external: ExternalParty
        /// Whether no line has been shown yet.
        var isRouted: Bool
        var trunk: String?
        var did: String?
        var participants: Set<ParticipantKey>
        /// The first poll that did not show the call; `nil` while it is shown.
        var missingSince: Instant?
    }

    private struct Known: Sendable {
        var members: [CallControlMember]
        var call: ObservedCall
    }

    private var latches: [PBXCallID: Latch] = [:]
    /// The last picture, and the calls in it: one whose members are the same is not looked into again. 1,000 calls
    /// would cost 10 ms with each event.
    private var stations: [ParticipantStation] = []
    private var kinds: [String: DNKind] = [:]
    private var known: [PBXCallID: Known] = [:]
    /// Sorted by id.
    private var calls: [ObservedCall] = []

    /// How long a latch outlives its call. The PBX gives an id a second time only after a restart.
    private let retention: Duration

    private let voicemail: [NumberPattern]

    /// `grace`: how long a call without legs has not ended; it must find its latch when it comes back within it.
    /// `voicemail`: DNs that are voicemail, of whatever type the PBX says that they are.
    init(grace: Duration = .zero, voicemail: [NumberPattern] = []) {
        self.voicemail = voicemail
        retention = max(.seconds(10), grace + .seconds(2))
    }

    /// The calls in one picture, sorted by id.
    mutating func aggregate(_ picture: [ParticipantStation], at now: Instant) -> [ObservedCall] {
        if picture != stations { look(at: picture) }
        for (id, latch) in latches where known[id] == nil {
            if let since = latch.missingSince {
                if now - since > retention { latches[id] = nil }
            } else {
                latches[id]?.missingSince = now
            }
        }
        return calls
    }

    private mutating func look(at picture: [ParticipantStation]) {
        stations = picture
        let before = kinds
        kinds = kinds(of: picture)
        if kinds != before { known = [:] }
        var seen: [PBXCallID: Known] = [:]
        for (id, members) in members() {
            let last = known[id]
            seen[id] = last?.members == members ? last : Known(members: members, call: observe(id, members))
        }
        known = seen
        calls = seen.values.map(\.call).sorted { $0.id < $1.id }
    }

    private func kinds(of stations: [ParticipantStation]) -> [String: DNKind] {
        var kinds: [String: DNKind] = [:]
        for station in stations where station.isFollowed {
            let isVoicemail = voicemail.contains { $0.matches(station.dn) }
            kinds[station.dn] = isVoicemail ? .voicemail : CallControlType(station.type).kind ?? .other
        }
        return kinds
    }

    private func members() -> [PBXCallID: [CallControlMember]] {
        var members: [PBXCallID: [CallControlMember]] = [:]
        for station in stations where station.isFollowed {
            let kind = kinds[station.dn] ?? .other
            for participant in station.participants {
                members[participant.callID, default: []].append(
                    CallControlMember(dn: station.dn, kind: kind, participant: participant))
            }
        }
        return members
    }

    private mutating func observe(_ id: PBXCallID, _ members: [CallControlMember]) -> ObservedCall {
        let legs = legs(of: members)
        let keys = Set(members.map { ParticipantKey(dn: $0.dn, id: $0.participant.id) })
        guard let outside = Self.outside(of: members, latches[id]) else {
            // What was dialled has turned out to be inside.
            if latches[id]?.isRouted == true, members.allSatisfy(\.isInternal) { latches[id] = nil }
            guard var latch = latches[id] else {
                let isSettled = members.contains { $0.isInternal }
                return ObservedCall(id: id, direction: isSettled ? .internal : nil, legs: legs)
            }
            latch.missingSince = nil
            latch.participants = keys
            latches[id] = latch
            return ObservedCall(latch, id: id, legs: legs)
        }
        let external = outside.externalParty
        var latch = latches[id]
        if let known = latch, known.participants.isDisjoint(with: keys), !known.external.canBe(external) {
            latch = nil
        }
        let (direction, isGuess) = Self.direction(of: members)
        var seen = Latch(
            direction: latch?.direction ?? direction,
            directionIsGuess: latch?.directionIsGuess ?? isGuess,
            external: ExternalParty(
                number: external.number ?? latch?.external.number, name: external.name ?? latch?.external.name),
            isRouted: !outside.isOnLine && latch?.isRouted != false,
            trunk: outside.trunk ?? latch?.trunk,
            did: members.lazy.compactMap(\.did).first ?? latch?.did,
            participants: keys
        )
        // Once a line has shown a number, digits that are dialled later, and the number of another line, are of another
        // leg.
        if let latch, !latch.isRouted, latch.external.number != nil,
            !outside.isOnLine || !latch.external.canBe(external)
        {
            (seen.external, seen.trunk) = (latch.external, latch.trunk ?? seen.trunk)
        }
        latches[id] = seen
        return ObservedCall(seen, id: id, legs: legs)
    }

    /// Who shows the outside party: a line rather than digits that are dialled. A call that is forwarded to an outside
    /// number has two of them: its own is the one that is known already, or else the one who calls.
    private static func outside(of members: [CallControlMember], _ latch: Latch?) -> CallControlMember? {
        let parties = members.filter(\.hasExternalParty)
        let lines = parties.filter(\.isOnLine)
        let candidates = lines.isEmpty ? parties : lines
        if let latch, let same = candidates.first(where: { $0.externalParty.canBe(latch.external) }) { return same }
        return candidates.first { $0.isCalled || $0.isTaken } ?? candidates.first
    }

    /// Dialing is a connection that its owner began, Ringing one that the other side began (3CX's .NET documentation);
    /// but the phone of an agent who calls by a click reads Ringing as well, and is then its own origin. A queue dials
    /// to call somebody back, or an outside agent for a caller whom it has taken. A call that is connected when first
    /// seen shows it only by traces.
    private static func direction(of members: [CallControlMember]) -> (direction: CallDirection, isGuess: Bool) {
        let outside = members.filter(\.hasExternalParty)
        if outside.contains(where: \.isCalled) { return (.inbound, false) }
        if outside.contains(where: \.isCalling) {
            return (outside.contains(where: \.isTaken) ? .inbound : .outbound, false)
        }
        if outside.contains(where: \.isOwnOrigin) { return (.outbound, true) }
        guard let first = outside.first, first.kind == .extension, first.participant.originDN.isEmpty else {
            return (.inbound, true)
        }
        return (first.participant.legID == "1" ? .outbound : .inbound, true)
    }

    /// One leg a DN: several devices of one extension ring as one or as several participants. A queue or ring group
    /// that distributes the call takes part although it may not be visible itself.
    private func legs(of members: [CallControlMember]) -> [CallLeg] {
        var legs: [CallLeg] = []
        for member in members {
            let leg = CallLeg(dn: member.dn, role: member.kind.legRole, state: member.legState, isMonitored: true)
            if let index = legs.firstIndex(where: { $0.dn == leg.dn }) {
                if leg.state == .connected { legs[index].state = .connected }
            } else {
                legs.append(leg)
            }
        }
        for member in members {
            let origin = member.participant.originDN
            guard let kind = CallControlType(member.participant.originType).kind ?? kinds[origin],
                kind == .queue || kind == .ringGroup, CallControlMessages.isUsable(dn: origin),
                !legs.contains(where: { $0.dn == origin })
            else { continue }
            legs.append(
                CallLeg(dn: origin, role: kind.legRole, state: .connected, isMonitored: kinds[origin] != nil))
        }
        return legs
    }
}

extension ExternalParty {
    /// Whether both can be the same party; an unknown number can be anybody's.
    fileprivate func canBe(_ other: ExternalParty) -> Bool {
        guard let number, let otherNumber = other.number else { return true }
        return NumberPlan.sameParty(number, otherNumber)
    }
}

extension ObservedCall {
    fileprivate init(_ latch: CallControlAggregator.Latch, id: PBXCallID, legs: [CallLeg]) {
        self.init(
            id: id, direction: latch.direction, directionIsGuess: latch.directionIsGuess, external: latch.external,
            isRouted: latch.isRouted, trunk: latch.trunk, did: latch.did, legs: legs
        )
    }
}
