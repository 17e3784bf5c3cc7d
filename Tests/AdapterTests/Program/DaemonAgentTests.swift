import Adapters
import Testing

@testable import Played

@Suite("The daemon tells Zammad who of its users answered", .timeLimit(.minutes(10)))
struct DaemonAgentTests {
    private static let agents = #"agents: {101: Anna.Login, 102: ben@example.com}"#
    private static let token = "api_token: \(ProgramSecrets.apiToken)"

    private static func hire(_ zammad: LoopbackZammad) async {
        await zammad.configure {
            $0.agents = [
                ZammadAgent(id: 6, login: "anna.login2", phone: ""), ZammadAgent(id: 7, login: "anna.login", phone: ""),
                ZammadAgent(id: 8, login: "b", phone: "", email: "ben@example.com"),
                ZammadAgent(id: 9, login: "ben@example.com", phone: "", isActive: false),
                // Whoever has the agent's number as a phone number would get her screen.
                ZammadAgent(id: 10, login: "customer", phone: "101", isAgent: false),
            ]
        }
        await zammad.helpdesk.update { $0.hasSearchIndex = false }
    }

    /// A call that is answered and has ended; the `user_id` of its answer.
    private func answer(_ stage: BridgeStage, _ id: Int64, by agent: String) async throws -> Int64? {
        try await stage.play(
            [SceneCall(id, .inboundRinging, agent: agent)], [SceneCall(id, .inboundTalking, agent: agent)], [])
        let prefix = "3cx-\(id)-"
        try await stage.zammad.wait(for: "the end of call \(id)") { rows in
            rows.contains { $0.callID.hasPrefix(prefix) && $0.state == .hangup }
        }
        let answers = await stage.zammad.requests().compactMap(\.json).filter {
            $0["event"]?.string == "answer" && $0["callId"]?.string?.hasPrefix(prefix) == true
        }
        let answer = try #require(answers.first)
        let id = answer["user_id"]?.integer
        #expect((answer["answeringNumber"] == nil) == (id != nil))
        let row = try #require(await stage.zammad.rows().first { $0.callID.hasPrefix(prefix) })
        #expect(row.openedFor == (id.map { [$0] } ?? []))
        return id
    }

    @Test("by login and by e-mail address", arguments: PhoneSystemKind.polled)
    func found(kind: PhoneSystemKind) async throws {
        try await BridgeStage.run(
            kind, settings: ["hangup_grace: 0.2"], zammadSettings: [Self.token, Self.agents],
            prepare: { _, zammad in await Self.hire(zammad) }
        ) { stage in
            try await stage.bridge.waitForLog("Zammad users are known for 2 of 2 agents")
            #expect(try await answer(stage, 21, by: "101") == 7)
            #expect(try await answer(stage, 22, by: "102") == 8)
            #expect(try await answer(stage, 23, by: "103") == nil)
            try await stage.stop()
            let messages = await stage.bridge.output.value.messages
            #expect(!messages.contains("anna.login") && !messages.contains("example.com"))
        }
    }

    @Test(
        "and events go out in time while the search fails, with the user once it works",
        arguments: [LoopbackFault.status(403), .status(500), .hang])
    func failing(fault: LoopbackFault) async throws {
        try await BridgeStage.run(
            settings: ["group_refresh: 1"], zammadSettings: [Self.token, Self.agents, "max_parallel: 1"],
            prepare: { _, zammad in
                await Self.hire(zammad)
                await zammad.server.inject(fault, on: LoopbackZammad.searchPath)
            }
        ) { stage in
            // The one that hangs is under way while the call is told of.
            try await stage.zammad.server.requests.wait(count: 1) { $0.path == LoopbackZammad.searchPath }
            #expect(try await answer(stage, 21, by: "101") == nil)
            await stage.zammad.server.clearFaults(on: LoopbackZammad.searchPath)
            try await stage.bridge.waitForLog("Zammad users are known for 2 of 2 agents", within: .seconds(60))
            #expect(try await answer(stage, 22, by: "101") == 7)
            let warnings = await stage.bridge.log.filter { $0.level == "warning" && $0.message.contains("search") }
            #expect(!warnings.isEmpty)
            try await stage.stop()
        }
    }
}
