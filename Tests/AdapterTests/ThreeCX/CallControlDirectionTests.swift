import Domain
import Testing

@testable import Adapters

@Suite("Which way a call of a 3CX v20 goes", .timeLimit(.minutes(10)))
struct CallControlDirectionTests {
    private typealias Text = CallControlText

    private static func direction(after answers: [String]) async throws -> ObservedCall? {
        let world = try CallControlWorld()
        var calls: [ObservedCall] = []
        for answer in answers { calls = try await world.calls(after: answer) }
        #expect(calls.count == 1)
        return calls.first
    }

    @Test(
        "is settled by the first look and stays",
        arguments: [
            (["Ringing"], .inbound), (["Dialing"], .outbound), (["Ringing", "Connected"], .inbound),
            (["Dialing", "Connected"], .outbound), (["Dialing", "Ringing"], .outbound),
            (["Ringing", "Dialing"], .inbound),
        ] as [([String], CallDirection)]
    )
    func latched(_ states: [String], _ direction: CallDirection) async throws {
        let answers = states.map { Text.on101(Text.participant(id: 1, $0, leg: 1)) }
        #expect(try await Self.direction(after: answers)?.direction == direction)
    }

    @Test(
        "of a call that is connected when first seen is told by its traces",
        arguments: [
            (Text.on101(Text.participant(id: 1, "Connected", leg: 4, origin: "ROUTER")), .inbound),
            (Text.on101(Text.participant(id: 1, "Connected", leg: 1, origin: "ROUTER")), .inbound),
            (Text.on101(Text.participant(id: 1, "Connected", leg: 4, origin: "101")), .outbound),
            (Text.on101(Text.participant(id: 1, "Connected", leg: 1)), .outbound),
            (Text.on101(Text.participant(id: 1, "Connected", leg: 4)), .inbound),
            (Text.on101(Text.participant(id: 1, "Connected", leg: 1, origin: "80", originType: "Wqueue")), .inbound),
            (Text.answer(Text.station("80", Text.participant(id: 1, "Connected", leg: 1), type: "Wqueue")), .inbound),
            (
                Text.answer(
                    Text.station("101", Text.participant(id: 1, "Connected", leg: 1)),
                    Text.station("102", Text.participant(id: 2, "Dialing", leg: 2))), .outbound
            ),
        ] as [(String, CallDirection)]
    )
    func firstSeenConnected(_ answer: String, _ direction: CallDirection) async throws {
        #expect(try await Self.direction(after: [answer])?.direction == direction)
    }

    @Test("is outbound while the router still looks for a trunk, if the number is an outside one")
    func routerFirst() async throws {
        let early = Text.participant(
            id: 1, "Dialing", leg: 1, party: "ROUTER", number: "03023125044", type: "Wroutepoint")
        let call = try #require(try await Self.direction(after: [Text.on101(early)]))
        #expect(call.direction == .outbound && call.trunk == nil)
        #expect(call.external == ExternalParty(number: "03023125044"))
        let routed = Text.participant(id: 1, "Dialing", leg: 1, number: "+493023125044")
        let later = try #require(try await Self.direction(after: [Text.on101(early), Text.on101(routed)]))
        #expect(later.direction == .outbound && later.trunk == "10001")
        #expect(later.external == ExternalParty(number: "+493023125044"))
    }

    @Test("is outbound where a leg is its own origin, and where a queue dials, whatever else is shown")
    func ownOrigin() async throws {
        for status in ["Ringing", "Connected", "Dialing", "Levitating"] {
            let leg = Text.participant(id: 1, status, leg: 4, origin: "101")
            let call = try #require(try await Self.direction(after: [Text.on101(leg)]))
            // One that is connected may have picked the call up.
            #expect(call.direction == .outbound && call.directionIsGuess == !["Ringing", "Dialing"].contains(status))
        }
        let queue = Text.participant(id: 1, "Dialing", leg: 1)
        #expect(
            try await Self.direction(after: [Text.answer(Text.station("80", queue, type: "Wqueue"))])?.direction
                == .outbound)
    }

    @Test(
        "is inbound where somebody rings or a queue has taken the call, whoever else dials; a queue alone is a guess",
        arguments: [
            (Text.station("102", Text.participant(id: 2, "Ringing")), true, false),
            (Text.station("80", Text.participant(id: 2, "Connected"), type: "Wqueue"), true, false),
            (Text.station("80", Text.participant(id: 2, "Connected"), type: "Wqueue"), false, true),
        ] as [(String, Bool, Bool)]
    )
    func twoParties(_ caller: String, _ dials: Bool, _ isGuess: Bool) async throws {
        let forwarded = Text.participant(id: 1, "Dialing", number: "+4915123125099")
        let answer = dials ? Text.answer(Text.station("101", forwarded), caller) : Text.answer(caller)
        let call = try #require(try await Self.direction(after: [answer]))
        #expect(call.direction == .inbound && call.directionIsGuess == isGuess)
        #expect(call.external?.number == "+493023125001")
    }

    @Test("what was dialled is marked as such until a line has shown the number, and does not come back")
    func routed() async throws {
        let early = Text.participant(
            id: 1, "Dialing", leg: 1, party: "ROUTER", number: "003023125044", type: "Wroutepoint")
        let onLine = Text.participant(id: 1, "Dialing", leg: 1, number: "03023125044")
        let world = try CallControlWorld()
        for (leg, number, isRouted) in [
            (early, "003023125044", true), (onLine, "03023125044", false), (early, "03023125044", false),
        ] {
            let call = try #require(try await world.calls(after: Text.on101(leg)).first)
            #expect(call.external?.number == number && call.isRouted == isRouted)
        }
    }

    @Test("is not known while an extension's number is dialled, and internal once its party is one")
    func internalEarly() async throws {
        let early = Text.participant(id: 1, "Dialing", leg: 1, party: "ROUTER", number: "102", type: "Wroutepoint")
        let call = try #require(try await Self.direction(after: [Text.on101(early)]))
        #expect(call.direction == nil && call.external == nil)
        let routed = Text.participant(id: 1, "Dialing", leg: 1, party: "102", number: "102", type: "Wextension")
        #expect(try await Self.direction(after: [Text.on101(early), Text.on101(routed)])?.direction == .internal)
    }

    @Test("stays with its number and trunk while no leg shows the outside, and over a gap without legs")
    func transferGap() async throws {
        let talking = Text.on101(Text.participant(id: 1, "Dialing", leg: 1, name: "Max"))
        let handedOver = Text.answer(
            Text.station("101"),
            Text.station("102", Text.participant(id: 2, "Ringing", party: "101", number: "101", type: "Wextension")))
        let taken = Text.answer(Text.station("102", Text.participant(id: 2, "Ringing", origin: "101")))
        let gap = Text.answer(Text.station("101"))
        let world = try CallControlWorld()
        _ = try await world.calls(after: talking)
        let between = try await world.calls(after: handedOver)
        #expect(between.map(\.direction) == [.outbound])
        #expect(between.first?.external == ExternalParty(number: "+493023125001", name: "Max"))
        #expect(between.first?.trunk == "10001")
        #expect(try await world.calls(after: gap).isEmpty)
        let after = try await world.calls(after: taken)
        #expect(after.map(\.direction) == [.outbound])
        #expect(after.first?.legs == [CallLeg(dn: "102", role: .agent, state: .ringing, isMonitored: true)])
    }

    @Test("is read anew for another number under an id that was used before, and after ten seconds of silence")
    func idReused() async throws {
        let first = Text.on101(Text.participant(id: 1, "Ringing"))
        let sameParty = Text.on101(Text.participant(id: 2, "Dialing", leg: 1, number: "03023125001"))
        let other = Text.on101(Text.participant(id: 2, "Dialing", leg: 1, number: "03099999999"))
        let empty = Text.answer(Text.station("101"))

        let same = try CallControlWorld()
        #expect(try await same.calls(after: first, empty, sameParty).map(\.direction) == [.inbound])
        let another = try CallControlWorld()
        let calls = try await another.calls(after: first, empty, other)
        #expect(calls.map(\.direction) == [.outbound])
        #expect(calls.first?.external?.number == "03099999999")

        let late = try CallControlWorld()
        _ = try await late.calls(after: first, empty)
        late.clock.advance(by: .seconds(10))
        #expect(try await late.calls(after: empty, sameParty).map(\.direction) == [.outbound])
    }

    @Test("is kept over a long outage of the PBX")
    func outage() async throws {
        let world = try CallControlWorld()
        _ = try await world.calls(after: Text.on101(Text.participant(id: 1, "Ringing", leg: 1)))
        world.clock.advance(by: .seconds(600))
        let calls = try await world.calls(after: Text.on101(Text.participant(id: 1, "Connected", leg: 1)))
        #expect(calls.map(\.direction) == [.inbound])
    }

    @Test("legs of several DNs are one call, several devices of one DN one leg")
    func aggregation() async throws {
        let answer = Text.answer(
            Text.station(
                "101", Text.participant(id: 1, "Ringing"), Text.participant(id: 2, "Connected"),
                Text.participant(id: 3, "Ringing")),
            Text.station("102", Text.participant(id: 4, "Ringing"), Text.participant(id: 5, "Ringing", call: 8)),
            Text.station("666", Text.participant(id: 6, "Connected", call: 9), type: "Wspecialmenu"),
            Text.station("SP1", Text.participant(id: 7, "TryingToTransfer", call: 10), type: "Wparkextension"),
            Text.station("bridge", Text.participant(id: 8, "Connected", call: 11), type: "Wroutepoint"),
            Text.station("odd", Text.participant(id: 9, "Levitating", call: 12), type: "Wsomething"))
        let world = try CallControlWorld()
        let calls = try await world.calls(after: answer)
        #expect(calls.map(\.id.text) == ["7", "8", "9", "10", "12"])
        #expect(calls.map { $0.legs.map(\.dn) } == [["101", "102"], ["102"], ["666"], ["SP1"], ["odd"]])
        #expect(calls[0].legs.map(\.state) == [.connected, .ringing])
        #expect(calls.dropFirst(2).map { $0.legs[0].role } == [.voicemail, .other, .other])
        #expect(calls.dropFirst(2).map { $0.legs[0].state } == [.connected, .transferring, .other])
    }

    @Test(
        "an origin without a usable DN takes no part", arguments: ["", String(repeating: "8", count: 65), "8\\u0007"])
    func unusableOrigin(_ origin: String) async throws {
        let answer = Text.on101(Text.participant(id: 1, "Ringing", origin: origin, originType: "Wqueue"))
        let world = try CallControlWorld()
        #expect(try await world.calls(after: answer).first?.legs.map(\.dn) == ["101"])
    }

    @Test("a queue that the client may not see takes part by being named as the origin, once")
    func invisibleQueue() async throws {
        let answer = Text.answer(
            Text.station("101", Text.participant(id: 1, "Ringing", origin: "81", originType: "Wqueue")),
            Text.station("102", Text.participant(id: 2, "Ringing", origin: "81", originType: "Wqueue")))
        let world = try CallControlWorld()
        let call = try #require(try await world.calls(after: answer).first)
        #expect(call.legs.map(\.dn) == ["101", "102", "81"])
        #expect(call.legs.last == CallLeg(dn: "81", role: .queue, state: .connected, isMonitored: false))
    }
}
