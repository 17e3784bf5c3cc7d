import Adapters
import FoundationEssentials
import Testing

#if canImport(Glibc)
    import Glibc
#endif

@Suite("The commands status and tap, and the daemon that they ask", .timeLimit(.minutes(10)))
struct StatusCommandTests {
    /// Runs a daemon with a status page on a free port.
    private func withPage(
        settings: [String] = [], flags: [String] = [],
        prepare: (any PhoneSystemUnderTest, LoopbackZammad) async throws -> Void = { _, _ in },
        _ body: (BridgeStage, _ url: String) async throws -> Void
    ) async throws {
        try await BridgeStage.run(
            settings: settings, statusListen: "127.0.0.1:0", flags: flags, prepare: prepare
        ) { stage in
            let line = try await stage.bridge.waitForLog("the status page is up")
            try await body(stage, try #require(line["url"]))
        }
    }

    private func run(_ arguments: [String], environment: [String: String] = [:]) async throws -> ProgramOutput {
        try await ProgramFolder.with { try await BridgeProcess.run(arguments, environment: environment, in: $0) }
    }

    @Test("status tells that all is well and which calls there are, for people and as JSON, with 0")
    func healthy() async throws {
        try await withPage { stage, url in
            try await stage.play([SceneCall(21, .inboundTalking)])
            try await stage.zammad.wait { $0.first?.state == .answer }
            let output = try await run(["status", "--url", url])
            #expect(output.exit == .code(0), "\(output)")
            #expect(output.data.contains("✓ 3CX     3CX answers; its calls are seen"))
            #expect(output.data.contains("talking   •••001 → Agent 101 (101)"))
            #expect(!output.data.contains("\u{1B}"), "no colours where there is no terminal")
            let json = try await run(["status", "--json", "--url", url])
            #expect(json.exit == .code(0))
            let status = try JSONDecoder().decode(BridgeStatus.self, from: Data(json.data.utf8))
            #expect(status.overall == .healthy && status.calls.map(\.pbxCall) == ["21"])
            #expect(status.calls.first?.state == .talking && status.deliveries.delivered == 2)
            try await stage.stop()
        }
    }

    @Test("status tells of a Zammad that is down and what to do, with 1")
    func degraded() async throws {
        try await withPage(prepare: { _, zammad in await zammad.inject(.status(503)) }) { stage, url in
            try await stage.play([SceneCall(21, .inboundRinging)])
            try await stage.bridge.waitForLog("Zammad is unreachable; events wait")
            let output = try await run(["status", "--url", url])
            #expect(output.exit == .code(1))
            #expect(output.data.contains("✗ Zammad  Zammad is unreachable; events wait, and none is lost"))
            #expect(output.data.contains("What to do: Check Zammad"))
            #expect(output.data.contains("1 waiting") && output.data.contains("pending  newCall •••001"))
            try await stage.stop()
        }
    }

    @Test("status and tap say what to do when no bridge answers, with 69", arguments: ["status", "tap"])
    func unreachable(command: String) async throws {
        let port = try PortReservation()
        let output = try await run([command, "--url", "http://127.0.0.1:\(port.port)"])
        #expect(output.exit == .code(69))
        #expect(output.data.isEmpty && output.messages.contains("no bridge answers at http://127.0.0.1:\(port.port)"))
        #expect(output.messages.contains("check whether it runs"))
    }

    @Test(
        "no port and no status line ends status or tap",
        arguments: ["status", "tap"], ["http://127.0.0.1:99999", "http://127.0.0.1:-1", "http://[::1", "http://"])
    func oddAddress(command: String, url: String) async throws {
        #expect(try await run([command, "--url", url]).exit == .code(64))
        try await ScriptedServer.run(script: { _, _ in [.answer("000 X", "hi")] }) { server in
            let output = try await run([command, "--url", server.url("")])
            #expect(output.exit == .code(69), "\(output)")
        }
    }

    @Test("status finds the bridge by its configuration, and says when there is no page to ask")
    func configured() async throws {
        try await ProgramFolder.with { folder in
            for (listen, message) in [("", "has no status page"), ("127.0.0.1:0", "give it with --url")] {
                let path = try folder.write(
                    "c.yaml",
                    """
                    Bridge: {status_listen: "\(listen)"}
                    3CX: {host: "http://127.0.0.1:1", user: a, pass: b, group: Support}
                    Zammad: {endpoint: "http://127.0.0.1:1/api/v1/cti/x"}
                    """)
                let output = try await BridgeProcess.run(["status", "-c", path], in: folder)
                #expect(output.exit == .code(69) && output.messages.contains(message), "\(output)")
            }
        }
        #expect(try await run(["status", "--url", "127.0.0.1:9315"]).exit == .code(64))
        #expect(try await run(["tap", "--for", "soon", "--url", "http://127.0.0.1:1"]).exit == .code(64))
    }

    @Test("a bridge with a token wants it, from the environment with --url, and never shows it")
    func token() async throws {
        let token = ProgramSecrets.clientSecret + "-long-enough"
        try await withPage(settings: ["status_token: \"\(token)\""]) { stage, url in
            let without = try await run(["status", "--url", url])
            #expect(without.exit == .code(77) && without.messages.contains("ZAMMADBRIDGE_BRIDGE_STATUS_TOKEN"))
            let environment = ["ZAMMADBRIDGE_BRIDGE_STATUS_TOKEN": token]
            let with = try await run(["status", "--json", "--url", url], environment: environment)
            #expect(with.exit == .code(0) || with.exit == .code(1))
            #expect(with.data.contains("\"schema\":1"))
            try await stage.stop()
        }
    }

    @Test(
        "tap prints decisions and deliveries as they happen, one JSON object a line, and ends by itself when asked to")
    func tap() async throws {
        try await withPage { stage, url in
            try await stage.pbx.waitForPolls(1)
            try await ProgramFolder.with { folder in
                let arguments = ["tap", "--json", "--for", "60s", "--url", url]
                try await BridgeProcess.with(arguments, in: folder) { tap in
                    try await tap.output.wait(for: "tap to listen") { $0.messages.contains("listening") }
                    try await stage.play([SceneCall(21, .inboundRinging)], [])
                    let output = try await tap.output.wait(for: "the end of the call") {
                        $0.data.contains("hangup delivered")
                    }
                    let activities = try output.data.split(separator: "\n").map {
                        try JSONDecoder().decode(StatusActivity.self, from: Data($0.utf8))
                    }
                    let kinds = activities.filter { $0.kind != .health }.map {
                        "\($0.kind.rawValue) \($0.events ?? [])"
                    }
                    #expect(
                        kinds.sorted() == [
                            #"decision ["hangup"]"#, #"decision ["newCall"]"#, #"delivered ["hangup"]"#,
                            #"delivered ["newCall"]"#,
                        ])
                    #expect(activities.allSatisfy { $0.number == nil || $0.number == "•••001" })
                    // Ctrl-C.
                    tap.signal(SIGINT)
                    #expect(try await tap.waitForExit() == .signal(SIGINT))
                }
                let short = try await BridgeProcess.run(
                    ["tap", "--for", "0.3", "--url", url], environment: ["TZ": "XYZ-5:30"], in: folder)
                #expect(
                    short.exit == .code(0)
                        && short.messages == "listening; times are in XYZ, UTC+05:30; Ctrl-C ends it\n")
            }
            try await stage.stop()
        }
    }

    @Test("the daemon goes on without a page when the port is taken, and says what to do")
    func takenPort() async throws {
        let other = try await LoopbackServer.start { _ in .empty(404) }
        let address = other.origin.dropFirst("http://".count)
        try await BridgeStage.run(statusListen: String(address)) { stage in
            let line = try await stage.bridge.waitForLog {
                $0.message.hasPrefix("there is no status page") && $0.level == "warning"
            }
            #expect(line["reason"] == "Address already in use" && line["address"] == String(address))
            #expect(line["remedy"]?.contains("Bridge.status_listen") == true)
            try await stage.play([SceneCall(21, .inboundRinging)], [])
            try await stage.zammad.wait { $0.first?.state == .hangup }
            try await stage.stop()
        }
        await other.stop()
    }

    @Test("the daemon ends at once although a page is open")
    func openPage() async throws {
        try await withPage { stage, url in
            let port = try #require(Int(url.split(separator: ":").last?.prefix { $0 != "/" } ?? ""))
            let watching = Task {
                try await RawHTTP.exchange("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n", port: port)
            }
            try await stage.pbx.waitForPolls(1)
            try await stage.stop()
            #expect(await stage.bridge.log.last?.message == "stopped")
            _ = await watching.result
        }
    }
}
