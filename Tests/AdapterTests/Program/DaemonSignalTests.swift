import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@Suite("On a signal the daemon", .timeLimit(.minutes(10)))
struct DaemonSignalTests {
    @Test("ends at once and well when it is idle", arguments: [SIGTERM, SIGINT])
    func idle(signal: Int32) async throws {
        try await BridgeStage.run { stage in
            try await stage.pbx.waitForPolls(2)
            stage.bridge.signal(signal)
            #expect(try await stage.bridge.waitForExit(within: .seconds(2)) == .code(0))
            #expect(await stage.bridge.log.last?.message == "stopped")
        }
    }

    /// Before it listens to signals the system ends it, when nothing is under way yet.
    @Test("ends at once while it starts", arguments: 0..<8)
    func starting(turn: Int) async throws {
        try await BridgeStage.run { stage in
            try await stage.bridge.waitForLog(for: "the start") { $0.message.hasPrefix("starting") }
            // The turns differ in how far it gets.
            for _ in 0..<turn { try await stage.bridge.output.wait { !$0.stderr.isEmpty } }
            stage.bridge.signal(SIGTERM)
            let exit = try await stage.bridge.waitForExit(within: .seconds(2))
            #expect(exit == .code(0) || exit == .signal(SIGTERM))
        }
    }

    @Test("ends at once and well while 3CX does not answer", arguments: InterfaceUnderTest.all)
    func hangingPhoneSystem(_ interface: InterfaceUnderTest) async throws {
        let prepare = { @Sendable (pbx: any PhoneSystemUnderTest, _: LoopbackZammad) in
            await pbx.server.inject(.hang)
        }
        try await BridgeStage.run(interface.kind, api: interface.api, prepare: prepare) { stage in
            try await stage.pbx.server.requests.wait(count: 1)
            stage.bridge.signal(SIGTERM)
            #expect(try await stage.bridge.waitForExit(within: .seconds(2)) == .code(0))
        }
    }

    @Test("ends at once and well while it waits to ask 3CX again")
    func waiting() async throws {
        try await BridgeStage.run(prepare: { pbx, _ in await pbx.server.stop() }) { stage in
            try await stage.bridge.waitForLog("a poll of 3CX failed; live calls stay as they are")
            stage.bridge.signal(SIGTERM)
            #expect(try await stage.bridge.waitForExit(within: .seconds(2)) == .code(0))
        }
    }

    @Test("finishes the delivery that is under way")
    func delivering() async throws {
        try await BridgeStage.run(prepare: { _, zammad in await zammad.inject(.slow(.seconds(1)), next: 1) }) { stage in
            try await stage.play([SceneCall(21, .inboundRinging)])
            try await stage.zammad.waitForRequests(count: 1)
            stage.bridge.signal(SIGTERM)
            #expect(try await stage.bridge.waitForExit() == .code(0))
            #expect(await stage.bridge.log.contains { $0.message == "delivered newCall" })
            #expect(await stage.zammad.rows().count == 1)
        }
    }

    @Test("says what it leaves undelivered")
    func undelivered() async throws {
        try await BridgeStage.run(prepare: { _, zammad in await zammad.stop() }) { stage in
            try await stage.play([SceneCall(21, .inboundRinging)])
            try await stage.bridge.waitForLog("not delivered: newCall")
            try await stage.stop()
            let last = await stage.bridge.log.last
            #expect(last?.level == "warning" && last?.message == "stopped with undelivered events")
            #expect(last?["pending"] == "1")
        }
    }

    @Test("gives up a delivery that hangs after a few seconds")
    func hangingDelivery() async throws {
        try await BridgeStage.run(prepare: { _, zammad in await zammad.inject(.hang) }) { stage in
            try await stage.play([SceneCall(21, .inboundRinging)])
            try await stage.zammad.waitForRequests(count: 1)
            stage.bridge.signal(SIGTERM)
            #expect(try await stage.bridge.waitForExit(within: .seconds(9)) == .code(0))
            #expect(await stage.bridge.log.last?.message == "stopped with undelivered events")
        }
    }

    @Test("ends at once on a second one, whatever is under way", arguments: [(SIGTERM, SIGTERM), (SIGINT, SIGTERM)])
    func impatience(_ first: Int32, _ second: Int32) async throws {
        try await BridgeStage.run(prepare: { _, zammad in await zammad.inject(.hang) }) { stage in
            try await stage.play([SceneCall(21, .inboundRinging)])
            try await stage.zammad.waitForRequests(count: 1)
            stage.bridge.signal(first)
            // The polls stop when the first signal has been heard; two at once would be one to the system.
            try await stage.bridge.waitForLog("stopping")
            stage.bridge.signal(second)
            #expect(try await stage.bridge.waitForExit(within: .seconds(2)) == .code(1))
        }
    }
}
