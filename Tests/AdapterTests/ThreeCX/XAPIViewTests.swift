import Domain
import Ports
import Testing

@testable import Adapters
@testable import Wire

@Suite("Looks at a 3CX v20 by XAPI", .timeLimit(.minutes(10)))
struct XAPIViewTests {
    private static let byNumber = PhoneSystemExamples.settings(legacy: false) { $0.groups = ["GRP0001"] }

    @Test("read the lists once, and name agents as the list of users does")
    func firstPolls() async throws {
        let world = try XAPIWorld(
            [XAPIWorld.calls: [.json(XAPISamples.inboundDirectRinging)]], settings: Self.byNumber)
        let poll = try await world.view.poll()
        world.clock.advance(by: .milliseconds(500))
        let second = try await world.view.poll()
        let leg = CallLeg(dn: "101", name: "John Doe", role: .agent, state: .ringing, isMonitored: true)
        let call = ObservedCall(
            id: PBXCallID("1264"), direction: .inbound, external: ExternalParty(number: "+493023125001"),
            trunk: "10001", legs: [leg])
        expectSame(poll.snapshot, CallSnapshot(takenAt: Instant(milliseconds: XAPIWorld.start), calls: [call]))
        #expect(!poll.snapshot.listsLegs)
        #expect(poll.notices == [Notice(.info, "watching 80, 101, 102, 800")])
        #expect(second.snapshot.calls == [call])
        #expect(second.notices.isEmpty)
        #expect(world.transport.routes.count == 11)
        #expect(
            world.transport.requests.dropFirst().allSatisfy {
                $0.headers.first("Authorization") == "Bearer t" && $0.headers.first("Accept") == "application/json"
            })
    }

    @Test("see every kind of call of the samples")
    func mixed() async throws {
        let world = try XAPIWorld([XAPIWorld.calls: [.json(XAPISamples.mixed)]], settings: Self.byNumber)
        let calls = try await world.view.poll().snapshot.calls
        #expect(calls.map(\.direction) == [.inbound, .outbound, .internal, .inbound, nil])
        #expect(calls.map { $0.external?.number } == ["+493023125001", "03023125044", nil, nil, nil])
        #expect(calls.map { $0.legs.map(\.role) } == [[.agent], [.other], [.agent, .agent], [.queue], []])
    }

    @Test("a caller who waits in a queue talks to it, which is no answer of an agent")
    func queue() async throws {
        let world = try XAPIWorld([
            XAPIWorld.calls: [
                .json(XAPISamples.queueWaiting), .json(XAPISamples.queueRouting), .json(XAPISamples.queueAnswered),
            ]
        ])
        var legs: [CallLeg] = []
        for _ in 0..<3 { legs += try await world.view.poll().snapshot.calls.flatMap(\.legs) }
        #expect(
            legs == [
                CallLeg(dn: "80", name: "Support", role: .queue, state: .connected, isMonitored: true),
                CallLeg(dn: "102", name: "Jane Roe", role: .agent, state: .ringing, isMonitored: true),
                CallLeg(dn: "102", name: "Jane Roe", role: .agent, state: .connected, isMonitored: true),
            ])
    }

    @Test("a DN that is an IVR by the list of peers is none of the agents, though it has as many digits")
    func ivr() async throws {
        let peers = XAPISamples.peers.replacing(#""value": ["#, with: #""value": [{"Number":"810","Type":"IVR"},"#)
        let call = XAPISamples.inboundDirectTalking.replacing("101 Doe, John", with: "810 Main menu")
        let world = try XAPIWorld([XAPIWorld.peers: [.json(peers)], XAPIWorld.calls: [.json(call)]])
        #expect(try await world.view.poll().snapshot.calls.first?.legs.map(\.role) == [.ivr])
    }

    @Test("rows of the same call are one call, and an unreadable row makes the look incomplete")
    func rows() async throws {
        func row(_ id: String, _ callee: String, _ status: String) -> String {
            #"{"Id":\#(id),"Caller":"10001 T (+493023125001)","Callee":"\#(callee)","Status":"\#(status)"}"#
        }
        let two = [row("7", "80 Support", "Talking"), row("7", "102 Roe, Jane", "Ringing")].joined(separator: ",")
        let world = try XAPIWorld([
            XAPIWorld.calls: [.json(#"{"value":[\#(two)]}"#), .json(#"{"value":[\#(two),\#(row("null", "a", "b"))]}"#)]
        ])
        let poll = try await world.view.poll()
        #expect(poll.snapshot.isComplete)
        #expect(poll.snapshot.calls.map { $0.legs.map(\.dn) } == [["80", "102"]])
        for _ in 0..<2 {
            let incomplete = try await world.view.poll()
            #expect(!incomplete.snapshot.isComplete)
            #expect(incomplete.snapshot.calls == poll.snapshot.calls)
        }
    }

    @Test("the same calls under another server time are the same")
    func unchanged() async throws {
        func at(_ time: String, _ status: String) -> ScriptedTransport.Step {
            .json(
                XAPISamples.inboundDirectRinging.replacing("2026-02-03T09:15:01.330411Z", with: time)
                    .replacing("Ringing", with: status))
        }
        let times = ["2026-02-03T09:15:01Z", "2026-02-03T09:15:02.5Z", "2026-02-03T09:15:03Z", ""]
        let world = try XAPIWorld([
            XAPIWorld.calls: zip(times, ["Ringing", "Ringing", "Talking", "Odd"]).map { at($0, $1) }
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
        "a clock of 3CX that is more than a minute wrong is said once",
        arguments: [
            ("2026-02-03T09:15:01.33Z", nil), ("2026-02-03T09:16:01Z", nil), ("2026-02-03T09:14:01+00:00", nil),
            ("2026-02-03T09:16:02Z", "61 s ahead of"), ("2026-02-03T08:15:01Z", "3600 s behind"),
            ("2026-02-03T09:15:01+01:00", "3600 s behind"), ("soon", nil),
        ] as [(String, String?)]
    )
    func clock(_ time: String, _ difference: String?) async throws {
        let text = XAPISamples.inboundDirectRinging.replacing("2026-02-03T09:15:01.330411Z", with: time)
        let world = try XAPIWorld([XAPIWorld.calls: [.json(text)]], settings: Self.byNumber)
        let warnings = try await world.view.poll().notices.filter { $0.level == .warning }.map(\.text)
        #expect(
            warnings
                == (difference.map { ["the clock of 3CX is \($0) that of the bridge; set both by NTP"] } ?? []))
        world.transport.script(XAPIWorld.calls, .json(text.replacing("Ringing", with: "Talking")))
        #expect(try await world.view.poll().notices.isEmpty)
    }

    @Test("a server time that is no time spoils no row", arguments: ["{}", "[]", "7", "null", "1e999", "true"])
    func oddTimes(_ time: String) async throws {
        let text = XAPISamples.inboundDirectRinging.replacing(#""2026-02-03T09:15:01.330411Z""#, with: time)
        let world = try XAPIWorld([XAPIWorld.calls: [.json(text)]], settings: Self.byNumber)
        let poll = try await world.view.poll()
        #expect(poll.snapshot.isComplete && poll.snapshot.calls.count == 1)
        #expect(!poll.notices.contains { $0.level == .warning })
    }

    private static func page(_ ids: some Sequence<Int>) -> ScriptedTransport.Step {
        let rows = ids.map { #"{"Id":\#($0),"Caller":"101 A","Callee":"102 B","Status":"Talking"}"# }
        return .json(#"{"value":[\#(rows.joined(separator: ","))]}"#)
    }

    @Test("a call that slips from one page into another has not ended by it; one that is gone has")
    func pages() async throws {
        let next = "GET /xapi/v1/ActiveCalls?$top=100&$skip=100"
        let world = try XAPIWorld([XAPIWorld.calls: [Self.page(1...100)], next: [Self.page(101...120)]])
        #expect(try await world.view.poll().snapshot.calls.count == 120)
        // Call 1 ends between the pages, so that call 101 is on neither of them.
        world.transport.script(next, Self.page(102...120))
        world.transport.script("GET /xapi/v1/ActiveCalls?$top=100", Self.page(2...101))
        let poll = try await world.view.poll()
        #expect(poll.snapshot.calls.map(\.id) == (1...120).map { PBXCallID("\($0)") })
        world.transport.script(XAPIWorld.calls, Self.page(2...101))
        #expect(try await world.view.poll().snapshot.calls.count == 119)
        world.transport.script(XAPIWorld.calls, Self.page(5...50))
        #expect(try await world.view.poll().snapshot.calls.count == 46)
    }

    @Test("a change on any of several pages is seen, and a link to the next page is followed")
    func changesOverPages() async throws {
        let link = #"/xapi/v1/ActiveCalls?$skiptoken=2"#
        func pages(_ status: String, _ at: String) -> [ScriptedTransport.Step] {
            [1...3, 4...6].map { ids in
                let rows = ids.map { id in
                    #"{"Id":\#(id),"Caller":"101 A","Callee":"102 B","ServerNow":"\#(at)","#
                        + #""Status":"\#(id == 5 ? status : "Talking")"}"#
                }
                let next = ids.contains(1) ? #","@odata.nextLink":"https://pbx.example.net\#(link)""# : ""
                return .json(#"{"@odata.context":"x","value":[\#(rows.joined(separator: ","))]\#(next)}"#)
            }
        }
        let world = try XAPIWorld()
        var polls: [PollResult] = []
        for (status, at) in [("Odd", "1"), ("Odd", "2"), ("Talking", "3"), ("Odd", "4")] {
            for (target, page) in zip([XAPIWorld.calls, "GET " + link], pages(status, at)) {
                world.transport.script(target, page)
            }
            polls.append(try await world.view.poll())
        }
        #expect(polls.map(\.snapshot.calls.count) == [6, 6, 6, 6])
        #expect(polls.map(\.snapshot.isComplete) == [true, true, true, true])
        #expect(polls.map { $0.snapshot.calls[4].legs.first?.state } == [.other, .other, .connected, .other])
        #expect(polls.map { $0.snapshot.calls[3].legs.first?.state } == .init(repeating: .connected, count: 4))
        #expect(world.transport.requests("GET " + link).count == 4)
    }

    @Test(
        "an answer that is not the list is a failure and never a snapshot",
        arguments: [
            (.status(500), .unreachable), (.page(status: 502), .unreachable), (.status(429), .unreachable),
            (.status(204), .unreachable), (.status(401), .permissionMissing), (.status(403), .permissionMissing),
            (.status(404), .permissionMissing), (.status(400), .interfaceMissing), (.page(), .malformedAnswer),
            (.json(""), .malformedAnswer), (.json("[]"), .malformedAnswer), (.json("{}"), .malformedAnswer),
            (.json(#"{"value":null}"#), .malformedAnswer), (.json(#"{"value":[{"Id":1"#), .malformedAnswer),
            (.json(#"{"value":{}}"#), .malformedAnswer), (.json(#"{"list":[]}"#), .malformedAnswer),
            (.failure(HTTPFailure(.timeout, requestMayHaveBeenSent: true, detail: "no answer in 5 s")), .unreachable),
        ] as [(ScriptedTransport.Step, PollFailure.Kind)]
    )
    func failedPolls(_ answer: ScriptedTransport.Step, _ kind: PollFailure.Kind) async throws {
        let world = try XAPIWorld([XAPIWorld.calls: [.json(XAPISamples.inboundDirectTalking)]])
        let before = try await world.view.poll()
        world.transport.script(XAPIWorld.calls, answer)
        let failure = try #require(await world.failure())
        #expect(failure.kind == kind)
        #expect(failure.place == "GET https://pbx.example.net/xapi/v1/ActiveCalls")
        #expect(!failure.what.isEmpty && !failure.remedy.isEmpty)
        world.transport.script(XAPIWorld.calls, .json(XAPISamples.inboundDirectTalking))
        #expect(try await world.view.poll().snapshot == before.snapshot)
    }

    @Test("a token that is refused once is replaced within the look")
    func tokenRefused() async throws {
        let world = try XAPIWorld([
            XAPIWorld.token: [CallControlWorld.minted("one"), CallControlWorld.minted("two")],
            XAPIWorld.calls: [.status(401), .json(XAPISamples.inboundDirectTalking)],
        ])
        #expect(try await world.view.poll().snapshot.calls.count == 1)
        #expect(
            world.transport.requests(XAPIWorld.calls).map { $0.headers.first("Authorization") }
                == ["Bearer one", "Bearer two"])
    }

    @Test("there is no view without credentials")
    func noCredentials() {
        let settings = PhoneSystemExamples.settings(legacy: false, client: false)
        #expect(
            XAPIView(PhoneSystemConnection(settings, transport: ScriptedTransport([:]), clock: SteppedClock())) == nil)
    }
}
