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
        var participants: Set<String>
        /// The first poll that did not show the call; `nil` while it is shown.
        var missingSince: Instant?
    }

    private var latches: [PBXCallID: Latch] = [:]
    /// Calls with a latch that the last picture did not show.
    private var missing: Set<PBXCallID> = []
    /// The last picture and what was made of it, so that only calls that have changed are looked into.
    private var stations: [CallControlMessages.FollowedStation] = []
    private var kinds: [String: DNKind] = [:]
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
    mutating func aggregate(_ picture: [CallControlMessages.FollowedStation], at now: Instant) -> [ObservedCall] {
        let changed = changedCalls(in: picture)
        stations = picture
        if changed == nil { kinds = kinds(of: picture) }
        if changed?.isEmpty != true {
            let members = members { changed?.contains($0) ?? true }
            if let changed {
                for id in changed { replace(id, by: members[id].map { observe(id, $0) }) }
            } else {
                calls = members.map { id, members in observe(id, members) }.sorted { $0.id < $1.id }
            }
            for id in changed ?? Set(latches.keys) where members[id] == nil { miss(id, at: now) }
        }
        forgetMissing(at: now)
        return calls
    }

    /// Calls of which a participant has come, changed or gone; `nil` if that cannot be told, since other DNs are shown.
    private func changedCalls(in picture: [CallControlMessages.FollowedStation]) -> Set<PBXCallID>? {
        guard picture.count == stations.count else { return nil }
        var changed: Set<PBXCallID> = []
        for (before, now) in zip(stations, picture) where before != now {
            guard before.dn == now.dn, before.type == now.type, before.isFollowed == now.isFollowed else { return nil }
            for member in before.members + now.members { changed.insert(member.participant.callID) }
        }
        return changed
    }

    private func kinds(of stations: [CallControlMessages.FollowedStation]) -> [String: DNKind] {
        var kinds: [String: DNKind] = [:]
        for station in stations where station.isFollowed {
            let isVoicemail = voicemail.contains { $0.matches(station.dn) }
            kinds[station.dn] = isVoicemail ? .voicemail : CallControlType(station.type).kind ?? .other
        }
        return kinds
    }

    private func members(_ isWanted: (PBXCallID) -> Bool) -> [PBXCallID: [CallControlMember]] {
        var members: [PBXCallID: [CallControlMember]] = [:]
        for station in stations where station.isFollowed {
            for member in station.members where isWanted(member.participant.callID) {
                members[member.participant.callID, default: []].append(
                    CallControlMember(
                        dn: station.dn, kind: kinds[station.dn] ?? .other, participant: member.participant))
            }
        }
        return members
    }

    private mutating func replace(_ id: PBXCallID, by call: ObservedCall?) {
        var (low, high) = (0, calls.count)
        while low < high {
            let middle = (low + high) / 2
            if calls[middle].id < id { low = middle + 1 } else { high = middle }
        }
        let isKnown = low < calls.count && calls[low].id == id
        switch (isKnown, call) {
        case (true, let call?): calls[low] = call
        case (true, nil): calls.remove(at: low)
        case (false, let call?): calls.insert(call, at: low)
        case (false, nil): break
        }
    }

    private mutating func miss(_ id: PBXCallID, at now: Instant) {
        guard var latch = latches[id] else { return }
        latch.missingSince = latch.missingSince ?? now
        latches[id] = latch
        missing.insert(id)
    }

    private mutating func forgetMissing(at now: Instant) {
        for id in missing {
            guard let since = latches[id]?.missingSince else {
                missing.remove(id)
                continue
            }
            guard now - since > retention else { continue }
            latches[id] = nil
            missing.remove(id)
        }
    }

    private mutating func observe(
        _ id: PBXCallID, _ members: [CallControlMember]
    ) -> ObservedCall {
        let legs = legs(of: members)
        let keys = Set(members.map { "\($0.dn)/\($0.participant.id)" })
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
