import Domain
import Foundation
import Ports
import Testing

@testable import Adapters
@testable import Wire

/// A session whose every text is a marker, so that none may be found again.
@Suite("A recording says nothing of who and where", .computing)
struct RecordedFixtureTests {
    /// By what they are; none may be in the file, in any spelling.
    private static let markers = [
        "Jürgen Ölmüller", "Ölmüller", "Grossmann", "Ann-Kathrin", "Ölmüller, Jürgen", "juergen@acme-telephony.test",
        "acme-telephony", "pbx.acme-telephony.test", "+4989987654321", "089987654321", "4989987654321", "89987654321",
        "0 89/98 76 54-321", "s3cr3t-c00kie", "pass-with-\"quote", "VMPIN-4711", "sip:101@10.20.30.40", "Acme Trunk",
        "iPhone of Jürgen", "marker-in-an-error", "10.20.30.40", "marker-endpoint-token", "Vertrieb Süd",
    ]

    private static func configuration() throws -> BridgeConfiguration {
        let text = #"""
            3CX: {host: "https://pbx.acme-telephony.test", user: "jürgen", pass: "pass-with-\"quote", group: "Vertrieb Süd",
              extension_digits: 3, trunk_digits: 5, country_prefix: 49, number_format: e164, queue_extension: 816}
            Zammad: {endpoint: "https://zammad.acme-telephony.test/api/v1/cti/marker-endpoint-token"}
            """#
        return try YAMLConfigurationSource().load(Array(text.utf8), path: "config").configuration
    }

    private static let key = PseudonymNumberKey(first: 7, second: 11)

    private static func list(_ rows: String) -> ScriptedTransport.Step { .json(#"{"list": [\#(rows)]}"#) }

    private static func calls(_ status: String) -> ScriptedTransport.Step {
        list(
            #"""
            {"Id": 7, "Caller": "10001 Acme Trunk (0 89/98 76 54-321)", "Callee": "101 J\u00fcrgen Ölm\u00FCller",
             "Status": "\#(status)", "AcmeUnknown": {"Contact": "sip:101@10.20.30.40", "089987654321": 4989987654321}},
            {"Id": 8, "Caller": "101 Ölmüller, Jürgen", "Callee": "10001 Acme Trunk (+4989987654321)", "Status": "Talking"},
            {"Id": 9, "Caller": "Ann-Kathrin Grossmann (0049 89 987654321)", "Callee": "816 Vertrieb Süd", "Status": "Talking"}
            """#)
    }

    private static func recorded() async throws -> RecordedFixture {
        let configuration = try configuration()
        let clock = ManualClock(Instant(milliseconds: 1_770_110_100_000))
        let recorder = SessionRecorder(clock: clock, limit: 1_000_000)
        let member = #"""
            {"Id": 100, "Number": {"_value": "101"}, "FirstName": {"_value": "Jürgen"}, "LastName": {"_value": "Ölmüller"},
             "EmailAddress": {"_value": "juergen@acme-telephony.test"}, "AuthPassword": "VMPIN-4711", "Mobile": "089987654321",
             "Devices": [{"Name": "iPhone of Jürgen"}]}
            """#
        let transport = ScriptedTransport(
            [
                "POST /api/login": [.login("session=s3cr3t-c00kie; path=/")],
                "GET /api/GroupList": [list(#"{"Id": 41, "Name": "Vertrieb Süd"}"#)],
                "POST /api/GroupList/set": [
                    .json(#"{"Id": 3, "ActiveObject": {"Members": {"selected": [\#(member)], "count": 1}}}"#)
                ],
                "GET /api/TrunkList": [
                    list(
                        #"{"Number": "10001", "Name": "Acme Trunk", "Host": "pbx.acme-telephony.test", "ExternalNumber": "+4989987654321"}"#
                    )
                ],
                "GET /api/QueueList": [list(#"{"Number": "816", "Name": "Vertrieb Süd"}"#)],
                "GET /api/RingGroupList": [
                    .json(#"{"Message": "marker-in-an-error for Jürgen Ölmüller"}"#, status: 403)
                ],
                "GET /api/IVRList": [.page(status: 403)],
                "GET /api/activeCalls": [
                    list(""), calls("Routing"), .json("{\"list\": [ marker-in-an-error"), calls("Talking"), list(""),
                ],
            ], origin: "https://pbx.acme-telephony.test")
        let base = try #require(
            LegacyView(
                PhoneSystemConnection(
                    PhoneSystemSettings(configuration),
                    transport: RecordingTransport(transport, recorder: recorder), clock: clock)))
        let view = RecordingView(base, recorder: recorder)
        for _ in 0..<5 {
            do { _ = try await view.poll() } catch { #expect(error.kind == .malformedAnswer) }
            clock.advance(to: clock.now() + .seconds(1))
        }
        return try await RecordedFixture.make(recorder, configuration, name: "marked", limit: 1_000_000, key: key)
    }

    @Test("is made beside calls that are ended")
    func endsCalls() async {
        let clock = SteppedClock()
        let view = RecordingView(
            ScriptedView([.complete], clock: clock), recorder: SessionRecorder(clock: clock, limit: 1_000))
        #expect(await view.drop(PBXCallID("1")) == .dropped)
    }

    @Test("no marker is in the file, as it is, escaped, percent encoded or in other letters")
    func markers() async throws {
        let text = try await Self.recorded().text
        let decoded = String(
            decoding: try FixtureJSON.encode(JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))), as: UTF8.self
        )
        for marker in Self.markers {
            let escaped = marker.unicodeScalars.map { scalar in
                scalar.isASCII ? String(scalar) : "\\u00" + String(scalar.value, radix: 16)
            }.joined()
            let spellings = [
                marker, escaped, marker.percentEncoded, String(FixtureJSON.literal(marker).dropFirst().dropLast()),
            ]
            for spelling in spellings.map({ $0.lowercased() }) {
                #expect(!text.lowercased().contains(spelling), "\(spelling)")
                #expect(!decoded.lowercased().contains(spelling), "\(spelling)")
            }
        }
    }

    @Test("one pseudonym for each, in all forms, and the calls are told as with the real ones")
    func story() async throws {
        let recorded = try await Self.recorded()
        #expect(recorded.fixture.source.rawValue == "legacy" && recorded.result.undelivered == 0)
        let lines = recorded.fixture.expect.map { request in
            [request.payload.event.rawValue, request.payload.from, request.payload.to]
                + (request.payload.user?.names ?? [])
        }
        let number = try #require(lines.first { $0[0] == "newCall" && $0[1] != "101" })[1]
        #expect(number.hasPrefix("498998") && number.utf8.count == 13)
        #expect(lines.contains(["newCall", number, "101", "Agent 101"]), "\(lines)")
        #expect(lines.contains(["newCall", "101", number, "Agent 101"]), "\(lines)")
        #expect(lines.contains { $0.prefix(3) == ["newCall", number, "816"] }, "\(lines)")
        #expect(lines.count { $0[0] == "hangup" } == 3)
        let national = number.dropFirst(2)
        #expect(recorded.text.contains("(0049 89 \(national.dropFirst(2)))") && recorded.text.contains("Agent 101"))
        let (second, third) = (national.dropFirst(2).prefix(2), national.dropFirst(4).prefix(2))
        let end = "\(national.dropFirst(6).prefix(2))-\(national.suffix(3))"
        #expect(recorded.text.contains("0 89/\(second) \(third) \(end)"), "the form stays")
        #expect(recorded.fixture.steps.count == 5)
        #expect(recorded.fixture.steps[2].answers["GET /api/activeCalls"]?.body == Array("{".utf8))
    }

    @Test("a group of several pages is asked for as it was, and a replay that sees nothing is a problem")
    func longGroup() async throws {
        let configuration = try Self.configuration()
        func members(_ numbers: ClosedRange<Int>) -> String {
            numbers.map { #"{"Id": \#($0), "Number": {"_value": "\#($0)"}, "FirstName": {"_value": "Jürgen"}}"# }
                .joined(separator: ", ")
        }
        func recorded(secondPage: [ScriptedTransport.Step]) async throws -> RecordedFixture {
            let clock = ManualClock(Instant(milliseconds: 1_770_110_100_000))
            let recorder = SessionRecorder(clock: clock, limit: 1_000_000)
            let transport = ScriptedTransport(
                [
                    "POST /api/login": [.login("session=c; path=/")],
                    "GET /api/GroupList": [Self.list(#"{"Id": 41, "Name": "Vertrieb Süd"}"#)],
                    "POST /api/GroupList/set": [
                        .json(
                            #"{"Id": 3, "ActiveObject": {"Members": {"selected": [\#(members(101...110))], "count": 12}}}"#
                        )
                    ],
                    "POST /api/edit/update": secondPage, "GET /api/activeCalls": [Self.calls("Routing")],
                ], origin: "https://pbx.acme-telephony.test")
            let base = try #require(
                LegacyView(
                    PhoneSystemConnection(
                        PhoneSystemSettings(configuration),
                        transport: RecordingTransport(transport, recorder: recorder), clock: clock)))
            _ = try await RecordingView(base, recorder: recorder).poll()
            #expect(recorder.account.polls == 1 && recorder.account.failedPolls == 0)
            return try await RecordedFixture.make(recorder, configuration, name: "long", limit: 1_000_000)
        }
        let whole = try await recorded(
            secondPage: [.json(#"[{"Item": {"Members": {"selected": [\#(members(111...112))]}}}]"#)])
        #expect(whole.problem == nil && whole.result.polls == 1)
        #expect(whole.text.contains(#"\"PropertyPath\":[{\"Name\":\"Members\"}]"#), "\(whole.text)")
        #expect(!whole.text.contains("Jürgen"))
        let read = try await RecordedFixture.read(whole.text, name: "long", stepsLeftOut: 0, problem: nil)
        #expect(read.result == whole.result)

        // What was answered to another question is not found again.
        let clock = ManualClock(Instant(milliseconds: 1_770_110_100_000))
        let recorder = SessionRecorder(clock: clock, limit: 1_000_000)
        let poll = recorder.pollBegan()
        SessionRecorder.$poll.withValue(poll.id) {
            recorder.answered(
                .question("GET /api/activeCalls"), RecordedAnswer(status: 200, body: Array(#"{"list": []}"#.utf8)),
                began: recorder.requestBegan())
        }
        recorder.pollEnded(poll, failure: nil)
        let blind = try await RecordedFixture.make(recorder, configuration, name: "blind", limit: 1_000_000)
        #expect(blind.problem?.hasPrefix("no poll succeeds in the replay: ") == true, "\(blind.problem ?? "none")")
    }

    @Test(
        "two lists of calls say the same if only the server's time is another",
        arguments: [
            (#"{"Now": "1", "list": [{"Id": 1}]}"#, #"{"Now": "2", "list": [{"Id": 1}]}"#, true),
            (#"{"Now": "1", "list": [{"Id": 1}]}"#, #"{"Now": "1", "list": [{"Id": 2}]}"#, false),
            (#"{"value": [{"Id": 1, "ServerNow": "1"}]}"#, #"{"value": [{"Id": 1, "ServerNow": "2"}]}"#, true),
            (#"{"value": [{"Id": 1, "ServerNow": "1"}]}"#, #"{"value": [{"Id": 2, "ServerNow": "1"}]}"#, false),
            (#"{"value": [1, null]}"#, #"{"value": [1]}"#, false), ("{", "{ ", false), ("[1]", "[2]", false),
        ])
    func sameAnswer(_ first: String, _ second: String, _ isSame: Bool) {
        func answer(_ text: String) -> RecordedAnswer { RecordedAnswer(status: 200, body: Array(text.utf8)) }
        #expect(answer(first).says(answer(second)) == isSame)
        #expect(answer(first).says(answer(first)))
        #expect(!answer(first).says(RecordedAnswer(status: 500, body: Array(first.utf8))))
    }

    @Test("without a look that succeeded there is no recording, and the reason is the last look's, no fault to report")
    func nothingSeen() async throws {
        let recorder = SessionRecorder(clock: ManualClock(Instant(milliseconds: 1_770_110_100_000)), limit: 1_000_000)
        for what in ["first reason", "last reason"] {
            let poll = recorder.pollBegan()
            SessionRecorder.$poll.withValue(poll.id) {
                recorder.answered(
                    .question("GET /api/activeCalls"), RecordedAnswer(status: 403, body: []),
                    began: recorder.requestBegan())
            }
            recorder.pollEnded(
                poll, failure: PollFailure(.permissionMissing, what, at: "GET /api/activeCalls", remedy: "the remedy"))
        }
        let failure = await #expect(throws: RecordedFixture.Failure.self) {
            try await RecordedFixture.make(recorder, try Self.configuration(), name: "dark", limit: 1_000_000)
        }
        #expect(failure?.kind == .permissionMissing)
        let text = failure?.description ?? ""
        #expect(text.hasSuffix("last reason at GET /api/activeCalls; the remedy"), "\(text)")
        #expect(!text.contains("report"), "\(text)")
    }

    @Test("the same recording gives the same file every time with the same key")
    func deterministic() async throws {
        let first = try await Self.recorded().text
        #expect(try await Self.recorded().text == first)
    }
}
