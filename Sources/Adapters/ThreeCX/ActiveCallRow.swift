import Domain
import Ports
import Wire

/// A row of the list of active calls, in the shape that the web administration's API (v15.5 to v18) and XAPI share.
///
/// Timestamps are left out on purpose: nothing about a call depends on them, so that an odd one cannot spoil a row.
struct ActiveCallRow: Decodable, Equatable, Sendable {
    let id: PBXCallID
    let caller: String
    let callee: String
    let status: String
    /// The clock of 3CX, which XAPI writes into each row.
    let serverNow: String?

    private enum CodingKeys: String, CodingKey {
        case id = "Id"
        case caller = "Caller"
        case callee = "Callee"
        case status = "Status"
        case serverNow = "ServerNow"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try PBXCallID(wire: container.decode(WireText.self, forKey: .id).text, codingPath: decoder.codingPath)
        caller = try container.decode(WireText.self, forKey: .caller).text ?? ""
        callee = try container.decode(WireText.self, forKey: .callee).text ?? ""
        status = try container.decode(WireText.self, forKey: .status).text ?? ""
        serverNow = try container.decodeIfPresent(LossyElement<WireText>.self, forKey: .serverNow)?.value?.text
    }

    /// What the row says about its call.
    func observedCall(_ dialPlan: DialPlan) -> ObservedCall {
        let from = TextParty(caller, dialPlan: dialPlan)
        let to = TextParty.list(callee, dialPlan: dialPlan)
        let first = to.first ?? .unknown
        switch (from, first) {
        case (.external(let trunk, var party), _):
            party.number = party.number.flatMap(PartyNumber.calling)
            // With an external callee as well the call is forwarded to the outside: no DN of the PBX takes part.
            var inbound = call(.inbound, party, trunk, to.compactMap { leg($0, isCalled: true, dialPlan) })
            inbound.did = trunk.flatMap { dialPlan.dids[$0] }
            return inbound
        case (.internal, .external(let trunk, var party)):
            if let dialled = party.number {
                // Keys that set something at the provider call nobody.
                guard let number = PartyNumber.dialled(dialled) else {
                    return call(.internal, nil, nil, [leg(from, isCalled: false, dialPlan)].compactMap { $0 })
                }
                party.number = number
            }
            return call(.outbound, party, trunk, [leg(from, isCalled: false, dialPlan)].compactMap { $0 })
        case (.internal, .internal):
            return call(.internal, nil, nil, ([from] + to).compactMap { leg($0, isCalled: $0 != from, dialPlan) })
        case (.named(let name), .internal):
            // Outside callers only are shown without any number.
            return call(
                .inbound, ExternalParty(name: name), nil, to.compactMap { leg($0, isCalled: true, dialPlan) })
        case (.unknown, _), (.named, _), (.internal, .unknown), (.internal, .named):
            return call(nil, nil, nil, ([from] + to).compactMap { leg($0, isCalled: true, dialPlan) })
        }
    }

    private func call(
        _ direction: CallDirection?, _ external: ExternalParty?, _ trunk: String?, _ legs: [CallLeg]
    ) -> ObservedCall {
        ObservedCall(id: id, direction: direction, external: external, trunk: trunk, legs: legs)
    }

    private func leg(_ party: TextParty, isCalled: Bool, _ dialPlan: DialPlan) -> CallLeg? {
        guard case .internal(let dn, let name, let role) = party else { return nil }
        return CallLeg(
            dn: dn,
            name: DisplayName.clean(name) ?? dialPlan.name(of: dn),
            role: role,
            state: legState(isCalled: isCalled),
            isMonitored: dialPlan.monitored.contains(dn)
        )
    }

    /// The values are those of 3CX's `CallState`, with those that v20 adds; an unknown one means "still there".
    private func legState(isCalled: Bool) -> LegState {
        switch status.lowercased() {
        case "talking", "connected": .connected
        case "routing", "ringing", "dialing", "initiating", "rerouting": isCalled ? .ringing : .dialing
        case "transferring": .transferring
        default: .other
        }
    }

    /// Whether this version knows the status.
    var hasKnownStatus: Bool {
        legState(isCalled: true) != .other || status.lowercased() == "unknown"
    }
}

extension CallSnapshot {
    /// What a whole list of active calls shows. It is incomplete if a row cannot be read.
    ///
    /// - Parameters:
    ///   - prefersListedNames: Whether names from the PBX's lists are taken before those in the rows, which v20 writes
    ///     `Doe, John`.
    ///   - place: Where the list comes from, for the log.
    init(
        _ rows: [LossyElement<ActiveCallRow>], _ dialPlan: DialPlan, prefersListedNames: Bool = false,
        takenAt: Instant, place: String, notices: inout SaidOnce
    ) {
        let readable = rows.compactMap(\.value)
        for row in readable where !row.hasKnownStatus {
            notices.add(Notice(.info, "unknown call status \(row.status.prefix(40)); treated as a live call"))
        }
        let unreadable = rows.count - readable.count
        if unreadable > 0 {
            notices.add(
                Notice(
                    .warning,
                    "\(place): \(unreadable) of \(rows.count) rows cannot be read. For 30 s no call ends; after "
                        + "that, only calls that cannot be read stay open"))
        }
        var calls = readable.map { $0.observedCall(dialPlan) }
        if prefersListedNames {
            for call in calls.indices {
                for leg in calls[call].legs.indices {
                    guard let name = dialPlan.name(of: calls[call].legs[leg].dn) else { continue }
                    calls[call].legs[leg].name = name
                }
            }
        }
        self.init(takenAt: takenAt, calls: calls, isComplete: unreadable == 0)
        unreadableRows = unreadable
    }
}

extension PBXCallID {
    /// Refuses what cannot be an id: a missing, empty or absurdly long one, or one with characters that would not
    /// survive in Zammad's call id.
    init(wire text: String?, codingPath: [any CodingKey]) throws {
        guard let text, (1...64).contains(text.utf8.count), text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw DecodingError.dataCorrupted(.init(codingPath: codingPath, debugDescription: "no usable call id"))
        }
        self.init(text)
    }
}
