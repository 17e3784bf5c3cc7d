import Domain
import FoundationEssentials
import Ports

@testable import Adapters
@testable import Wire

extension FuzzTarget {
    static let phoneSystem = [
        FuzzTarget(name: "legacy-calls") { bytes in
            try checkCalls(readable(LegacyMessages.List<ActiveCallRow>.self, bytes)?.rows, bytes)
        },
        FuzzTarget(name: "legacy-lists") { bytes in
            _ = readable(LegacyMessages.List<LegacyMessages.Group>.self, bytes)
            _ = readable(LegacyMessages.List<LegacyMessages.Station>.self, bytes)
            _ = readable(LegacyMessages.OpenedGroup.self, bytes)
            _ = readable([LegacyMessages.UpdatedItem].self, bytes)
        },
        FuzzTarget(name: "xapi-calls") { bytes in
            try checkCalls(readable(XAPIMessages.Page<ActiveCallRow>.self, bytes)?.rows, bytes)
        },
        FuzzTarget(name: "xapi-lists") { bytes in
            _ = readable(XAPIMessages.Page<XAPIMessages.Station>.self, bytes)
            _ = readable(XAPIMessages.Page<XAPIMessages.Group>.self, bytes)
            _ = readable(WireFields.self, bytes)
        },
        FuzzTarget(name: "call-control", check: checkStations),
        FuzzTarget(name: "call-control-event") { bytes in
            _ = Adapters.CallControlEvent.decode(bytes)
            _ = readable(CallControlMessages.Participant.self, bytes)
        },
        FuzzTarget(name: "token", check: checkToken),
        FuzzTarget(name: "party", check: checkParty),
    ]

    private static let plans = [
        DialPlan(
            entries: [
                "10001": DialPlan.Entry(kind: .trunk, name: "SIP-Trunk Muster"), "80": DialPlan.Entry(kind: .queue),
                "800": DialPlan.Entry(kind: .ringGroup), "101": DialPlan.Entry(kind: .extension, name: "John Doe"),
                "102": DialPlan.Entry(kind: .extension),
            ], monitored: ["101", "102", "80"], knowsTrunks: true),
        DialPlan(monitored: ["101"], extensionDigits: 3, trunkDigits: 5),
        DialPlan(),
    ]

    private static func readable<Value: Decodable>(_ type: Value.Type, _ bytes: [UInt8]) -> Value? {
        do { return try WireJSON.decode(type, from: bytes) } catch { return nil }
    }

    // MARK: - Lists of calls

    private static func checkCalls(_ rows: [LossyElement<ActiveCallRow>]?, _ bytes: [UInt8]) throws(Finding) {
        guard let rows else { return }
        var notices = SaidOnce()
        let snapshot = CallSnapshot(
            rows, plans[bytes.count % plans.count], prefersListedNames: bytes.count % 2 == 0,
            takenAt: Instant(milliseconds: 0), place: "", notices: &notices)
        try expect(
            snapshot.unreadableRows == rows.count { $0.value == nil }
                && snapshot.isComplete == (snapshot.unreadableRows == 0),
            "\(snapshot.unreadableRows) of \(rows.count) rows unreadable, and complete: \(snapshot.isComplete)")
        try check(snapshot.calls)
        for row in rows.compactMap(\.value?.serverNow) { _ = TimeText.instant(row) }
    }

    // MARK: - Call control

    /// One answer after the other, with a record separator between them.
    private static func checkStations(_ bytes: [UInt8]) throws(Finding) {
        var aggregator = CallControlAggregator()
        for answer in bytes.split(separator: 0x1E).map(Array.init) {
            let elements = readable([LossyElement<CallControlMessages.Station>].self, answer) ?? []
            let stations = elements.compactMap { $0.value?.followed }
            try check(aggregator.aggregate(stations, at: Instant(milliseconds: 0)))
        }
    }

    // MARK: - What is smaller

    /// Both as the answer of the token endpoint and as the token in one.
    private static func checkToken(_ bytes: [UInt8]) throws(Finding) {
        var answers = [readable(AccessToken.Answer.self, bytes)]
        let text = String(decoding: bytes, as: UTF8.self)
        do {
            answers.append(
                readable(AccessToken.Answer.self, try [UInt8](JSONEncoder().encode(["access_token": text]))))
        } catch {
            throw Finding(description: "a text that cannot be written as JSON: \(error)")
        }
        let now = Instant(milliseconds: 1_770_110_100_000)
        for answer in answers.compactMap(\.self) {
            let lifetime = AccessToken(answer, receivedAt: now).renewAt - now
            try expect(lifetime >= .seconds(50) && lifetime <= .seconds(86_400), "a token good for \(lifetime)")
        }
    }

    private static func checkParty(_ bytes: [UInt8]) throws(Finding) {
        let text = String(decoding: bytes, as: UTF8.self)
        for plan in plans {
            let parties = TextParty.list(text, dialPlan: plan)
            try expect((1...201).contains(parties.count), "\(parties.count) parties")
            for case .internal(let dn, _, _) in parties + [TextParty(text, dialPlan: plan)] {
                try expect((1...64).contains(dn.utf8.count), "an unusable DN: \(dn)")
            }
        }
        _ = DisplayName.clean(text)
        for prefix in ["49", "1", "998"] {
            for format in NumberFormat.allCases {
                _ = NumberPlan(countryPrefix: prefix, format: format).reported(text)
            }
        }
        _ = NumberPlan.sameParty(text, "+49301234567")
    }

    /// What the core may rely on.
    private static func check(_ calls: [ObservedCall]) throws(Finding) {
        for call in calls {
            let texts = [call.external?.number, call.external?.name, call.trunk, call.did] + call.legs.map(\.name)
            try expect(texts.allSatisfy { ($0?.unicodeScalars.count ?? 0) <= 200 }, "a long text in \(call)")
            try expect(call.legs.allSatisfy { (1...64).contains($0.dn.utf8.count) }, "an unusable DN in \(call)")
            try expect((1...64).contains(call.id.text.utf8.count), "an unusable id in \(call)")
            try expect(
                call.external == nil || call.direction == .inbound || call.direction == .outbound,
                "an external party of a call without a direction: \(call)")
        }
    }
}
