import Adapters
import Testing

@Suite("The daemon's log", .timeLimit(.minutes(10)))
struct DaemonLogTests {
    /// An answered call, a missed outbound one and an internal one, each once at least in sight.
    private func play(_ stage: BridgeStage) async throws {
        let inside = SceneCall(20, .internalTalking, agent: "102")
        try await stage.play(
            [inside], [inside, SceneCall(21, .inboundRinging)], [inside, SceneCall(21, .inboundTalking)], [inside])
        try await stage.zammad.wait { $0.first?.state == .hangup }
        try await stage.play([SceneCall(23, .outboundDialing, number: "+493023125002")], [])
        try await stage.zammad.wait { $0.count == 2 && $0[1].state == .hangup }
        try await stage.stop()
    }

    @Test("has a line for each decision and each delivery, with numbers masked")
    func decisions() async throws {
        try await BridgeStage.run { stage in
            try await play(stage)
            let log = await stage.bridge.log
            let told = log.filter { $0.message.contains("call") || $0.message.hasPrefix("delivered") }
            let messages = { call in told.filter { $0["pbx_call"] == call }.map(\.message) }
            #expect(messages("21") == ["new call", "call answered", "call ended"])
            #expect(messages("23") == ["new call", "call ended"])
            let ignored = try #require(told.first { $0["pbx_call"] == "20" })
            #expect(told.count { $0["pbx_call"] == "20" } == 1)
            #expect(ignored.message == "call ignored" && ignored["direction"] == "internal")
            #expect(ignored["reason"]?.isEmpty == false)
            let ids = await stage.zammad.rows().map(\.callID)
            let (first, second) = (told.filter { $0["call"] == ids[0] }, told.filter { $0["call"] == ids[1] })
            #expect(first.count == 6 && second.count == 4)
            #expect(first.allSatisfy { $0["number"] == "•••001" && $0.level == "info" })
            #expect(second.allSatisfy { $0["number"] == "•••002" })
            #expect(Set(first.compactMap { $0["direction"] }) == ["inbound"], "one spelling for one direction")
            #expect(Set(second.compactMap { $0["direction"] }) == ["outbound"])
            #expect(first.filter { $0.message.hasPrefix("delivered") }.allSatisfy { $0["class"] == "delivered" })
            #expect(first.first { $0.message == "call ended" }?["cause"] == "normalClearing")
            #expect(first.first { $0.message == "call answered" }?["agent"] == "101")
            let text = await stage.bridge.output.value.messages
            #expect(!text.contains("23125001") && !text.contains("23125002"))
        }
    }

    @Test(
        "shows numbers in full and more lines when asked", arguments: [["-v"], ["--verbose"], ["-v", "--trace"]],
        PhoneSystemKind.polled)
    func verbose(flags: [String], kind: PhoneSystemKind) async throws {
        try await BridgeStage.run(kind, settings: ["hangup_grace: 0.2"], flags: flags) { stage in
            try await play(stage)
            let log = await stage.bridge.log
            #expect(log.first { $0.message == "new call" }?["number"] == "+493023125001")
            #expect(log.first { $0.message == "delivered newCall" }?["number"] == "03023125001")
            #expect(log.contains { $0.level == "debug" && $0.message == "sending newCall" })
        }
    }

    @Test("times every line in UTC and names a known level")
    func form() async throws {
        try await BridgeStage.run(.callcontrol, flags: ["-f", "json"]) { stage in
            try await stage.pbx.waitForPolls(2)
            try await stage.stop()
            let log = await stage.bridge.log
            #expect(log.count >= 3)
            let form = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/
            let levels = ["debug", "info", "notice", "warning", "error"]
            #expect(log.allSatisfy { $0.time.wholeMatch(of: form) != nil && levels.contains($0.level) })
            #expect(log.map(\.time) == log.map(\.time).sorted())
        }
    }

    @Test("is one line an event in the plain format as well")
    func plain() async throws {
        let hostile = "Zeile\\n2026-01-01T00:00:00.000Z ERROR forged"
        try await BridgeStage.run(flags: ["--log-format", "plain"]) { stage in
            let odd = #"{"list":[{"Id":9,"Caller":"101 A","Callee":"102 B","Status":"\#(hostile)"}]}"#
            if let pbx = stage.pbx as? LegacyUnderTest { await pbx.pbx.setCalls(raw: odd) }
            try await stage.pbx.waitForPolls(2)
            try await play(stage)
            let lines = await stage.bridge.output.value.lines
            let form = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (DEBUG  |INFO   |NOTICE |WARNING|ERROR  ) \S.*/
            #expect(lines.filter { $0.wholeMatch(of: form) == nil } == [])
            #expect(!lines.contains { $0.contains("Z ERROR") && $0.hasPrefix("2026-01-01") })
            #expect(lines.contains { $0.contains("new call") && $0.contains("number=•••001") })
        }
    }

    @Test("may be read by nobody")
    func unread() async throws {
        try await BridgeStage.run(logReader: .gone) { stage in
            try await stage.play([SceneCall(21, .inboundRinging)], [])
            try await stage.zammad.wait { $0.first?.state == .hangup }
            try await stage.stop()
        }
    }

    @Test("may wait for a reader that stands still: calls are told, and the daemon ends when it is told to")
    func stalledReader() async throws {
        try await BridgeStage.run(flags: ["-v", "--trace"], logReader: .stalled) { stage in
            try await stage.play([SceneCall(21, .inboundRinging)], [])
            try await stage.zammad.wait { $0.first?.state == .hangup }
            let asked = ContinuousClock.now
            try await stage.stop()
            #expect(ContinuousClock.now - asked < .seconds(10))
        }
    }
}
