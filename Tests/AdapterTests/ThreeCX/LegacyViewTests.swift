import Domain
import Ports
import Testing

@testable import Adapters
@testable import Wire

/// A 3CX before v20 on the scripted transport, with the lists of the samples.
struct LegacyWorld {
    let transport: ScriptedTransport
    let clock: SteppedClock
    let view: LegacyView

    static let lists: [String: [ScriptedTransport.Step]] = [
        "POST /api/login": [.login(".AspNetCore.CookiesA=abc==; path=/; secure; httponly", "pbx-7=x y; Path=/")],
        "GET /api/GroupList": [.json(LegacyListSamples.groups)],
        "POST /api/GroupList/set": [.json(LegacyListSamples.openedGroup)],
        "POST /api/edit/update": [.json(LegacyListSamples.members10)],
        "GET /api/TrunkList": [.json(LegacyListSamples.trunks)],
        "GET /api/QueueList": [.json(LegacyListSamples.queues)],
        "GET /api/RingGroupList": [.json(LegacyListSamples.ringGroups)],
        "GET /api/IVRList": [.json(#"{"list":[]}"#)],
        "GET /api/ExtensionList": [.json(#"{"list":[{"Number":"120","FirstName":"Other","LastName":"Person"}]}"#)],
    ]

    static let calls = "GET /api/activeCalls"

    init(
        _ changes: [String: [ScriptedTransport.Step]] = [:],
        settings: PhoneSystemSettings = PhoneSystemExamples.settings { $0.queueExtensions = ["80"] }
    ) throws {
        var script = Self.lists
        script[Self.calls] = [.json(ActiveCallsSamples.empty)]
        transport = ScriptedTransport(script.merging(changes) { $1 })
        clock = SteppedClock()
        view = try #require(LegacyView(PhoneSystemConnection(settings, transport: transport, clock: clock)))
    }

    func failure() async -> PollFailure? {
        do {
            let poll = try await view.poll()
            Issue.record("a snapshot instead of a failure: \(poll.snapshot)")
            return nil
        } catch {
            return error
        }
    }
}

@Suite("Looks at a 3CX before v20", .timeLimit(.minutes(10)))
struct LegacyViewTests {
    private static let activeCalls = LegacyWorld.calls

    @Test("logs in once, sends all cookies, and reads the members of all pages and the lists")
    func firstPolls() async throws {
        let world = try LegacyWorld([Self.activeCalls: [.json(ActiveCallsSamples.inboundDirectRouting)]])
        let poll = try await world.view.poll()
        world.clock.advance(by: .milliseconds(500))
        let second = try await world.view.poll()

        let login = try #require(world.transport.requests.first)
        #expect(
            try WireJSON.decode([String: String].self, from: login.body ?? [])
                == ["Username": "admin", "Password": #"pa"ss\wörd"#])
        #expect(login.headers.first("Content-Type") == "application/json")
        #expect(login.headers.first("Cookie") == nil)
        #expect(world.transport.count("POST /api/login") == 1)
        #expect(
            world.transport.requests.dropFirst().allSatisfy {
                $0.headers.first("Cookie") == ".AspNetCore.CookiesA=abc==; pbx-7=x y"
                    && $0.headers.first("Accept") == "application/json"
            })
        #expect(world.transport.requests("POST /api/GroupList/set").map(\.bodyText) == [#"{"Id":41}"#])
        #expect(world.transport.count("POST /api/edit/update") == 1)
        #expect(world.transport.count(Self.activeCalls) == 2)
        let leg = CallLeg(dn: "101", name: "John Doe", role: .agent, state: .ringing, isMonitored: true)
        let call = ObservedCall(
            id: PBXCallID("322"), direction: .inbound, external: ExternalParty(number: "+493023125001"),
            trunk: "10001", legs: [leg])
        expectSame(poll.snapshot, CallSnapshot(takenAt: Instant(milliseconds: 1_770_109_200_000), calls: [call]))
        #expect(second.snapshot.takenAt == poll.snapshot.takenAt + .milliseconds(500))
        #expect(second.snapshot.calls == [call])
        let watched = "watching 80, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 800"
        #expect(poll.notices == [Notice(.info, watched)])
        #expect(second.notices.isEmpty)
    }

    @Test("asks for the next page as the web administration does")
    func pageRequest() async throws {
        let world = try LegacyWorld()
        _ = try await world.view.poll()
        let body = try #require(world.transport.requests("POST /api/edit/update").first?.body)
        struct Request: Decodable, Equatable {
            struct Path: Decodable, Equatable {
                let ObjectId: String
                let PropertyPath: [[String: String]]
            }
            struct State: Decodable, Equatable {
                let Start: Int
                let SortBy: String?
                let Reverse: Bool
                let Search: String
            }
            let Path: Path
            let PropertyValue: [String: State]
        }
        let state = Request.State(Start: 10, SortBy: nil, Reverse: false, Search: "")
        let expected = Request(
            Path: Request.Path(ObjectId: "7", PropertyPath: [["Name": "Members"]]), PropertyValue: ["State": state])
        #expect(try WireJSON.decode(Request.self, from: body) == expected)
        #expect(String(decoding: body, as: UTF8.self).contains(#""SortBy":null"#))
    }

    @Test(
        "a login without AuthSuccess is no login",
        arguments: [
            (.status(401), .credentialsRefused), (.status(403), .credentialsRefused),
            (.status(200, "AuthFailed"), .credentialsRefused), (.status(200), .credentialsRefused),
            (.json(#"{"status":"AuthSuccess"}"#), .credentialsRefused), (.page(), .interfaceMissing),
            (.status(404), .interfaceMissing), (.status(500), .unreachable), (.page(status: 502), .unreachable),
            (.status(302), .unreachable), (.status(200, "AuthSuccess"), .malformedAnswer),
        ] as [(ScriptedTransport.Step, PollFailure.Kind)]
    )
    func refusedLogin(_ answer: ScriptedTransport.Step, _ kind: PollFailure.Kind) async throws {
        let world = try LegacyWorld(["POST /api/login": [answer]])
        let failure = try #require(await world.failure())
        #expect(failure.kind == kind)
        #expect(failure.place == "POST https://pbx.example.net/api/login")
        #expect(!failure.remedy.isEmpty)
        #expect(!failure.description.contains("wörd"))
        #expect(world.transport.count("POST /api/login") == 1)
        // An interface that is not there may be that of a v20.
        #expect(world.transport.routes.count == (kind == .interfaceMissing ? 2 : 1))
    }

    @Test("a session that the PBX has ended is renewed within the look, once", arguments: [401, 403])
    func sessionRenewed(_ status: Int) async throws {
        let world = try LegacyWorld()
        _ = try await world.view.poll()
        world.transport.script(Self.activeCalls, .status(status), .json(ActiveCallsSamples.inboundDirectTalking))
        world.transport.script("POST /api/login", .login("fresh=1"))
        let poll = try await world.view.poll()
        #expect(poll.snapshot.calls.count == 1)
        #expect(world.transport.requests.last?.headers.first("Cookie") == "fresh=1")

        world.transport.script(Self.activeCalls, .status(status))
        let failure = try #require(await world.failure())
        #expect(failure.kind == .permissionMissing)
        #expect(world.transport.count("POST /api/login") == 3)
        #expect(world.transport.count(Self.activeCalls) == 5)
    }

    @Test("whoever needs a session at the same time waits for one login")
    func sharedLogin() async throws {
        let world = try LegacyWorld()
        async let poll = world.view.poll()
        async let drop = world.view.drop(PBXCallID("7"))
        async let facts = world.view.facts()
        _ = try await (poll, drop, facts)
        #expect(world.transport.count("POST /api/login") == 1)

        // All find that the session is over.
        world.transport.script(Self.activeCalls, .judged(Self.onlyFresh))
        world.transport.script("POST /api/activeCalls/drop", .judged(Self.onlyFresh))
        world.transport.script("POST /api/login", .login("fresh=1"))
        async let secondPoll = world.view.poll()
        async let secondDrop = world.view.drop(PBXCallID("7"))
        _ = try await (secondPoll, secondDrop)
        #expect(world.transport.count("POST /api/login") == 2)
    }

    private static let onlyFresh: @Sendable (HTTPRequest) -> HTTPResponse = { request in
        guard request.headers.first("Cookie") == "fresh=1" else { return HTTPResponse(status: 401) }
        return HTTPResponse(
            status: 200, headers: ["Content-Type": "application/json; charset=utf-8"],
            body: Array(ActiveCallsSamples.empty.utf8))
    }

    @Test(
        "an answer that is not the list is a failure and never a snapshot",
        arguments: [
            (.status(500), .unreachable), (.page(status: 502), .unreachable), (.status(503), .unreachable),
            (.status(429), .unreachable), (.status(204), .unreachable), (.status(302), .unreachable),
            (.status(404), .interfaceMissing),
            (.json(#"{"Now":"2026","list":[{"Id":1,"Caller":"10001 T (030"#), .malformedAnswer),
            (.json(""), .malformedAnswer), (.status(200), .malformedAnswer), (.json("  \n"), .malformedAnswer),
            (.page(), .malformedAnswer), (.status(200, "<html>login</html>"), .malformedAnswer),
            (.json("[]"), .malformedAnswer), (.json("{}"), .malformedAnswer), (.json("null"), .malformedAnswer),
            (.json("7"), .malformedAnswer), (.json(#""list""#), .malformedAnswer),
            (.json(#"{"list":null}"#), .malformedAnswer), (.json(#"{"list":{}}"#), .malformedAnswer),
            (.json(#"{"error":"x"}"#), .malformedAnswer),
            (
                .answer(
                    HTTPResponse(
                        status: 200, headers: ["Content-Type": "text/plain"], body: Array(#"{"list":[]}"#.utf8))),
                .malformedAnswer
            ),
            (.failure(HTTPFailure(.timeout, requestMayHaveBeenSent: true, detail: "no answer in 5 s")), .unreachable),
            (.failure(HTTPFailure(.tls, requestMayHaveBeenSent: false, detail: "bad certificate")), .unreachable),
            (.failure(HTTPFailure(.cancelled, requestMayHaveBeenSent: true, detail: "cancelled")), .cancelled),
        ] as [(ScriptedTransport.Step, PollFailure.Kind)]
    )
    func failedPolls(_ answer: ScriptedTransport.Step, _ kind: PollFailure.Kind) async throws {
        let world = try LegacyWorld([Self.activeCalls: [.json(ActiveCallsSamples.inboundDirectTalking)]])
        let before = try await world.view.poll()
        world.transport.script(Self.activeCalls, answer)
        let failure = try #require(await world.failure())
        #expect(failure.kind == kind)
        #expect(failure.place == "GET https://pbx.example.net/api/activeCalls")
        #expect(!failure.what.isEmpty && !failure.remedy.isEmpty)
        world.transport.script(Self.activeCalls, .json(ActiveCallsSamples.inboundDirectTalking))
        #expect(try await world.view.poll().snapshot == before.snapshot)
    }

    @Test("one unreadable row makes the look incomplete and leaves the others")
    func unreadableRow() async throws {
        let rows = #"{"Id":7,"Caller":"10001 T (+4930123456)","Callee":"101 John Doe","Status":"Talking"}"#
        let text = #"{"Now":"x","list":[{"Id":null,"Caller":"a","Callee":"b","Status":"c"},\#(rows)]}"#
        let world = try LegacyWorld([Self.activeCalls: [.json(text)]])
        let poll = try await world.view.poll()
        #expect(!poll.snapshot.isComplete)
        #expect(poll.snapshot.calls.map(\.id) == [PBXCallID("7")])
        #expect(poll.notices.contains { $0.level == .warning && $0.text.contains("1 of 2 rows cannot be read") })
        let again = try await world.view.poll()
        #expect(!again.snapshot.isComplete)
        #expect(again.notices.isEmpty)
        world.transport.script(Self.activeCalls, .json(#"{"list":[\#(rows)]}"#))
        #expect(try await world.view.poll().snapshot.isComplete)
    }

    @Test("the same list under another server time is the same, and another list is another")
    func unchangedBody() async throws {
        func body(_ now: String, _ status: String) -> ScriptedTransport.Step {
            .json(
                ActiveCallsSamples.inboundDirectRouting
                    .replacing("2026-02-03T09:15:01.3304112+00:00", with: now)
                    .replacing("Routing", with: status))
        }
        let world = try LegacyWorld([
            Self.activeCalls: [body("a", "Routing"), body("b", "Routing"), body("c", "Talking"), body("d", "Odd")]
        ])
        var states: [LegState] = []
        var notices: [Notice] = []
        for _ in 0..<5 {
            let poll = try await world.view.poll()
            states += poll.snapshot.calls.flatMap(\.legs).map(\.state)
            notices += poll.notices
        }
        #expect(states == [.ringing, .ringing, .connected, .other, .other])
        #expect(notices.filter { $0.text.contains("unknown call status Odd") }.count == 1)
    }

    @Test(
        "a waiting queue call is seen from its first status on",
        arguments: ["Initiating", "Talking", "Transferring", "Routing", "Rerouting", "Ringing", "Enqueued"]
    )
    func queueSeen(_ status: String) async throws {
        let text = ActiveCallsSamples.inboundQueueInitiating.replacing("Initiating", with: status)
        let world = try LegacyWorld([Self.activeCalls: [.json(text)]])
        let call = try #require(try await world.view.poll().snapshot.calls.first)
        #expect(call.direction == .inbound)
        #expect(call.legs.map(\.dn) == ["80"])
        #expect(call.legs.map(\.role) == [.queue])
        #expect(call.legs.map(\.isMonitored) == [true])
    }
}
