import Adapters
import Foundation
import Testing

@Suite("On SIGHUP the daemon", .timeLimit(.minutes(10)))
struct ReloadTests {
    @Test(
        "takes a changed configuration over: events go to the new Zammad, a live call keeps its id",
        arguments: InterfaceUnderTest.all)
    func otherZammad(_ interface: InterfaceUnderTest) async throws {
        let other = try await LoopbackZammad.start(token: ProgramSecrets.endpointToken)
        try await BridgeStage.run(interface.kind, api: interface.api, settings: ["hangup_grace: 0.2"]) { stage in
            try await stage.play([SceneCall(21, .inboundRinging)])
            let row = try #require(try await stage.zammad.wait { $0.count == 1 }.first)
            try await stage.bridge.waitForLog("delivered newCall")
            let logins = await stage.pbx.logins

            try stage.reconfigure(zammad: other, settings: ["hangup_grace: 0.2", "poll_interval: 0.07"])
            try await stage.bridge.waitForLog("configuration read again")
            try await stage.pbx.waitForLogins(logins + 1)
            try await stage.play([SceneCall(21, .inboundTalking)])
            let moved = try await other.wait { $0.first?.state == .answer }
            #expect(moved.map(\.callID) == [row.callID])
            await stage.pbx.show([])
            try await other.wait { $0.first?.state == .hangup }
            try await stage.stop()

            #expect(await stage.zammad.requests().count == 1, "nothing more for the old one")
            #expect(await other.rows().count == 1)
            let changes = await stage.bridge.log.filter { $0.message == "changed" }
            #expect(changes.map { $0["key"] } == ["Bridge.poll_interval", "Zammad.endpoint"])
            #expect(changes.first?["old"] == "0.05" && changes.first?["new"] == "0.07")
            #expect(changes.last?["old"] == nil && changes.last?["new"] == nil, "secrets are not told")
        }
        await other.stop()
    }

    @Test("keeps the old configuration if the new one is bad, says why, and takes the next one that is good")
    func badFile() async throws {
        try await BridgeStage.run { stage in
            try await stage.play([SceneCall(21, .inboundRinging)])
            try await stage.zammad.waitForRequests(count: 1)
            let good = try String(contentsOfFile: stage.path, encoding: .utf8)
            try stage.rewrite(good.replacing("country_prefix: 49", with: "contry_prefix: 49 "))
            try await stage.bridge.waitForLog(
                "the new configuration is not used; the bridge keeps the one it has")
            let problem = await stage.bridge.log.first { $0.level == "error" }
            #expect(problem?.message.contains("country_prefix") == true, "\(String(describing: problem))")
            #expect(problem?.message.contains(stage.path) == true)

            try await stage.play([SceneCall(21, .inboundTalking)])
            try await stage.zammad.wait { $0.first?.state == .answer }
            let start = await stage.bridge.log.count
            try stage.rewrite(good)
            let told = try await stage.bridge.waitForLog("configuration read again", from: start)
            #expect(told["changes"] == "0")
            await stage.pbx.show([])
            try await stage.zammad.wait { $0.first?.state == .hangup }
            try await stage.stop()
            #expect(await stage.zammad.rows().count == 1)
        }
    }

    @Test("takes another status token over, without a new login, and says so")
    func statusToken() async throws {
        let tokens = ["status-token-0123456789", "status-token-9876543210"]
        try await BridgeStage.run(settings: ["status_token: \(tokens[0])"], statusListen: "127.0.0.1:0") { stage in
            let url = try #require(try await stage.bridge.waitForLog("the status page is up")["url"])
            try await stage.pbx.waitForPolls(1)
            let logins = await stage.pbx.logins
            func answers(to token: String) async throws -> Int {
                let port = try #require(URL(string: url)?.port)
                return try await RawHTTP.request(
                    "GET", "/status", headers: ["Authorization: Bearer \(token)"], port: port
                ).status
            }
            #expect(try await answers(to: tokens[0]) == 200)
            try stage.reconfigure(settings: ["status_token: \(tokens[1])"])
            try await stage.bridge.waitForLog("configuration read again")
            #expect(try await answers(to: tokens[0]) == 401)
            #expect(try await answers(to: tokens[1]) == 200)
            let change = await stage.bridge.log.first { $0.message == "changed" }
            #expect(change?["key"] == "Bridge.status_token" && change?["new"] == nil)
            let warning = await stage.bridge.log.first { $0.message.contains("wrong token") }
            #expect(warning?.level == "warning" && warning?["from"] == "127.0.0.1" && warning?["times"] == "1")
            try await stage.stop()
            #expect(await stage.pbx.logins == logins)
            #expect(await stage.bridge.log.allSatisfy { line in !tokens.contains { "\(line)".contains($0) } })
        }
    }

    @Test("says what takes effect at the next start only, each time, and goes on as it was")
    func restartKeys() async throws {
        try await BridgeStage.run { stage in
            try await stage.pbx.waitForPolls(1)
            for turn in 1...2 {
                let start = await stage.bridge.log.count
                try stage.reconfigure(settings: ["instance: other"])
                try await stage.bridge.waitForLog("configuration read again", from: start)
                let line = await stage.bridge.log.dropFirst(start).first { $0["key"] != nil }
                #expect(line?.level == "warning" && line?["key"] == "Bridge.instance", "turn \(turn)")
                #expect(line?["old"] == "3cx" && line?["new"] == "other")
            }
            try await stage.play([SceneCall(21, .inboundRinging)])
            let rows = try await stage.zammad.wait { $0.count == 1 }
            #expect(rows.first?.callID.hasPrefix("3cx-") == true)
            try await stage.stop()
        }
    }

    @Test("lets a delivery that is under way end where it began")
    func underWay() async throws {
        let other = try await LoopbackZammad.start(token: ProgramSecrets.endpointToken)
        let prepare = { @Sendable (_: any PhoneSystemUnderTest, zammad: LoopbackZammad) in
            await zammad.inject(.slow(.seconds(1)), next: 1)
        }
        try await BridgeStage.run(prepare: prepare) { stage in
            try await stage.play([SceneCall(21, .inboundRinging)])
            try await stage.zammad.waitForRequests(count: 1)
            try stage.reconfigure(zammad: other)
            try await stage.bridge.waitForLog("configuration read again")
            try await stage.bridge.waitForLog("delivered newCall")
            try await stage.stop()
            #expect(await stage.zammad.rows().count == 1)
            #expect(await stage.bridge.log.allSatisfy { !$0.message.hasPrefix("not delivered") })
        }
        await other.stop()
    }

    @Test("brings what a wrong address held up to the right one")
    func repairedEndpoint() async throws {
        try await BridgeStage.run(prepare: { _, zammad in await zammad.configure { $0.featureEnabled = false } }) {
            stage in
            try await stage.play([SceneCall(21, .inboundRinging)])
            try await stage.bridge.waitForLog("Zammad refuses all events; they wait, and it is asked again every 15 s")
            let other = try await LoopbackZammad.start(token: ProgramSecrets.endpointToken)
            try stage.reconfigure(zammad: other)
            try await other.wait(deadline: .seconds(60)) { $0.count == 1 }
            try await stage.bridge.waitForLog("Zammad takes events")
            try await stage.stop()
            await other.stop()
        }
    }

    @Test("stops as well as ever, also right after")
    func stopsAfterwards() async throws {
        try await BridgeStage.run { stage in
            try await stage.pbx.waitForPolls(1)
            try stage.reconfigure(settings: ["poll_interval: 0.07"])
            stage.bridge.signal(SIGHUP)
            stage.bridge.signal(15)
            #expect(try await stage.bridge.waitForExit() == .code(0))
            #expect(await stage.bridge.log.last?.message == "stopped")
        }
    }
}
