import Adapters
import Domain
import Foundation
import Testing

@Suite("The command record", .timeLimit(.minutes(10)))
struct RecordCommandTests {
    /// The command at work, and its 3CX.
    private struct Stage: Sendable {
        let pbx: any PhoneSystemUnderTest
        let recording: BridgeProcess
        let folder: ProgramFolder
        let file: String

        /// Shows one state after the other, each for long enough to be looked at.
        func play(_ scenes: [SceneCall]...) async throws {
            for scene in scenes {
                await pbx.show(scene)
                try await pbx.waitForPolls(1)
            }
        }

        /// No call any more. Where two views are joined, a call that has left the one has ended when the other was
        /// asked.
        func end(_ kind: PhoneSystemKind) async throws {
            guard kind == .version20 else { return try await play([]) }
            let path = LoopbackXAPI.path + "/ActiveCalls"
            let before = await pbx.server.count(of: path)
            try await play([])
            try await pbx.server.requests.wait(count: before + 1) { $0.path == path }
        }

        func interrupt() async throws -> ProgramOutput {
            recording.signal(2)
            try await recording.waitForExit()
            return await recording.output.value
        }

        func replayed(sourceLocation: SourceLocation = #_sourceLocation) async throws -> Fixture {
            let output = try await BridgeProcess.run(["simulate", file], in: folder)
            #expect(output.exit == .code(0), "\(output)", sourceLocation: sourceLocation)
            #expect(output.data.hasSuffix("1 passed, 0 failed\n"), sourceLocation: sourceLocation)
            return try FixtureFile(path: file).fixture
        }
    }

    private static func record(
        _ interface: InterfaceUnderTest, flags: [String] = [], settings: [String] = [],
        _ body: (Stage) async throws -> Void
    ) async throws {
        try await BridgeProcess.inSlot {
            let pbx = try await interface.kind.start()
            let zammad = try await LoopbackZammad.start(token: ProgramSecrets.endpointToken)
            try await ProgramFolder.with { folder in
                let own = [
                    "api: \(interface.api)", "events: \(!PhoneSystemKind.polled.contains(interface.kind))",
                    "status_listen: \"\"",
                ]
                let path = try folder.write(
                    "bridge.yaml", BridgeStage.configuration(pbx, zammad, own + settings))
                let file = folder.path("call.json")
                try await BridgeProcess.with(["record", "-c", path, "-o", file] + flags, in: folder) { process in
                    try await process.output.wait(for: "the first look", within: .seconds(60)) {
                        $0.messages.contains("recording; Ctrl-C")
                    }
                    try await body(Stage(pbx: pbx, recording: process, folder: folder, file: file))
                }
                #expect(
                    try FileManager.default.contentsOfDirectory(atPath: folder.url.path).allSatisfy {
                        !$0.hasSuffix(".part")
                    })
            }
            #expect(await zammad.requests().isEmpty, "nothing is sent to Zammad")
            await pbx.server.stop()
            await zammad.stop()
        }
    }

    @Test(
        "records calls from ring to end by every interface, without a trace of who, and they replay at once",
        arguments: InterfaceUnderTest.all + InterfaceUnderTest.pushing)
    func calls(_ interface: InterfaceUnderTest) async throws {
        try await Self.record(interface, settings: ["hangup_grace: 0.2"]) { stage in
            let number = "+4989987654"
            for phase in [SceneCall.Phase.inboundRinging, .inboundTalking] {
                try await stage.play([SceneCall(21, phase, number: number)])
            }
            try await stage.end(interface.kind)
            try await stage.play(
                [SceneCall(22, .queueWaiting, number: number)],
                [SceneCall(22, .queueRinging, number: number, agent: "102")],
                [SceneCall(22, .queueTalking, number: number, agent: "102")])
            try await stage.end(interface.kind)
            try await stage.play(
                // What it takes to know that all before has been taken.
                [SceneCall(23, .internalTalking)])
            let output = try await stage.interrupt()
            #expect(output.exit == .code(0), "\(output)")
            #expect(output.data.hasPrefix("✓ \(stage.file): "), "\(output.data)")
            #expect(output.data.contains("answered by"), "\(output.data)")
            let fixture = try await stage.replayed()
            let isPolled = PhoneSystemKind.polled.contains(interface.kind)
            let source =
                switch interface.kind {
                case .legacy: "legacy"
                case .callcontrol: "callcontrol"
                case .xapi: "xapi"
                case .events: "callcontrol-events"
                case .version20: "v20"
                }
            #expect(fixture.source.rawValue == source)
            #expect(isPolled || fixture.steps.contains { !$0.events.isEmpty })
            var stories = Self.stories(fixture)
            // Events come one upon the other: when the bridge asks for the queue's participant, the agent may ring
            // already.
            if !isPolled, stories.count == 2, stories[1].first == "newCall 102" { stories[1][0] = "newCall" }
            #expect(
                stories == [["newCall 101", "answer 101", "hangup 101"], ["newCall", "answer 102", "hangup 102"]],
                "\(fixture.expect.map(\.line))")
            #expect(Set(fixture.expect.map(\.payload.from)).count == 1, "one customer, one pseudonym")
            try await expectNoTrace(of: [number, "89987654"], stage)
        }
    }

    /// What each call was, in the order in which they began: how far a hangup waits for its grace is up to the
    /// interface.
    private static func stories(_ fixture: Fixture) -> [[String]] {
        var ids: [CallID] = []
        var stories: [CallID: [String]] = [:]
        for payload in fixture.expect.map(\.payload) {
            if stories[payload.callID] == nil { ids.append(payload.callID) }
            let event = payload.event.rawValue
            stories[payload.callID, default: []].append(payload.answeringNumber.map { "\(event) \($0)" } ?? event)
        }
        return ids.compactMap { stories[$0] }
    }

    private func expectNoTrace(of markers: [String], _ stage: Stage) async throws {
        let text = try stage.folder.read("call.json")
        var markers = markers + ProgramSecrets.all
        markers.append("\(stage.pbx.server.origin.dropFirst("http://".count))")
        if let secret = await stage.pbx.sessionSecret { markers.append(secret) }
        markers.append("zammadbridge\"")
        for marker in markers { #expect(!text.contains(marker), "\(marker) is in the file") }
        let mode = try FileManager.default.attributesOfItem(atPath: stage.file)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test("a signal in mid-call writes what there is, a poll that failed included", arguments: [2, 15] as [Int32])
    func signal(_ signal: Int32) async throws {
        try await Self.record(InterfaceUnderTest(kind: .legacy, api: "legacy"), flags: ["--json"]) { stage in
            try await stage.play([SceneCall(21, .inboundRinging)])
            await stage.pbx.server.inject(.status(500))
            try await stage.pbx.waitForPolls(1)
            await stage.pbx.server.clearFaults()
            try await stage.pbx.waitForPolls(1)
            stage.recording.signal(signal)
            #expect(try await stage.recording.waitForExit() == .code(0))
            let output = await stage.recording.output.value
            #expect(output.messages.contains("3CX is seen: degraded"), "\(output.messages)")
            let document = try LoopbackJSON(text: output.data)
            #expect(document["source"] == "legacy" && document["calls_seen"] == 1)
            #expect(document["calls"]?[0]?["direction"] == "in")
            #expect((document["failed_looks"]?.integer ?? 0) > 0)
            let fixture = try await stage.replayed()
            #expect(fixture.expect.map(\.payload.event) == [.newCall])
            let polls = fixture.steps.compactMap { $0.answers["GET /api/activeCalls"]?.status }
            #expect(polls.contains(500) && polls.last == 200, "\(polls)")
        }
    }

    @Test("the limit ends it, and what fits is written")
    func limit() async throws {
        try await Self.record(InterfaceUnderTest(kind: .legacy, api: "legacy"), flags: ["--limit", "10kB"]) { stage in
            let calls = (0..<60).map { SceneCall(100 + Int64($0), .inboundRinging) }
            await stage.pbx.show(calls)
            #expect(try await stage.recording.waitForExit(within: .seconds(60)) == .code(0))
            let output = await stage.recording.output.value
            #expect(output.data.contains("limit"), "\(output.data)")
            #expect(try stage.folder.read("call.json").utf8.count <= 10_000)
            _ = try await stage.replayed()
        }
    }

    @Test("--for ends it; a file that is there stays, unless --force is given")
    func files() async throws {
        let pbx = try await LegacyUnderTest.start()
        let zammad = try await LoopbackZammad.start(token: ProgramSecrets.endpointToken)
        try await ProgramFolder.with { folder in
            let path = try folder.write(
                "bridge.yaml", BridgeStage.configuration(pbx, zammad, ["api: legacy", "status_listen: \"\""]))
            let file = try folder.write("mine.json", "mine")
            let words = ["record", "-c", path, "--for", "15s", "-o"]
            let refused = try await BridgeProcess.run(words + [file], in: folder)
            #expect(refused.exit == .code(64))
            #expect(refused.messages.contains("mine.json exists already"), "\(refused.messages)")
            #expect(try folder.read("mine.json") == "mine")
            let forced = try await BridgeProcess.run(words + [file, "--force"], in: folder)
            #expect(forced.exit == .code(0), "\(forced)")
            #expect(forced.data.contains("no call that would be reported to Zammad"))
            let elsewhere = try await BridgeProcess.run(words + [folder.path("none/such.json")], in: folder)
            #expect(elsewhere.exit == .code(74), "\(elsewhere)")
            let named = try await BridgeProcess.run(["record", "-c", path, "--for", "15s"], in: folder)
            #expect(named.exit == .code(0), "\(named)")
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
            #expect(names.contains { $0.wholeMatch(of: /3cx-\d{8}-\d{6}\.json/) != nil }, "\(names)")
            #expect(!names.contains { $0.hasSuffix(".part") }, "\(names)")
        }
        await pbx.server.stop()
        await zammad.stop()
    }

    @Test("of several 3CX one is chosen by its name, and looked at by its own interface")
    func severalPhoneSystems() async throws {
        let (north, south) = (try await LegacyUnderTest.start(), try await XAPIUnderTest.start())
        try await ProgramFolder.with { folder in
            let login = """
                user: admin
                    pass: "\(ProgramSecrets.password)"
                    client_id: zammadbridge
                    client_secret: "\(ProgramSecrets.clientSecret)"
                    group: Support
                    extension_digits: 3
                    trunk_digits: 5
                """
            let path = try folder.write(
                "bridge.yaml",
                """
                Bridge: {api: legacy, status_listen: ""}
                3CX:
                  - name: north
                    host: "\(north.server.origin)/"
                    \(login)
                  - name: south
                    host: "\(south.server.origin)/"
                    api: xapi
                    \(login)
                Zammad:
                  - {name: one, endpoint: "https://one.example.com/api/v1/cti/a", match: {did: "+4930231250*"}}
                  - {name: two, endpoint: "https://two.example.com/api/v1/cti/b"}
                """)
            let words = ["record", "-c", path, "--for", "15s"]
            for (given, problem) in [([], "several 3CX"), (["--pbx", "west"], "no 3CX named west")] {
                let output = try await BridgeProcess.run(words + given, in: folder)
                #expect(output.exit == .code(64), "\(output)")
                #expect(output.messages.contains(problem), "\(output.messages)")
                #expect(output.messages.contains("--pbx north or --pbx south"), "\(output.messages)")
            }
            for (name, source) in [("north", "legacy"), ("south", "xapi")] {
                let file = folder.path("\(name).json")
                let output = try await BridgeProcess.run(words + ["--pbx", name, "-o", file], in: folder)
                #expect(output.exit == .code(0), "\(output)")
                #expect(try FixtureFile(path: file).fixture.source.rawValue == source)
                let replay = try await BridgeProcess.run(["simulate", file], in: folder)
                #expect(replay.exit == .code(0), "\(replay)")
            }
        }
        await north.server.stop()
        await south.server.stop()
    }

    @Test(
        "ends with 77 where 3CX refuses and with 69 where nobody listens, and leaves nothing behind",
        arguments: [PhoneSystemKind.legacy, .version20])
    func failures(_ kind: PhoneSystemKind) async throws {
        try await BridgeProcess.inSlot {
            let pbx = try await kind.start()
            let zammad = try await LoopbackZammad.start(token: ProgramSecrets.endpointToken)
            try await ProgramFolder.with { folder in
                let path = try folder.write(
                    "bridge.yaml", BridgeStage.configuration(pbx, zammad, ["api: auto", "status_listen: \"\""]))
                let words = ["record", "-c", path, "-o", folder.path("call.json")]
                await pbx.refuseCredentials(true)
                let refused = try await BridgeProcess.run(words, in: folder)
                #expect(refused.exit == .code(77), "\(refused)")
                await pbx.server.stop()
                let absent = try await BridgeProcess.run(words, in: folder)
                #expect(absent.exit == .code(69), "\(absent)")
                let last = absent.messages.split(separator: "\n").last
                #expect(last?.hasPrefix("error: ") == true, "\(absent.messages)")
                let wrong = try await BridgeProcess.run(["record", "-c", folder.path("none.yaml")], in: folder)
                #expect(wrong.exit == .code(78))
                for usage in [["--for", "0"], ["--for", "8d"], ["--limit", "65MB"], ["--limit", "1kB"]] {
                    #expect(try await BridgeProcess.run(words + usage, in: folder).exit == .code(64), "\(usage)")
                }
                #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["bridge.yaml"])
            }
            await zammad.stop()
        }
    }

    @Test("where a bridge has the same API client, the bridge makes the recording, and goes on with its calls")
    func besideBridge() async throws {
        try await BridgeStage.run(.callcontrol, api: "callcontrol") { stage in
            await stage.pbx.show([SceneCall(21, .inboundRinging)])
            try await stage.zammad.waitForRequests(count: 1, deadline: .seconds(60))
            try await ProgramFolder.with { folder in
                let file = folder.path("beside.json")
                try await BridgeProcess.with(["record", "-c", stage.path, "-o", file], in: folder) { process in
                    try await process.output.wait(for: "the first look", within: .seconds(60)) {
                        $0.messages.contains("the bridge that runs here makes it")
                    }
                    await stage.pbx.show([SceneCall(21, .inboundTalking)])
                    try await stage.zammad.waitForRequests(count: 2, deadline: .seconds(60))
                    process.signal(2)
                    #expect(try await process.waitForExit(within: .seconds(60)) == .code(0))
                    let output = await process.output.value
                    #expect(output.data.hasPrefix("✓ \(file): "), "\(output)")
                    #expect(output.data.contains("answered by"), "\(output)")
                }
                let replay = try await BridgeProcess.run(["simulate", file], in: folder)
                #expect(replay.exit == .code(0), "\(replay)")
            }
            await stage.pbx.show([])
            try await stage.zammad.waitForRequests(count: 3, deadline: .seconds(60))
            // One login at the start, one for the recording, one after it: nobody has ended another's token.
            #expect(await stage.pbx.server.count(of: "/connect/token") <= 6)
            try await stage.stop()
        }
    }

    @Test("a recording that nobody waits for any more ends, and the bridge takes another one")
    func abandoned() async throws {
        try await BridgeStage.run(.xapi, api: "xapi") { stage in
            // What it takes to know that the bridge is up.
            await stage.pbx.show([SceneCall(20, .inboundRinging)])
            try await stage.zammad.waitForRequests(count: 1, deadline: .seconds(60))
            try await ProgramFolder.with { folder in
                for name in ["first", "second"] {
                    try await BridgeProcess.with(
                        ["record", "-c", stage.path, "-o", folder.path("\(name).json")], in: folder
                    ) { process in
                        try await process.output.wait(for: "the first look", within: .seconds(60)) {
                            $0.messages.contains("the bridge that runs here makes it")
                        }
                        process.signal(9)
                        try await process.waitForExit(within: .seconds(60))
                    }
                }
                // With another API client it disturbs nobody, and records by itself.
                let output = try await BridgeProcess.run(
                    ["record", "-c", stage.path, "--for", "15s", "-o", folder.path("own.json")],
                    environment: ["ZAMMADBRIDGE_3CX_CLIENT_ID": "recorder"], in: folder)
                #expect(!output.messages.contains("the bridge that runs here"), "\(output)")
                #expect(!output.messages.contains("warning: a bridge"), "\(output)")
            }
            await stage.pbx.show([])
            try await stage.zammad.waitForRequests(count: 2, deadline: .seconds(60))
            try await stage.stop()
        }
    }
}
