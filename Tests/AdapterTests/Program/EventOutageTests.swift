import Adapters
import Testing

@Suite("Whatever becomes of the event socket, the daemon", .timeLimit(.minutes(10)))
struct EventOutageTests {
    private static let kinds = [PhoneSystemKind.events, .version20]

    private static func run(
        _ kind: PhoneSystemKind, settings: [String] = [],
        prepare: (EventsUnderTest) async throws -> Void = { _ in },
        _ body: (BridgeStage, LoopbackCallControlPBX) async throws -> Void
    ) async throws {
        try await BridgeStage.run(
            kind, settings: ["hangup_grace: 0.2"] + settings,
            prepare: { pbx, _ in try await prepare(#require(pbx as? EventsUnderTest)) }
        ) { stage in
            try await body(stage, #require(stage.pbx as? EventsUnderTest).pbx)
        }
    }

    /// What the PBX shows from now on, without an event.
    private static func showSilently(_ calls: SceneCall..., on pbx: LoopbackCallControlPBX) async {
        await pbx.setDNs(CallControlUnderTest.dns(calls))
    }

    private static func finish(_ stage: BridgeStage, rows: Int) async throws {
        try await stage.zammad.wait(for: "the end of \(rows) calls", deadline: .seconds(60)) {
            $0.count == rows && $0.allSatisfy { $0.state == .hangup }
        }
        try await stage.stop()
    }

    @Test("polls while it is refused, and goes over to events when it no longer is", arguments: kinds, [403, 404])
    func refused(_ kind: PhoneSystemKind, _ status: Int) async throws {
        try await Self.run(kind, prepare: { await $0.pbx.refuseSockets(status) }) { stage, pbx in
            try await stage.bridge.waitForLog(for: "the refusal", within: .seconds(60)) {
                $0.level == "warning" && $0.message.contains("3CX does not push events: ")
                    && $0.message.contains("HTTP \(status)") && $0.message.contains("proxy")
            }
            await Self.showSilently(SceneCall(21, .inboundTalking), on: pbx)
            try await stage.zammad.wait(deadline: .seconds(30)) { $0.first?.state == .answer }
            await pbx.acceptSockets()
            try await pbx.waitForOpenSockets(1)
            try await stage.bridge.waitForLog(for: "events", within: .seconds(60)) {
                $0.message.contains("3CX pushes events")
            }
            try await pbx.replaceDNs(CallControlUnderTest.dns([]))
            try await Self.finish(stage, rows: 1)
            let rows = await stage.zammad.rows()
            #expect(rows.map(\.done) == [true])
        }
    }

    @Test("loses neither a call that ends nor one that begins while it is down, and tells none twice", arguments: kinds)
    func dropped(_ kind: PhoneSystemKind) async throws {
        try await Self.run(kind) { stage, pbx in
            await stage.pbx.show([SceneCall(21, .inboundTalking)])
            try await stage.zammad.wait { $0.first?.state == .answer }
            await pbx.refuseSockets(502)
            await pbx.dropSockets()
            try await pbx.waitForOpenSockets(0)
            await Self.showSilently(SceneCall(22, .inboundRinging, agent: "102"), on: pbx)
            try await stage.zammad.wait(for: "one ended, one new", deadline: .seconds(30)) {
                $0.map(\.state) == [.hangup, .newCall]
            }
            await pbx.acceptSockets()
            try await pbx.waitForSockets(total: 2, deadline: .seconds(60))
            // Not `show`: the poll that follows the opening may see it before anybody asks for the participant.
            try await pbx.replaceDNs(CallControlUnderTest.dns([SceneCall(22, .inboundTalking, agent: "102")]))
            try await stage.zammad.wait(deadline: .seconds(30)) { $0.last?.state == .answer }
            await stage.pbx.show([])
            try await Self.finish(stage, rows: 2)
            let events = await stage.zammad.requests().compactMap { $0.json?["event"]?.string }
            #expect(events.sorted() == ["answer", "answer", "hangup", "hangup", "newCall", "newCall"])
        }
    }

    @Test("asks with a new token when the old one has ended while the socket was open", arguments: kinds)
    func tokenEnded(_ kind: PhoneSystemKind) async throws {
        try await Self.run(kind) { stage, pbx in
            await stage.pbx.show([SceneCall(21, .inboundRinging)])
            let minted = await pbx.tokensMinted
            await stage.pbx.endSession()
            await stage.pbx.show([SceneCall(21, .inboundTalking)])
            try await stage.zammad.wait(deadline: .seconds(30)) { $0.first?.state == .answer }
            await stage.pbx.show([])
            try await Self.finish(stage, rows: 1)
            #expect(await pbx.tokensMinted == minted + 1)
            #expect(await pbx.state.value.sockets.opened == 1)
        }
    }

    @Test("keeps up with 1,000 participants and a storm of 5,000 events that say nothing new")
    func storm() async throws {
        try await Self.run(
            .events,
            prepare: { pbx in
                let legs = (0..<1000).map { index in
                    CallControlParticipant.internal(
                        id: 50_000 + Int64(index), callID: 9_000 + Int64(index / 2), dn: "\(2000 + index)",
                        with: "2999",
                        status: "Connected")
                }
                await pbx.pbx.setDNs(
                    CallControlUnderTest.dns([]) + legs.map { CallControlDN(dn: $0.dn, participants: [$0]) })
            }
        ) { stage, pbx in
            try await pbx.waitForOpenSockets(1)
            let ringing = CallControlParticipant.inbound(
                id: 210, callID: 21, dn: "101", from: "+493023125001", status: "Ringing")
            try await pbx.upsert(ringing)
            for _ in 0..<5000 {
                try await pbx.emit(
                    AdapterTests.CallControlEvent(
                        type: AdapterTests.CallControlEvent.upsert,
                        entity: AdapterTests.CallControlEvent.entity("101", 210)))
            }
            try await pbx.upsert(
                .inbound(id: 210, callID: 21, dn: "101", from: "+493023125001", status: "Connected"))
            try await stage.zammad.wait(deadline: .seconds(60)) { $0.first?.state == .answer }
            try await pbx.removeParticipant(210, of: "101")
            try await Self.finish(stage, rows: 1)
            let events = await stage.zammad.requests().compactMap { $0.json?["event"]?.string }
            #expect(events == ["newCall", "answer", "hangup"])
        }
    }
}
