import Adapters
import Foundation
import Testing

@Suite("While 3CX fails in mid-call, the daemon", .timeLimit(.minutes(10)))
struct PhoneSystemOutageTests {
    @Test(
        "tells nothing false and misses nothing", arguments: InterfaceUnderTest.all,
        [PhoneSystemTrouble.allCases.prefix(5), PhoneSystemTrouble.allCases.dropFirst(5)])
    func outages(_ interface: InterfaceUnderTest, _ troubles: ArraySlice<PhoneSystemTrouble>) async throws {
        // Trouble that comes and goes is said once a minute; with more in the log, every failed poll is.
        try await BridgeStage.run(
            interface.kind, api: interface.api, settings: ["hangup_grace: 0.3"], flags: ["--verbose"]
        ) { stage in
            let anna = stage.pbx.name(ofAgent: "101")
            try await stage.play([SceneCall(21, .inboundRinging)], [SceneCall(21, .inboundTalking)])
            try await stage.zammad.wait { $0.first?.state == .answer }
            for trouble in troubles { try await goThrough(trouble, stage) }
            #expect(await stage.zammad.requests().count == 2, "nothing was told meanwhile")
            // The call ends, and another begins, while the bridge cannot see it.
            try await goThrough(.serverError, stage, meanwhile: [SceneCall(22, .inboundRinging)])
            try await stage.zammad.wait { $0.count == 2 && $0[0].state == .hangup }
            await stage.pbx.show([])
            try await stage.zammad.wait { $0[1].state == .hangup }
            try await stage.stop()
            let sent = await stage.zammad.requests().map { ExpectedEvent($0) }
            let expected: [ExpectedEvent] = [
                .inbound("newCall", 21, user: anna, answeringNumber: "101"),
                .inbound("answer", 21, user: anna, answeringNumber: "101"),
                .inbound("hangup", 21, answeringNumber: "101", cause: "normalClearing"),
                .inbound("newCall", 22, user: anna, answeringNumber: "101"),
                .inbound("hangup", 22, answeringNumber: "101", cause: "cancel"),
            ]
            // Two calls have no order between them.
            for call in ["3cx-21", "3cx-22"] {
                #expect(sent.filter { $0.call == call } == expected.filter { $0.call == call })
            }
            #expect(sent.count == expected.count)
        }
    }

    /// From the first failed poll to the next good one.
    private func goThrough(
        _ trouble: PhoneSystemTrouble, _ stage: BridgeStage, meanwhile calls: [SceneCall]? = nil
    ) async throws {
        let mark = await stage.bridge.log.count
        await trouble.begin(stage.pbx)
        let failure = try await stage.bridge.waitForLog(from: mark, for: "a failed look") { $0.isFailedPoll }
        for field in ["kind", "reason", "at", "remedy"] { #expect(failure[field]?.isEmpty == false, "\(failure)") }
        if let calls { await stage.pbx.show(calls) }
        try await trouble.end(stage.pbx)
        try await stage.bridge.waitForLog(from: mark, for: "a good look") {
            ["3CX answers again", "3CX is seen whole again"].contains($0.message)
        }
    }

    @Test("logs in again when its session or token has ended, without a word", arguments: PhoneSystemKind.polled)
    func endedSession(_ kind: PhoneSystemKind) async throws {
        try await BridgeStage.run(kind, settings: ["hangup_grace: 0.2"]) { stage in
            try await stage.play([SceneCall(21, .inboundRinging)])
            let logins = await stage.pbx.logins
            // A third one within five minutes would be another program that mints tokens for the same client.
            for count in 1...2 {
                await stage.pbx.endSession()
                try await stage.pbx.waitForLogins(logins + count)
                try await stage.pbx.waitForPolls(1)
            }
            try await stage.play([SceneCall(21, .inboundTalking)], [])
            try await stage.zammad.wait { $0.first?.state == .hangup }
            try await stage.stop()
            #expect(await stage.zammad.rows().map(\.eventNames) == [["newCall", "answer", "hangup"]])
            #expect(await stage.bridge.log.allSatisfy { $0.level != "error" })
        }
    }

    @Test("stays up while 3CX is down at its start, and begins when it is up", arguments: InterfaceUnderTest.all)
    func downAtStart(_ interface: InterfaceUnderTest) async throws {
        let prepare = { @Sendable (pbx: any PhoneSystemUnderTest, _: LoopbackZammad) in
            await pbx.show([SceneCall(21, .inboundRinging)])
            await pbx.server.stop()
        }
        try await BridgeStage.run(interface.kind, api: interface.api, prepare: prepare) { stage in
            let failure = try await stage.bridge.waitForLog(for: "a failed look") { $0.isFailedPoll }
            #expect(failure["kind"] == "unreachable")
            try await stage.pbx.server.restart()
            try await stage.zammad.wait { $0.count == 1 }
            try await stage.stop()
        }
    }

    @Test(
        "stays up while 3CX refuses its credentials, and begins at a reload when it takes them",
        arguments: InterfaceUnderTest.all)
    func refusedAtStart(_ interface: InterfaceUnderTest) async throws {
        let prepare = { @Sendable (pbx: any PhoneSystemUnderTest, _: LoopbackZammad) in
            await pbx.show([SceneCall(21, .inboundRinging)])
            await pbx.refuseCredentials(true)
        }
        try await BridgeStage.run(interface.kind, api: interface.api, prepare: prepare) { stage in
            let failure = try await stage.bridge.waitForLog(for: "a failed look") { $0.isFailedPoll }
            #expect(failure.level == "critical")
            #expect(failure["kind"] == "credentialsRefused")
            #expect(failure["remedy"]?.contains(interface.kind == .legacy ? "3CX.pass" : "3CX.client_secret") == true)
            await stage.pbx.refuseCredentials(false)
            // By itself it tries after a minute; nothing in the file has changed.
            stage.bridge.signal(SIGHUP)
            try await stage.zammad.wait { $0.count == 1 }
            try await stage.stop()
        }
    }
}

extension LogLine {
    fileprivate var isFailedPoll: Bool {
        ["a poll of 3CX failed", "3CX is not seen", "3CX refuses the login"].contains { message.hasPrefix($0) }
    }
}
