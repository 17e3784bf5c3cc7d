import Adapters
import Testing

@Suite("The daemon tells Zammad about calls", .timeLimit(.minutes(10)))
struct DaemonCallTests {
    @Test(
        "answered, missed, outbound and queue calls, in order and to the letter",
        arguments: InterfaceUnderTest.all + InterfaceUnderTest.pushing)
    func calls(_ interface: InterfaceUnderTest) async throws {
        try await BridgeStage.run(interface.kind, api: interface.api, settings: ["hangup_grace: 0.2"]) { stage in
            try await playAll(stage)
            let (anna, ben) = (stage.pbx.name(ofAgent: "101"), stage.pbx.name(ofAgent: "102"))
            let queue = stage.pbx.queueName
            try await stage.expect([
                .inbound("newCall", 21, user: anna, answeringNumber: "101"),
                .inbound("answer", 21, user: anna, answeringNumber: "101"),
                .inbound("hangup", 21, answeringNumber: "101", cause: "normalClearing"),
                .inbound("newCall", 22, user: anna, answeringNumber: "101"),
                .inbound("hangup", 22, answeringNumber: "101", cause: "cancel"),
                .outbound("newCall", 23, user: anna, answeringNumber: "101"),
                .outbound("answer", 23, answeringNumber: "101"),
                .outbound("hangup", 23, answeringNumber: "101", cause: "normalClearing"),
                .inbound("newCall", 24, to: "816", user: queue),
                .inbound("answer", 24, to: "102", user: ben, answeringNumber: "102"),
                .inbound("hangup", 24, to: "102", answeringNumber: "102", cause: "normalClearing"),
                .inbound("newCall", 25, to: "816", user: queue),
                .inbound("hangup", 25, to: "816", answeringNumber: "816", cause: "cancel"),
            ])
            let rows = await stage.zammad.rows()
            #expect(rows.map(\.state) == Array(repeating: .hangup, count: 5))
            #expect(rows.map(\.done) == [true, false, true, true, false])
            #expect(rows.map(\.direction) == ["in", "in", "out", "in", "in"])
            let agents = await Set(stage.zammad.requests().compactMap { $0.headers["user-agent"] })
            #expect(agents.count == 1 && agents.first?.hasPrefix("3cx-zammad-bridge/") == true)
            let messages = await stage.bridge.log.map(\.message)
            let choices = messages.filter { $0.hasPrefix("using ") }
            #expect(choices.count == (interface.api == "auto" ? 1 : 0), "\(choices)")
        }
    }

    /// One call after the other, each up to its end in Zammad, so that the order of all requests is known.
    private func playAll(_ stage: BridgeStage) async throws {
        let scenarios: [(phases: [SceneCall.Phase], agent: String)] = [
            ([.inboundRinging, .inboundTalking], "101"), ([.inboundRinging], "101"),
            ([.outboundDialing, .outboundTalking], "101"), ([.queueWaiting, .queueRinging, .queueTalking], "102"),
            ([.queueWaiting], "102"),
        ]
        for (index, scenario) in scenarios.enumerated() {
            for phase in scenario.phases {
                try await stage.play([SceneCall(21 + Int64(index), phase, agent: scenario.agent)])
            }
            await stage.pbx.show([])
            try await stage.zammad.wait(for: "the end of call \(21 + index)") {
                $0.count == index + 1 && $0[index].state == .hangup
            }
        }
    }

    @Test("a call that was up before the daemon started is told with all that is known of it")
    func lateStart() async throws {
        try await BridgeStage.run(prepare: { pbx, _ in await pbx.show([SceneCall(21, .inboundTalking)]) }) { stage in
            try await stage.zammad.wait { $0.first?.state == .answer }
            await stage.pbx.show([])
            try await stage.expect([
                .inbound("newCall", 21, user: "Agent 101", answeringNumber: "101"),
                .inbound("answer", 21, user: "Agent 101", answeringNumber: "101"),
                .inbound("hangup", 21, answeringNumber: "101", cause: "normalClearing"),
            ])
        }
    }
}
