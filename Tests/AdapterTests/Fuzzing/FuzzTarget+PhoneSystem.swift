import Domain
import FoundationEssentials
import Ports

@testable import Adapters

extension FuzzTarget {
    static let phoneSystem = [
        FuzzTarget(name: "legacy-calls") { try checkCalls($0, key: "list") },
        FuzzTarget(name: "legacy-lists") { bytes in
            _ = readable(LegacyMessages.List<LegacyMessages.Group>.self, bytes)
            _ = readable(LegacyMessages.List<LegacyMessages.Station>.self, bytes)
            _ = readable(LegacyMessages.OpenedGroup.self, bytes)
            _ = readable([LegacyMessages.UpdatedItem].self, bytes)
        },
        FuzzTarget(name: "xapi-calls") { try checkCalls($0, key: "value") },
        FuzzTarget(name: "xapi-lists") { bytes in
            _ = readable(XAPIMessages.Page<XAPIMessages.Station>.self, bytes)
            _ = readable(XAPIMessages.Page<XAPIMessages.Group>.self, bytes)
            _ = readable(XAPIMessages.SystemParameters.self, bytes)
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

    private struct Rows: Decodable {
        let rows: [LossyElement<ActiveCallRow>]

        private struct Key: CodingKey {
            let stringValue: String
            var intValue: Int? { nil }

            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            let key = container.allKeys.contains { $0.stringValue == "list" } ? "list" : "value"
            rows = try container.decode([LossyElement<ActiveCallRow>].self, forKey: Key(stringValue: key))
        }
    }

    /// Two answers, one after the other: what is known of the first must not change what is read of the second.
    private static func checkCalls(_ bytes: [UInt8], key: String) throws(Finding) {
        let plan = plans[bytes.count % plans.count]
        var reader = ActiveCallsReader(prefersListedNames: key == "value")
        var notices = SaidOnce()
        for answer in halves(bytes) {
            let content = key == "value" ? ServerNow(in: answer).content : answer
            let whole = wholeCalls(answer, key: key, plan, prefersListedNames: key == "value")
            if let known = reader.known(content, plan) {
                try expect(known == whole, "known again, and otherwise than when decoded")
            } else if key == "list" {
                if let quick = reader.calls(content, list: content, plan, notices: &notices) {
                    try expect(quick == whole, "decoded row by row: \(quick)\nand as a whole: \(whole ?? [])")
                }
            } else if let page = reader.page(0, content, plan, notices: &notices) {
                let decoded = readable(XAPIMessages.Page<ActiveCallRow>.self, content)
                let snapshot = reader.snapshot(
                    page.rows, content, plan, takenAt: Instant(milliseconds: 0), place: "", notices: &notices)
                try expect(
                    snapshot.isComplete && page.nextLink?.text == decoded?.nextLink?.text && snapshot.calls == whole,
                    "a page read row by row: \(page)\nand as a whole: \(whole ?? [])")
            }
            try check(whole ?? [])
        }
    }

    /// `nil` if not all rows can be read.
    private static func wholeCalls(
        _ bytes: [UInt8], key: String, _ plan: DialPlan, prefersListedNames: Bool
    ) -> [ObservedCall]? {
        guard let list = readable(Rows.self, bytes), list.rows.allSatisfy({ $0.value != nil }) else { return nil }
        var reader = ActiveCallsReader(prefersListedNames: prefersListedNames)
        var notices = SaidOnce()
        return reader.snapshot(
            reader.calls(list.rows, plan, notices: &notices), bytes, plan, takenAt: Instant(milliseconds: 0), place: "",
            notices: &notices
        ).calls
    }

    /// What stands before and behind a record separator; without one the same twice.
    private static func halves(_ bytes: [UInt8]) -> [[UInt8]] {
        guard let separator = bytes.firstIndex(of: 0x1E) else { return [bytes, bytes] }
        return [Array(bytes[..<separator]), Array(bytes[(separator + 1)...])]
    }

    // MARK: - Call control

    private static func checkStations(_ bytes: [UInt8]) throws(Finding) {
        var known = KnownElements<CallControlMessages.FollowedStation>()
        var aggregator = CallControlAggregator()
        for answer in halves(bytes) {
            let elements = readable([LossyElement<CallControlMessages.Station>].self, answer)
            let stations = (elements ?? []).compactMap(\.value)
            let isComplete =
                elements?.count == stations.count
                && stations.allSatisfy { $0.participants.allSatisfy { $0.value != nil } }
            let whole = stations.map(\.followed)
            if let quick = quickStations(answer, &known) {
                try expect(isComplete && quick == whole, "decoded DN by DN: \(quick)\nand as a whole: \(whole)")
            }
            try check(aggregator.aggregate(whole, at: Instant(milliseconds: 0)))
        }
    }

    /// As `CallControlView` does; `nil` if it takes decoding the whole.
    private static func quickStations(
        _ answer: [UInt8], _ known: inout KnownElements<CallControlMessages.FollowedStation>
    ) -> [CallControlMessages.FollowedStation]? {
        struct Unreadable: Error {}
        let list = WireJSON.repaired(answer)
        do {
            return try known.values(of: nil, in: list) { data in
                let station = try JSONDecoder().decode(CallControlMessages.Station.self, from: data)
                guard station.participants.allSatisfy({ $0.value != nil }) else { throw Unreadable() }
                return station.followed
            }
        } catch {
            return nil
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
