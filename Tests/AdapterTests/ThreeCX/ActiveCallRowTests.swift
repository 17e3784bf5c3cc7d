import Domain
import Testing

@testable import Adapters
@testable import Wire

@Suite("Rows of the active calls")
struct ActiveCallRowTests {
    private static func calls(_ text: String, _ plan: DialPlan = PhoneSystemExamples.listed) throws -> [ObservedCall] {
        let list = try WireJSON.decode(LegacyMessages.List<ActiveCallRow>.self, from: Array(text.utf8))
        #expect(list.readable.count == list.rows.count)
        let calls = list.readable.map { $0.observedCall(plan) }
        return CallSnapshot(takenAt: Instant(milliseconds: 0), calls: calls).calls
    }

    private static let muster = ExternalParty(number: "+493023125001")

    private static func inbound(
        _ id: String, _ party: ExternalParty, trunk: String? = "10001", _ legs: CallLeg...
    ) -> ObservedCall {
        ObservedCall(id: PBXCallID(id), direction: .inbound, external: party, trunk: trunk, legs: legs)
    }

    private static func inbound(_ id: String, _ leg: CallLeg) -> ObservedCall {
        inbound(id, muster, leg)
    }

    private static func john(_ state: LegState, monitored: Bool = true) -> CallLeg {
        CallLeg(dn: "101", name: "John Doe", role: .agent, state: state, isMonitored: monitored)
    }

    private static func jane(_ state: LegState) -> CallLeg {
        CallLeg(dn: "102", name: "Jane Roe", role: .agent, state: state, isMonitored: true)
    }

    private static func support(_ state: LegState) -> CallLeg {
        CallLeg(dn: "80", name: "Support", role: .queue, state: state, isMonitored: true)
    }

    private static func outbound(_ state: LegState) -> ObservedCall {
        ObservedCall(
            id: PBXCallID("324"), direction: .outbound, external: ExternalParty(number: "03023125044"),
            trunk: "10001", legs: [john(state)])
    }

    @Test(
        "every sample gives the call that it shows",
        arguments: [
            (ActiveCallsSamples.empty, nil),
            (ActiveCallsSamples.inboundDirectRouting, inbound("322", john(.ringing))),
            (ActiveCallsSamples.inboundDirectTalking, inbound("322", john(.connected))),
            (ActiveCallsSamples.inboundQueueInitiating, inbound("323", support(.ringing))),
            (ActiveCallsSamples.inboundQueueGreetingTalkingToQueue, inbound("323", support(.connected))),
            (ActiveCallsSamples.inboundQueueTransferring, inbound("323", support(.transferring))),
            (ActiveCallsSamples.inboundQueueTalkingToAgent, inbound("323", jane(.connected))),
            (
                ActiveCallsSamples.internalCall,
                ObservedCall(
                    id: PBXCallID("325"), direction: .internal, legs: [john(.connected), jane(.connected)])
            ),
            (ActiveCallsSamples.outboundRouting, outbound(.dialing)),
            (ActiveCallsSamples.outboundTalking, outbound(.connected)),
            (ActiveCallsSamples.transferRerouting, inbound("322", jane(.ringing))),
        ] as [(String, ObservedCall?)]
    )
    func samples(_ text: String, _ expected: ObservedCall?) throws {
        expectSame(try Self.calls(text), expected.map { [$0] } ?? [])
    }

    @Test("the odd rows: anonymous, without number, number only, duplicate id, joined list, not set up yet")
    func edgeCases() throws {
        let voicemail = CallLeg(dn: "999", name: "Voice Mail", role: .voicemail, state: .connected, isMonitored: false)
        let expected = [
            Self.inbound("326", ExternalParty(), Self.john(.ringing)),
            Self.inbound("327", ExternalParty(), Self.john(.ringing)),
            Self.inbound(
                "328", ExternalParty(number: "+493023125002"), trunk: "10002",
                CallLeg(dn: "100", role: .agent, state: .connected, isMonitored: false)),
            Self.inbound(
                "329", ExternalParty(number: "+493023125003"), trunk: nil,
                CallLeg(dn: "100", name: "112 113", role: .agent, state: .ringing, isMonitored: false)),
            Self.inbound(
                "330", ExternalParty(number: "03023125004"), Self.support(.connected), Self.jane(.ringing)),
            Self.inbound(
                "331", ExternalParty(number: "*91234"),
                CallLeg(dn: "10", name: "My Fav Nr Is 55", role: .agent, state: .connected, isMonitored: false)),
            ObservedCall(
                id: PBXCallID("332"), direction: .internal,
                legs: [
                    CallLeg(dn: "1002", name: "Miller, Ann", role: .agent, state: .connected, isMonitored: false),
                    voicemail,
                ]),
            ObservedCall(
                id: PBXCallID("333"), direction: .internal, legs: [Self.john(.connected), Self.john(.connected)]),
            Self.inbound(
                "334", ExternalParty(number: "03023125005"), Self.john(.ringing), Self.jane(.ringing)),
            ObservedCall(id: PBXCallID("335"), direction: nil, legs: [Self.john(.ringing)]),
        ]
        expectSame(try Self.calls(ActiveCallsSamples.edgeCases), expected)
    }

    private static func row(
        id: String = "7", caller: String = "\"10001 T (+4930123456)\"", callee: String = "\"101 John Doe\"",
        status: String = "\"Talking\""
    ) -> String {
        #"{"Now":"x","list":[{"Id":\#(id),"Caller":\#(caller),"Callee":\#(callee),"Status":\#(status)}]}"#
    }

    @Test(
        "a status sets the state of the called leg, whatever its case",
        arguments: [
            ("Initiating", .ringing), ("Routing", .ringing), ("Rerouting", .ringing), ("Ringing", .ringing),
            ("Dialing", .ringing), ("TALKING", .connected), ("connected", .connected),
            ("Transferring", .transferring), ("Unknown", .other), ("Teleporting", .other), ("", .other),
        ] as [(String, LegState)]
    )
    func states(_ status: String, _ state: LegState) throws {
        let call = try #require(try Self.calls(Self.row(status: "\"\(status)\"")).first)
        #expect(call.legs == [Self.john(state)])
        #expect(call.direction == .inbound)
    }

    @Test(
        "a status that this version does not know is told apart",
        arguments: [("Talking", true), ("Unknown", true), ("Transferring", true), ("Held", false), ("", false)]
    )
    func knownStatus(_ status: String, _ isKnown: Bool) throws {
        let text = Self.row(status: "\"\(status)\"")
        let list = try WireJSON.decode(LegacyMessages.List<ActiveCallRow>.self, from: Array(text.utf8))
        #expect(list.readable.map(\.hasKnownStatus) == [isKnown])
    }

    @Test(
        "an id is taken as number and as text",
        arguments: [("7", "7"), ("\"7\"", "7"), ("-0", "0"), ("\"a-1\"", "a-1")])
    func ids(_ id: String, _ expected: String) throws {
        #expect(try Self.calls(Self.row(id: id)).map(\.id) == [PBXCallID(expected)])
    }

    @Test(
        "a row without a usable id, or with a field of another type, is unreadable",
        arguments: [
            row(id: "null"), row(id: "\"\""), row(id: "\"a b\""), row(id: "\"ü\""), row(id: "[1]"),
            row(id: "{}"), row(id: "1e999"), row(id: "\"" + String(repeating: "1", count: 65) + "\""),
            row(caller: "[]"), row(callee: "{}"), row(status: "[1]"),
            #"{"list":[{"Caller":"a","Callee":"b","Status":"c"}]}"#, #"{"list":[{"Id":1}]}"#, #"{"list":[null]}"#,
            #"{"list":[[]]}"#, #"{"list":[7]}"#,
        ]
    )
    func unreadable(_ text: String) throws {
        let list = try WireJSON.decode(LegacyMessages.List<ActiveCallRow>.self, from: Array(text.utf8))
        #expect(list.rows.count - list.readable.count == 1)
        #expect(list.readable.isEmpty)
    }

    @Test("a text that is null or a number spoils nothing")
    func oddTexts() throws {
        let calls = try Self.calls(Self.row(caller: "null", callee: "101", status: "null"))
        #expect(calls.map(\.direction) == [nil])
        #expect(calls.first?.legs.map(\.dn) == ["101"])
    }

    @Test("a call that is forwarded to the outside is inbound without a DN")
    func forwardedOutside() throws {
        let text = Self.row(callee: "\"10001 T (017012345678)\"")
        #expect(
            try Self.calls(text)
                == [Self.inbound("7", ExternalParty(number: "+4930123456"))])
    }
}
