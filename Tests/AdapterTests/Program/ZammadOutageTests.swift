import Adapters
import Testing

@Suite("While Zammad fails, the daemon", .timeLimit(.minutes(10)))
struct ZammadOutageTests {
    private let newCall = ExpectedEvent.inbound("newCall", 21, user: "Agent 101", answeringNumber: "101")
    private let answer = ExpectedEvent.inbound("answer", 21, user: "Agent 101", answeringNumber: "101")
    /// Of a call that was over by then: it must open nothing on an agent's screen.
    private let lateAnswer = ExpectedEvent.inbound("answer", 21, user: "Agent 101")
    private let hangup = ExpectedEvent.inbound("hangup", 21, answeringNumber: "101", cause: "normalClearing")
    private let missed = ExpectedEvent.inbound("hangup", 21, answeringNumber: "101", cause: "cancel")

    /// Requests that did not reach the model, and the log's class for each.
    private func failedPosts(_ stage: BridgeStage) async -> [String] {
        await stage.bridge.log.filter { $0.message.hasPrefix("not delivered: ") }.compactMap { $0["class"] }
    }

    @Test("keeps a whole call until Zammad is up, and delivers it in order")
    func down() async throws {
        try await BridgeStage.run(prepare: { _, zammad in await zammad.stop() }) { stage in
            try await stage.play([SceneCall(21, .inboundRinging)], [SceneCall(21, .inboundTalking)], [])
            try await stage.bridge.waitForLog("call ended")
            let failure = try await stage.bridge.waitForLog("not delivered: newCall")
            #expect(failure["class"] == "retry")
            try await stage.bridge.waitForLog("Zammad is unreachable; events wait")
            try await stage.zammad.restart()
            try await stage.bridge.waitForLog("Zammad takes events")
            try await stage.expect([newCall, lateAnswer, hangup])
            #expect(await stage.zammad.rows().map(\.done) == [true])
            #expect(await failedPosts(stage).allSatisfy { $0 == "retry" })
        }
    }

    @Test("waits out a wrong token, a switched-off integration and a proxy's error, and loses nothing")
    func refusals() async throws {
        try await BridgeStage.run(prepare: { _, zammad in
            await zammad.inject(.status(503, body: "<html>"), next: 1)
            await zammad.inject(.status(500, body: "{}"), next: 1)
            await zammad.inject(.status(429, headers: ["Retry-After": "1"]), next: 1)
            await zammad.inject(.status(401, body: #"{"error":"Invalid token, please contact your admin!"}"#), next: 1)
        }) { stage in
            try await stage.play([SceneCall(21, .inboundRinging)], [SceneCall(21, .inboundTalking)], [])
            let refusal = try await stage.bridge.waitForLog(for: "the refusal") { $0["class"] == "misconfigured" }
            #expect(refusal["reason"]?.contains("401") == true)
            let advice = try await stage.bridge.waitForLog(for: "advice") { $0.message.contains("refuses all events") }
            #expect(advice.level == "error" && advice["remedy"]?.contains("Zammad.endpoint") == true)
            // It asks again after 15 s.
            try await stage.zammad.wait(deadline: .seconds(30)) { $0.first?.state == .hangup }
            try await stage.expect([newCall, newCall, newCall, newCall, newCall, lateAnswer, hangup])
            #expect(await failedPosts(stage) == ["retry", "retry", "retry", "misconfigured"])
        }
    }

    @Test("repeats newCall and answer when their replies are lost, and Zammad has one row")
    func lostReplies() async throws {
        try await BridgeStage.run(prepare: { _, zammad in await zammad.inject(.processThenDrop, next: 1) }) { stage in
            try await stage.play([SceneCall(21, .inboundRinging)])
            try await stage.bridge.waitForLog("delivered newCall")
            await stage.zammad.inject(.processThenDrop, next: 1)
            try await stage.play([SceneCall(21, .inboundTalking)])
            try await stage.bridge.waitForLog("delivered answer")
            await stage.pbx.show([])
            try await stage.expect([newCall, newCall, answer, answer, hangup])
            let rows = await stage.zammad.rows()
            #expect(rows.map(\.eventNames) == [["newCall", "answer", "answer", "hangup"]])
            #expect(rows.map(\.done) == [true])
            #expect(await failedPosts(stage) == ["ambiguous", "ambiguous"])
            let deliveries = await stage.bridge.log.filter { $0.message == "delivered newCall" }
            #expect(deliveries.map { $0["class"] } == ["already known"])
        }
    }

    @Test("asks Zammad for the hangup of a missed call whose reply is lost, where the token may")
    func settledDoubt() async throws {
        let settings = ["api_token: \(ProgramSecrets.apiToken)"]
        try await BridgeStage.run(zammadSettings: settings) { stage in
            try await stage.play([SceneCall(21, .inboundRinging)])
            try await stage.bridge.waitForLog("delivered newCall")
            await stage.zammad.inject(.processThenDrop, next: 1)
            await stage.pbx.show([])
            try await stage.bridge.waitForLog("not delivered: hangup")
            try await stage.bridge.waitForLog("asking Zammad whether it has the hangup", within: .seconds(45))
            try await stage.bridge.waitForLog("delivered hangup")
            let rows = await stage.zammad.rows()
            #expect(rows.map(\.eventNames) == [["newCall", "hangup"]])
            #expect(rows.map(\.isMissed) == [true])
        }
    }

    @Test("never repeats the hangup of a missed call, which would clear its to-do")
    func lostReplyToMissedCall() async throws {
        try await BridgeStage.run { stage in
            try await stage.play([SceneCall(21, .inboundRinging)])
            try await stage.bridge.waitForLog("delivered newCall")
            await stage.zammad.inject(.processThenDrop, next: 1)
            await stage.pbx.show([])
            let unconfirmed = try await stage.bridge.waitForLog(for: "the doubt") {
                $0.message.hasPrefix("unconfirmed: hangup")
            }
            #expect(unconfirmed.level == "warning" && unconfirmed["reason"]?.isEmpty == false)
            // Another call goes all its way, so that a repetition would have had its time.
            try await stage.play([SceneCall(22, .inboundRinging)], [])
            try await stage.bridge.waitForLog("delivered hangup")
            let sent = await stage.zammad.requests().map { ExpectedEvent($0) }
            #expect(sent.filter { $0.call == "3cx-21" } == [newCall, missed])
            #expect(await stage.zammad.rows().map(\.isMissed) == [true, true])
            #expect(await failedPosts(stage) == ["ambiguous"])
            try await stage.stop()
        }
    }

    @Test("tells a call again that Zammad has lost")
    func lostCall() async throws {
        try await BridgeStage.run { stage in
            try await stage.play([SceneCall(21, .inboundRinging)])
            try await stage.bridge.waitForLog("delivered newCall")
            await stage.zammad.configure { $0.forgetRows() }
            try await stage.play([SceneCall(21, .inboundTalking)])
            try await stage.bridge.waitForLog("delivered answer")
            await stage.pbx.show([])
            try await stage.expect([newCall, answer, newCall, answer, hangup])
            #expect(await stage.zammad.rows().map(\.eventNames) == [["newCall", "answer", "hangup"]])
            #expect(await failedPosts(stage) == ["unknown call"])
        }
    }

    @Test("delivers other calls while a request for one call hangs")
    func hangingRequest() async throws {
        try await BridgeStage.run(prepare: { _, zammad in await zammad.inject(.hang, next: 1) }) { stage in
            let hanging = SceneCall(21, .inboundRinging)
            try await stage.play([hanging])
            try await stage.zammad.waitForRequests(count: 1)
            let other = "+493023125002"
            try await stage.play(
                [hanging, SceneCall(22, .inboundRinging, number: other, agent: "102")],
                [hanging, SceneCall(22, .inboundTalking, number: other, agent: "102")], [hanging])
            // Less than the 15 s after which the hanging request would give up.
            try await stage.zammad.wait(deadline: .seconds(10)) { $0.first?.state == .hangup }
            let sent = await stage.zammad.requests().map { ExpectedEvent($0) }
            #expect(
                sent == [
                    newCall,
                    .inbound("newCall", 22, from: "03023125002", to: "102", user: "Agent 102", answeringNumber: "102"),
                    .inbound("answer", 22, from: "03023125002", to: "102", user: "Agent 102", answeringNumber: "102"),
                    .inbound(
                        "hangup", 22, from: "03023125002", to: "102", answeringNumber: "102", cause: "normalClearing"),
                ])
        }
    }

    @Test("brings a storm of calls through a storm of faults, each in order")
    func storm() async throws {
        let faults: [LoopbackFault] = [
            .processThenDrop, .drop, .status(502), .slow(.milliseconds(80)), .cutShort, .status(500, body: "{}"),
            .truncated,
        ]
        let prepare = { @Sendable (_: any PhoneSystemUnderTest, zammad: LoopbackZammad) in
            for index in 0..<28 { await zammad.inject(faults[index % faults.count], next: 1) }
        }
        try await BridgeStage.run(prepare: prepare) { stage in
            let ids = Array(100..<140 as Range<Int64>)
            func scene(_ phase: SceneCall.Phase) -> [SceneCall] {
                ids.map { SceneCall($0, phase, number: "+49302312\($0)", agent: "10\(1 + $0 % 3)") }
            }
            try await stage.play(scene(.inboundRinging), scene(.inboundTalking), [])
            try await stage.zammad.wait(deadline: .seconds(60)) { rows in
                rows.count == ids.count && rows.allSatisfy { $0.state == .hangup }
            }
            // Without its reply a last hangup may still be repeated.
            try await stage.stop()
            for row in await stage.zammad.rows() {
                let names = row.eventNames.reduce(into: [String]()) { if $0.last != $1 { $0.append($1) } }
                #expect(names == ["newCall", "answer", "hangup"], "\(row.callID) \(row.eventNames)")
                #expect(row.done && row.eventNames.count { $0 == "newCall" } == 1)
            }
        }
    }
}
