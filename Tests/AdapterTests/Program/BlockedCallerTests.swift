import Adapters
import Testing

@Suite("With reject_blocked_callers, the daemon", .timeLimit(.minutes(10)))
struct BlockedCallerTests {
    /// As the stage's settings have it sent: in the national form.
    private static let blocked = "03023125001"

    @Test(
        "ends the call of a caller whom Zammad blocks in 3CX, once, and says so",
        arguments: [PhoneSystemKind.legacy, .callcontrol, .xapi])
    func dropped(_ kind: PhoneSystemKind) async throws {
        try await BridgeStage.run(
            kind, zammadSettings: ["reject_blocked_callers: true"], statusListen: "127.0.0.1:0",
            prepare: { _, zammad in await zammad.configure { $0.blockedNumbers = [Self.blocked] } }
        ) { stage in
            try await stage.play([SceneCall(21, .inboundRinging)])
            try await stage.bridge.waitForLog("Zammad blocks the caller; 3CX is asked to end the call")
            try await stage.bridge.waitForLog("call of a blocked caller ended in 3CX")
            let rows = try await stage.zammad.wait { $0.first?.state == .hangup }
            #expect(rows.map(\.done) == [true])
            #expect(rows.map(\.comment) == ["forwarded"])
            let asked = await stage.pbx.server.requests.events.filter { request in
                request.method == "POST" && ["drop", "DropCall"].contains { request.path.hasSuffix($0) }
            }
            #expect(asked.count == 1)
        }
    }

    @Test("says that 3CX would not end the call, does not try again, and delivers all the same")
    func refused() async throws {
        try await BridgeStage.run(
            .xapi, zammadSettings: ["reject_blocked_callers: true"],
            prepare: { pbx, zammad in
                await zammad.configure { $0.blockedNumbers = [Self.blocked] }
                await pbx.server.inject(.status(403), on: "/xapi/v1/ActiveCalls(21)/Pbx.DropCall", next: nil)
            }
        ) { stage in
            try await stage.play([SceneCall(21, .inboundRinging)])
            let failure = try await stage.bridge.waitForLog(for: "the failure") {
                $0.message.hasPrefix("call of a blocked caller could not be ended")
            }
            #expect(failure.level == "warning" && failure["reason"]?.contains("403") == true)
            await stage.pbx.show([])
            let rows = try await stage.zammad.wait { $0.first?.state == .hangup }
            #expect(rows.map(\.comment) == ["forwarded"])
        }
    }
}
