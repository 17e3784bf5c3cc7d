import Domain
import FoundationEssentials
import Testing

@testable import Adapters
@testable import Played
@testable import Wire

@Suite("Damaged answers of a 3CX", .computing)
struct BadInputTests {

    /// What goes in place of a value or anywhere else.
    private static let pieces: [[UInt8]] =
        [
            "null", "true", "[]", "{}", "-0", "1e999", "-1e-999", "99999999999999999999", "\"\"", "\"\\u0000\"", "\\",
            "\"\\ud800\"", "\"", ",", ":", "{", "}", "[", "]", "(", ")", "(((((", "+49", "*", ",101 ", "\u{0}", "\u{7}",
            "\u{202E}", "e\u{301}\u{301}", "\u{1F4AC}", "\"Id\":1,", "\"callid\":1264,",
            String(repeating: "[", count: 600), String(repeating: "(9", count: 700),
            String(repeating: "ä", count: 2000),
        ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0xF0, 0x9F], [0xED, 0xA0, 0x80], [0xC0, 0x80]]

    private static func mutate(_ bytes: inout [UInt8], using generator: inout SplitMix64) {
        let place = Int.random(in: 0..<max(bytes.count, 1), using: &generator)
        let length = min(Int.random(in: 0...30, using: &generator), bytes.count - min(place, bytes.count))
        switch Int.random(in: 0..<8, using: &generator) {
        case 0 where place < bytes.count: bytes[place] ^= UInt8(1) << UInt8.random(in: 0..<8, using: &generator)
        case 1: bytes.removeSubrange(place..<(place + length))
        case 2: bytes.insert(contentsOf: bytes[place..<(place + length)], at: place)
        case 3 where place < bytes.count && Bool.random(using: &generator): bytes.removeSubrange(place...)
        case 4, 5, 6: replaceValue(near: place, in: &bytes, using: &generator)
        default: bytes.insert(contentsOf: pieces[Int.random(in: 0..<pieces.count, using: &generator)], at: place)
        }
    }

    /// Another type in place of the value behind the next colon: the JSON stays well-formed.
    private static func replaceValue(near place: Int, in bytes: inout [UInt8], using generator: inout SplitMix64) {
        guard place < bytes.count, let colon = bytes[place...].firstIndex(of: UInt8(ascii: ":")),
            let end = bytes[colon...].firstIndex(where: { ",}]".utf8.contains($0) })
        else { return }
        bytes.replaceSubrange((colon + 1)..<end, with: pieces[Int.random(in: 0..<14, using: &generator)])
    }

    @Test("2,500 damaged lists of calls are read or refused, and give usable calls", arguments: 0..<4)
    func legacy(part: Int) async throws {
        let samples = ActiveCallsSamples.all.map { Array($0.text.utf8) }
        let plans = [PhoneSystemExamples.listed, PhoneSystemExamples.digits, PhoneSystemExamples.blank]
        var generator = SplitMix64(seed: UInt64(part))
        var (read, refused, unreadable) = (0, 0, 0)
        for number in 0..<2500 {
            if number % 50 == 0 { await Task.yield() }
            var bytes = samples[number % samples.count]
            for _ in 0..<Int.random(in: 1...4, using: &generator) { Self.mutate(&bytes, using: &generator) }
            do {
                let list = try WireJSON.decode(LegacyMessages.List<ActiveCallRow>.self, from: bytes)
                unreadable += list.rows.count - list.readable.count
                let calls = list.readable.map { $0.observedCall(plans[number % plans.count]) }
                Self.check(CallSnapshot(takenAt: Instant(milliseconds: 0), calls: calls), bytes)
                read += 1
            } catch {
                refused += 1
            }
        }
        #expect(read > 500 && refused > 500 && unreadable > 50)
    }

    @Test(
        "600 damaged answers of XAPI, lists and calls alike, are read or refused, and give usable calls",
        arguments: 0..<4)
    func xapi(part: Int) async throws {
        let answers: [String: String] = [
            XAPIWorld.users: XAPISamples.users, XAPIWorld.peers: XAPISamples.peers,
            XAPIWorld.queues: XAPISamples.queues,
            XAPIWorld.groups: XAPISamples.groups, XAPIWorld.members: XAPISamples.groupMembers,
            XAPIWorld.parameters: XAPISamples.systemParameters, XAPIWorld.trunks: XAPISamples.trunks,
        ]
        let routes = answers.keys.sorted()
        var generator = SplitMix64(seed: UInt64(part))
        var (read, refused, incomplete) = (0, 0, 0)
        for number in 0..<600 {
            await Task.yield()
            func damaged(_ text: String) -> ScriptedTransport.Step {
                var bytes = Array(text.utf8)
                for _ in 0..<Int.random(in: 1...4, using: &generator) { Self.mutate(&bytes, using: &generator) }
                return .answer(
                    HTTPResponse(status: 200, headers: ["Content-Type": "application/json"], body: bytes))
            }
            let route = routes[number % routes.count]
            let calls = XAPISamples.calls[number % XAPISamples.calls.count].text
            let world = try XAPIWorld([
                route: [damaged(answers[route] ?? "")], XAPIWorld.calls: [damaged(calls)],
            ])
            do {
                let snapshot = try await world.view.poll().snapshot
                Self.check(snapshot, [])
                read += 1
                incomplete += snapshot.isComplete ? 0 : 1
            } catch {
                refused += 1
            }
        }
        #expect(read > 100 && refused > 100 && incomplete > 5)
    }

    @Test("2,500 damaged answers of call control are read or refused, and give usable calls", arguments: 0..<4)
    func callControl(part: Int) async throws {
        let samples = CallControlSamples.all.map { Array($0.text.utf8) }
        var generator = SplitMix64(seed: UInt64(part))
        var aggregator = CallControlAggregator()
        var (read, refused, unreadable) = (0, 0, 0)
        for number in 0..<2500 {
            if number % 50 == 0 { await Task.yield() }
            var bytes = samples[number % samples.count]
            for _ in 0..<Int.random(in: 1...4, using: &generator) { Self.mutate(&bytes, using: &generator) }
            do {
                let elements = try WireJSON.decode([LossyElement<CallControlMessages.Station>].self, from: bytes)
                unreadable += elements.count { element in
                    element.value?.participants.contains { $0.value == nil } ?? true
                }
                let now = Instant(milliseconds: Int64(number) * 500)
                let calls = aggregator.aggregate(elements.compactMap(\.value?.followed), at: now)
                Self.check(CallSnapshot(takenAt: now, calls: calls), bytes)
                read += 1
            } catch {
                refused += 1
            }
        }
        #expect(read > 500 && refused > 500 && unreadable > 50)
    }

    /// What the core may rely on, whatever a PBX sends.
    private static func check(_ snapshot: CallSnapshot, _ bytes: [UInt8]) {
        for call in snapshot.calls {
            let texts = [call.external?.number, call.external?.name, call.trunk, call.did] + call.legs.map(\.name)
            let isBounded =
                texts.allSatisfy { ($0?.unicodeScalars.count ?? 0) <= 200 }
                && call.legs.allSatisfy { (1...64).contains($0.dn.utf8.count) }
            let isSettled = call.external == nil || call.direction == .inbound || call.direction == .outbound
            if !isBounded || !isSettled || !(1...64).contains(call.id.text.utf8.count) {
                Issue.record("\(call) from \(String(decoding: bytes, as: UTF8.self))")
            }
        }
    }

    @Test("damaged texts are judged, whatever they are")
    func texts() async {
        var generator = SplitMix64(seed: 5)
        let plans = [PhoneSystemExamples.listed, PhoneSystemExamples.digits, PhoneSystemExamples.blank]
        for number in 0..<10_000 {
            if number % 50 == 0 { await Task.yield() }
            var bytes = Array("10001 SIP-Trunk (Berlin) (+493023125001), 101 Doe, John".utf8)
            for _ in 0..<Int.random(in: 1...6, using: &generator) { Self.mutate(&bytes, using: &generator) }
            let text = String(decoding: bytes, as: UTF8.self)
            let parties = TextParty.list(text, dialPlan: plans[number % 3])
            #expect(!parties.isEmpty && parties.count <= 201)
        }
    }

    private static func row(_ fields: String) -> String {
        #"{"list":[{\#(fields)},{"Id":2,"Caller":"10001 T (+4930123456)","Callee":"101 J","Status":"Talking"}]}"#
    }

    private static let plain = #""Id":1,"Caller":"a","Callee":"b","Status":"c""#

    @Test(
        "a nasty row spoils no other",
        arguments: [
            (row(#""Id":[],"Caller":{},"Callee":[],"Status":7"#), 1), (row(#""Id":1e999"#), 1),
            (row(#""Id":null,"Caller":null,"Callee":null,"Status":null"#), 1),
            (row(#""Id":-0,"Caller":"","Callee":"","Status":"""#), 2),
            (row(#""Id":"1","Caller":101,"Callee":10001,"Status":true"#), 2),
            (row(#""Id":1.5,"Caller":"","Callee":"","Status":"""#), 2),
            (row(#""Id":1,"Id":1,"Caller":"a","Caller":"b","Callee":"c","Status":"d""#), 2),
            (row(plain + #","Extra":1e999"#), 2), (row(plain + #","Extra":[[[{"a":[null]}]]]"#), 2),
            (row(#""Id":1,"Caller":"\ud800","Callee":"\u0000","Status":"c""#), 1),
        ]
    )
    func nastyRows(_ text: String, _ readable: Int) throws {
        let list: LegacyMessages.List<ActiveCallRow>?
        do {
            list = try WireJSON.decode(LegacyMessages.List<ActiveCallRow>.self, from: Array(text.utf8))
        } catch {
            list = nil
        }
        #expect(list?.readable.count ?? 0 == readable)
    }

    @Test("names of up to 10 MB are cut to what a name is")
    func longNames() async throws {
        let sizes = [("(", 10_000_000)] + ["x", " ", "9", "\u{301}", ",", "101 J, "].map { ($0, 300_000) }
        for (filler, size) in sizes {
            await Task.yield()
            let name = String(repeating: filler, count: size / filler.utf8.count)
            let text = #"{"list":[{"Id":1,"Caller":"10001 \#(name)","Callee":"101 \#(name)","Status":"\#(name)"}]}"#
            let list = try WireJSON.decode(LegacyMessages.List<ActiveCallRow>.self, from: Array(text.utf8))
            let call = try #require(list.readable.first).observedCall(PhoneSystemExamples.listed)
            Self.check(CallSnapshot(takenAt: Instant(milliseconds: 0), calls: [call]), [])
            let participant = CallControlText.participant(id: 1, name, number: name, name: name, origin: name)
            let stations = try WireJSON.decode(
                [LossyElement<CallControlMessages.Station>].self, from: Array(CallControlText.on101(participant).utf8))
            var aggregator = CallControlAggregator()
            let calls = aggregator.aggregate(stations.compactMap(\.value?.followed), at: Instant(milliseconds: 0))
            Self.check(CallSnapshot(takenAt: Instant(milliseconds: 0), calls: calls), [])
        }
    }

    @Test("a name with stray bytes spoils nothing", arguments: [[0xFF], [0x00], [0x1F], [0xC3], [0xED, 0xA0, 0x80]])
    func strayBytes(_ stray: [UInt8]) throws {
        var bytes = Array(ActiveCallsSamples.inboundDirectTalking.utf8)
        let place = try #require(bytes.firstRange(of: Array("John".utf8)))
        bytes.insert(contentsOf: stray, at: place.upperBound)
        let list = try WireJSON.decode(LegacyMessages.List<ActiveCallRow>.self, from: bytes)
        let call = try #require(list.readable.first).observedCall(PhoneSystemExamples.listed)
        #expect(call.legs.map(\.dn) == ["101"])
        #expect(call.external?.number == "+493023125001")
    }

    @Test("nesting 100,000 deep is refused without using up the stack", arguments: [false, true])
    func deepNesting(_ isClosed: Bool) async throws {
        for (open, close) in [
            ("[", "]"), (#"{"list":"#, "}"), (#"{"list":[{"Id":"#, "}]}"), (#"[{"participants":"#, "}]"),
        ] {
            let text =
                String(repeating: open, count: 100_000) + "1"
                + (isClosed ? String(repeating: close, count: 100_000) : "")
            #expect(throws: WireJSON.Malformed.self) {
                try WireJSON.decode(LegacyMessages.List<ActiveCallRow>.self, from: Array(text.utf8))
            }
            #expect(throws: WireJSON.Malformed.self) {
                try WireJSON.decode([LossyElement<CallControlMessages.Station>].self, from: Array(text.utf8))
            }
        }
    }
}
