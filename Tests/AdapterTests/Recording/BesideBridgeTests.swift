import Adapters
import Domain
import Foundation
import Testing

@Suite("The command record beside a bridge with the same API client", .timeLimit(.minutes(10)))
struct BesideBridgeTests {
    private static let token = "/connect/token"

    private static func words(_ stage: BridgeStage, _ file: String, _ length: String = "1s") -> [String] {
        ["record", "-c", stage.path, "--for", length, "-o", file]
    }

    /// Until the bridge has been asked by itself.
    private static func waitForCall(_ stage: BridgeStage) async throws {
        await stage.pbx.show([SceneCall(20, .inboundRinging)])
        try await stage.zammad.waitForRequests(count: 1, deadline: .seconds(60))
    }

    private static func waitForFirstPoll(_ recording: BridgeProcess) async throws {
        try await recording.output.wait(for: "the first look", within: .seconds(60)) {
            $0.messages.contains("the bridge that runs here makes it")
        }
    }

    @Test("says why the bridge is refused, and costs no login", arguments: [PhoneSystemKind.callcontrol, .xapi])
    func refused(_ kind: PhoneSystemKind) async throws {
        let prepare = { @Sendable (pbx: any PhoneSystemUnderTest, _: LoopbackZammad) in
            await pbx.refuseCredentials(true)
        }
        try await BridgeStage.run(kind, api: kind.api, prepare: prepare) { stage in
            try await stage.bridge.waitForLog(for: "a refused login") { $0["kind"] == "credentialsRefused" }
            let logins = await stage.pbx.server.count(of: Self.token)
            try await ProgramFolder.with { folder in
                for _ in 1...2 { try await Self.expectRefusal(stage, folder) }
                #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
            }
            #expect(await stage.pbx.server.count(of: Self.token) == logins)
            try await stage.stop()
        }
    }

    private static func expectRefusal(_ stage: BridgeStage, _ folder: ProgramFolder) async throws {
        let output = try await BridgeProcess.run(words(stage, folder.path("none.json")), in: folder)
        #expect(output.exit == .code(77), "\(output)")
        #expect(output.messages.contains("the bridge does not see 3CX: "), "\(output)")
        #expect(output.messages.contains("3CX.client_secret"), "\(output)")
        #expect(!output.messages.contains("report"), "\(output)")
    }

    @Test("a login that is refused during a recording is not tried once more at its end")
    func refusedMeanwhile() async throws {
        try await BridgeStage.run(.xapi, api: "xapi") { stage in
            try await Self.waitForCall(stage)
            try await ProgramFolder.with { folder in
                let file = folder.path("outage.json")
                try await BridgeProcess.with(Self.words(stage, file, "10m"), in: folder) { process in
                    try await Self.waitForFirstPoll(process)
                    await stage.pbx.refuseCredentials(true)
                    await stage.pbx.endSession()
                    try await stage.bridge.waitForLog(for: "a refused login") { $0["kind"] == "credentialsRefused" }
                    let logins = await stage.pbx.server.count(of: Self.token)
                    process.signal(2)
                    #expect(try await process.waitForExit(within: .seconds(60)) == .code(0))
                    try await Self.expectRefusal(stage, folder)
                    #expect(await stage.pbx.server.count(of: Self.token) == logins)
                }
                // Whoever reloads has perhaps put it right.
                await stage.pbx.refuseCredentials(false)
                stage.bridge.signal(SIGHUP)
                await stage.pbx.show([])
                try await stage.zammad.waitForRequests(count: 2, deadline: .seconds(60))
                try await BridgeProcess.with(Self.words(stage, folder.path("again.json"), "10m"), in: folder) { again in
                    try await Self.waitForFirstPoll(again)
                    again.signal(2)
                    #expect(try await again.waitForExit(within: .seconds(60)) == .code(0))
                }
            }
            try await stage.stop()
        }
    }

    @Test("a second one is sent away while a first is under way, and neither waits for a client that says nothing")
    func second() async throws {
        try await BridgeStage.run(.xapi, api: "xapi") { stage in
            try await Self.waitForCall(stage)
            try await ProgramFolder.with { folder in
                let socket = RecordingSocket(StateDirectory(stage.stateFile("")))
                let silent = Task { try await socket.connect { await $0.next() } }
                try await BridgeProcess.with(Self.words(stage, folder.path("first.json"), "10m"), in: folder) { first in
                    try await Self.waitForFirstPoll(first)
                    let second = try await BridgeProcess.run(Self.words(stage, folder.path("second.json")), in: folder)
                    #expect(second.exit == .code(69), "\(second)")
                    let reason = "error: another recording is under way; wait for it, or end it\n"
                    #expect(second.messages.hasSuffix(reason), "\(second)")
                    first.signal(2)
                    #expect(try await first.waitForExit(within: .seconds(60)) == .code(0))
                }
                #expect(try await silent.value == nil, "the bridge ends what says nothing")
                try await BridgeProcess.with(Self.words(stage, folder.path("third.json"), "10m"), in: folder) { third in
                    try await Self.waitForFirstPoll(third)
                    third.signal(2)
                    #expect(try await third.waitForExit(within: .seconds(60)) == .code(0))
                }
            }
            try await stage.stop()
        }
    }

    @Test("gives up when the bridge does not answer")
    func deaf() async throws {
        let pbx = try await XAPIUnderTest.start()
        let zammad = try await LoopbackZammad.start(token: ProgramSecrets.endpointToken)
        try await ProgramFolder.with { folder in
            let state = folder.path("state")
            try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
            let settings = ["api: xapi", "status_listen: \"\"", "state_dir: \"\(state)\""]
            let path = try folder.write("bridge.yaml", BridgeStage.configuration(pbx, zammad, settings))
            let socket = RecordingSocket(StateDirectory(state))
            let deaf = Task {
                try await socket.serve { connection in
                    while await connection.next() != nil {}
                }
            }
            for _ in 0..<1000 where !FileManager.default.fileExists(atPath: state + "/record.sock") {
                try await Task.sleep(for: .milliseconds(10))
            }
            let output = try await BridgeProcess.run(
                ["record", "-c", path, "--for", "1s", "-o", folder.path("none.json")], in: folder)
            #expect(output.exit == .code(69), "\(output)")
            #expect(output.messages.contains("the bridge that runs here does not answer"), "\(output)")
            deaf.cancel()
            _ = await deaf.result
        }
        await pbx.server.stop()
        await zammad.stop()
    }
}
