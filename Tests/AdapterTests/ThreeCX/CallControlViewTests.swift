import Domain
import Ports
import Testing

@testable import Adapters

@Suite("Looks at a 3CX v20 by call control", .timeLimit(.minutes(10)))
struct CallControlViewTests {
    private static func leg(_ dn: String, _ role: LegRole, _ state: LegState, monitored: Bool = true) -> CallLeg {
        CallLeg(dn: dn, role: role, state: state, isMonitored: monitored)
    }

    private static func call(
        _ id: String, _ direction: CallDirection?, _ number: String?, name: String? = nil, _ legs: CallLeg...
    ) -> ObservedCall {
        let external = number.map { ExternalParty(number: $0, name: name) }
        // No sample shows how its call began where nobody rings or dials.
        let isGuess = external != nil && legs.filter { $0.role == .agent }.allSatisfy { $0.state == .connected }
        return ObservedCall(
            id: PBXCallID(id), direction: direction, directionIsGuess: isGuess, external: external,
            trunk: external == nil ? nil : "10001",
            legs: legs)
    }

    private static let caller = "+493023125001"
    private static let queued = "+493023125007"
    private static let grouped = "+493023125006"

    @Test(
        "every sample gives the call that it shows",
        arguments: [
            (CallControlSamples.idle, nil),
            (
                CallControlSamples.inboundRinging,
                call("1264", .inbound, caller, name: caller, leg("101", .agent, .ringing))
            ),
            (
                CallControlSamples.inboundConnected,
                call("1264", .inbound, caller, name: caller, leg("101", .agent, .connected))
            ),
            (CallControlSamples.outboundDialing, call("1265", .outbound, "03023125044", leg("101", .agent, .dialing))),
            (
                CallControlSamples.outboundConnected,
                call("1265", .outbound, "03023125044", leg("101", .agent, .connected))
            ),
            (
                CallControlSamples.internalCall,
                call("1280", .internal, nil, leg("101", .agent, .connected), leg("102", .agent, .connected))
            ),
            (
                CallControlSamples.queueWaiting,
                call("1275", .inbound, queued, name: "Max Kunde", leg("80", .queue, .connected))
            ),
            (
                CallControlSamples.queueRingingAgents,
                call(
                    "1275", .inbound, queued, name: "Support:Max Kunde", leg("101", .agent, .ringing),
                    leg("102", .agent, .ringing), leg("80", .queue, .connected))
            ),
            (
                CallControlSamples.queueAnswered,
                call(
                    "1275", .inbound, queued, name: "Support:Max Kunde", leg("102", .agent, .connected),
                    leg("80", .queue, .connected))
            ),
            (
                CallControlSamples.ringgroupRinging,
                call(
                    "1270", .inbound, grouped, name: "Front desk:Max Kunde", leg("101", .agent, .ringing),
                    leg("102", .agent, .ringing), leg("103", .agent, .ringing),
                    leg("800", .ringGroup, .connected, monitored: false))
            ),
            (
                CallControlSamples.ringgroupAnswered,
                call(
                    "1270", .inbound, grouped, name: "Front desk:Max Kunde", leg("102", .agent, .connected),
                    leg("800", .ringGroup, .connected, monitored: false))
            ),
            (CallControlSamples.voicemail, call("1285", .internal, nil, leg("101", .agent, .connected))),
        ] as [(String, ObservedCall?)]
    )
    func samples(_ text: String, _ expected: ObservedCall?) async throws {
        let world = try CallControlWorld()
        expectSame(try await world.calls(after: text), expected.map { [$0] } ?? [])
    }

    @Test("says once what it watches, which queue it cannot see, and that groups are of no use")
    func notices() async throws {
        let settings = PhoneSystemExamples.settings { $0.queueExtensions = ["80", "82"] }
        let world = try CallControlWorld(settings: settings)
        let notices = try await world.view.poll().notices
        #expect(notices.map(\.level) == [.info, .warning, .info])
        #expect(notices.first?.text == "watching 101, 102, 103, 80")
        #expect(notices.dropFirst().first?.text.hasPrefix("queue 82 is not visible") == true)
        #expect(notices.last?.text.hasPrefix("3CX.group is not used by call control") == true)
        #expect(try await world.view.poll().notices.isEmpty)
    }

    @Test(
        "a client that sees no DN has not looked: its empty list ends no call",
        arguments: ["[]", #"[{"dn":"zammadbridge","type":"Wroutepoint","devices":[],"participants":[]}]"#])
    func blind(_ answer: String) async throws {
        let world = try CallControlWorld([CallControlWorld.calls: [.json(answer)]])
        let failure = try #require(await world.failure())
        #expect(failure.kind == .permissionMissing)
        #expect(failure.what == "the API client sees no extension")
    }

    @Test("a refusal names the tick box and the licence", arguments: [403, 404])
    func refused(_ status: Int) async throws {
        let world = try CallControlWorld([CallControlWorld.calls: [.status(status)]])
        let failure = try #require(await world.failure())
        #expect(failure.kind == .permissionMissing)
        #expect(failure.what == "call control refused (HTTP \(status))")
        #expect(failure.place == "GET https://pbx.example.net/callcontrol")
        #expect(failure.remedy.contains("3CX Call Control API Access"))
        #expect(failure.remedy.contains("Enterprise, 8SC or larger"))
        #expect(world.transport.count(CallControlWorld.token) == 1)
    }

    @Test(
        "an answer that is not the list of DNs is a failure and never a snapshot",
        arguments: [
            (.status(500), .unreachable), (.page(status: 502), .unreachable), (.status(302), .unreachable),
            (.page(), .malformedAnswer), (.json(""), .malformedAnswer), (.json("{}"), .malformedAnswer),
            (.json("null"), .malformedAnswer), (.json(#"[{"dn":"101","participants":[{"#), .malformedAnswer),
            (.json("7"), .malformedAnswer),
        ] as [(ScriptedTransport.Step, PollFailure.Kind)]
    )
    func failedPolls(_ answer: ScriptedTransport.Step, _ kind: PollFailure.Kind) async throws {
        let world = try CallControlWorld([CallControlWorld.calls: [.json(CallControlSamples.inboundRinging)]])
        let before = try await world.view.poll()
        world.transport.script(CallControlWorld.calls, answer)
        #expect(await world.failure()?.kind == kind)
        world.transport.script(CallControlWorld.calls, .json(CallControlSamples.inboundRinging))
        #expect(try await world.view.poll().snapshot == before.snapshot)
    }

    @Test("a look may take 15 s, a login 5 s")
    func timeouts() async throws {
        let world = try CallControlWorld()
        _ = try await world.view.poll()
        #expect(world.transport.requests.map(\.timeout) == [.seconds(5), .seconds(15)])
    }

    @Test(
        "an entry that cannot be read makes the look incomplete and leaves the others",
        arguments: [
            CallControlText.station("102", #"{"id":1,"status":"Ringing"}"#),
            CallControlText.station("102", #"{"id":1,"status":"Ringing","callid":[7]}"#),
            CallControlText.station("102", #"{"id":1,"status":"Ringing","callid":""}"#),
            CallControlText.station("102", #"{"id":1,"callid":9}"#), CallControlText.station("102", "null"),
            #"{"dn":"102","type":"Wextension","participants":{}}"#, #"{"type":"Wextension","participants":[]}"#,
            #"{"dn":null,"type":"Wextension","participants":[]}"#, #"{"dn":"","type":"Wextension"}"#,
            #"{"dn":"1\u0000","type":"Wextension"}"#, "null", "7", "[]",
        ]
    )
    func incomplete(_ entry: String) async throws {
        let good = CallControlText.station("101", CallControlText.participant(id: 1, "Ringing"))
        let world = try CallControlWorld([CallControlWorld.calls: [.json(CallControlText.answer(good, entry))]])
        let poll = try await world.view.poll()
        #expect(!poll.snapshot.isComplete)
        #expect(poll.snapshot.calls.map(\.id) == [PBXCallID("7")])
        #expect(poll.notices.map(\.level) == [.warning])
        #expect(poll.notices.first?.text.contains("1 entries cannot be read") == true)
        let again = try await world.view.poll()
        #expect(!again.snapshot.isComplete && again.notices.isEmpty)
    }

    @Test("fields that are missing, null or of another simple type are taken as they are")
    func oddFields() async throws {
        let participant =
            #"{"id":"8","status":"RINGING","callid":"7","legid":null,"party_dn_type":"wexternalline","party_dn":10001,"#
            + #""party_caller_id":493023125001,"party_did":"030 23125-0"}"#
        let world = try CallControlWorld()
        let calls = try await world.calls(after: CallControlText.on101(participant))
        let expected = ObservedCall(
            id: PBXCallID("7"), direction: .inbound, external: ExternalParty(number: "493023125001"), trunk: "10001",
            did: "030 23125-0", legs: [Self.leg("101", .agent, .ringing)])
        #expect(calls == [expected])
    }
}
