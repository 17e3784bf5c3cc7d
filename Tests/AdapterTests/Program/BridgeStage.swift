import Adapters
import Foundation
import Testing

/// A PBX, a Zammad and the daemon between them.
struct BridgeStage: Sendable {
    let pbx: any PhoneSystemUnderTest
    let zammad: LoopbackZammad
    let bridge: BridgeProcess
    /// The daemon's configuration file.
    let path: String
    private let ownSettings: [String]

    /// A file of the state directory.
    func stateFile(_ name: String) -> String {
        URL(filePath: path).deletingLastPathComponent().appending(path: "state/\(name)").path
    }

    /// Starts all three, and ends them in every case. The daemon's whole output is checked: JSON lines on stderr
    /// (unless the flags ask for another format), nothing on stdout, no secrets.
    ///
    /// - Parameters:
    ///   - settings: Lines of the section `Bridge`.
    ///   - zammadSettings: Lines of the section `Zammad`.
    ///   - statusListen: No status page, unless the test is about it: the usual port would be wanted by all tests.
    ///   - logReader: Of the daemon's stderr.
    ///   - prepare: Runs before the daemon starts.
    static func run(
        _ kind: PhoneSystemKind = .legacy,
        api: String? = nil,
        settings: [String] = [],
        zammadSettings: [String] = [],
        statusListen: String = "",
        flags: [String] = [],
        environment: [String: String] = [:],
        logReader: ChildProcess.ErrorReader = .attentive,
        sourceLocation: SourceLocation = #_sourceLocation,
        prepare: (any PhoneSystemUnderTest, LoopbackZammad) async throws -> Void = { _, _ in },
        _ body: (BridgeStage) async throws -> Void
    ) async throws {
        try await BridgeProcess.inSlot {
            try await runInSlot(
                kind, api, settings, zammadSettings, statusListen, flags, environment, logReader, sourceLocation,
                prepare, body)
        }
    }

    private static func runInSlot(
        _ kind: PhoneSystemKind,
        _ api: String?,
        _ settings: [String],
        _ zammadSettings: [String],
        _ statusListen: String,
        _ flags: [String],
        _ environment: [String: String],
        _ logReader: ChildProcess.ErrorReader,
        _ sourceLocation: SourceLocation,
        _ prepare: (any PhoneSystemUnderTest, LoopbackZammad) async throws -> Void,
        _ body: (BridgeStage) async throws -> Void
    ) async throws {
        let pbx = try await kind.start()
        let zammad = try await LoopbackZammad.start(
            token: ProgramSecrets.endpointToken, apiToken: ProgramSecrets.apiToken)
        try await prepare(pbx, zammad)
        try await ProgramFolder.with { folder in
            let own = [
                "api: \(api ?? kind.api)", "events: \(!PhoneSystemKind.polled.contains(kind))",
                "state_dir: \"\(folder.path("state"))\"",
                "status_listen: \"\(statusListen)\"",
            ]
            let path = try folder.write("bridge.yaml", configuration(pbx, zammad, own + settings, zammadSettings))
            let output = try await BridgeProcess.with(
                ["-c", path] + flags, environment: environment, in: folder, errorReader: logReader,
                sourceLocation: sourceLocation
            ) { bridge in
                try await body(
                    BridgeStage(pbx: pbx, zammad: zammad, bridge: bridge, path: path, ownSettings: own))
                return bridge.output
            }.value
            #expect(output.data.isEmpty, "the daemon has nothing to say on stdout", sourceLocation: sourceLocation)
            if let secret = await pbx.sessionSecret {
                #expect(
                    !output.messages.contains(secret), "a session's secret on stderr", sourceLocation: sourceLocation)
            }
            if !flags.contains("plain") {
                #expect(output.log.count == output.lines.count, "\(output.messages)", sourceLocation: sourceLocation)
            }
        }
        await pbx.server.stop()
        await zammad.stop()
    }

    /// The configuration of a reference bridge, with both pairs of credentials.
    static func configuration(
        _ pbx: any PhoneSystemUnderTest, _ zammad: LoopbackZammad, _ settings: [String], _ zammadSettings: [String] = []
    ) -> String {
        """
        Bridge:
          \(settings.contains { $0.hasPrefix("poll_interval") } ? "" : "poll_interval: 0.05")
        \(settings.map { "  \($0)" }.joined(separator: "\n"))
        3CX:
          user: "admin"
          pass: "\(ProgramSecrets.password)"
          group: "Support"
          client_id: zammadbridge
          client_secret: "\(ProgramSecrets.clientSecret)"
          host: "\(pbx.server.origin)/"
          extension_digits: 3
          trunk_digits: 5
          queue_extension: 816
          country_prefix: 49
        Zammad:
          endpoint: "\(zammad.endpoint)"
          log_missed_queue_calls: yes
        \(zammadSettings.map { "  \($0)" }.joined(separator: "\n"))
        """
    }

    /// Writes another configuration and has the daemon read it.
    ///
    /// - Parameters:
    ///   - zammad: Another one than before.
    ///   - settings: Lines of the section `Bridge`, instead of those from the start.
    func reconfigure(zammad: LoopbackZammad? = nil, settings: [String] = []) throws {
        let settings = ownSettings + settings
        try rewrite(Self.configuration(pbx, zammad ?? self.zammad, settings))
    }

    /// Writes the configuration file anew and has the daemon read it.
    func rewrite(_ text: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path))
        bridge.signal(SIGHUP)
    }

    // MARK: - Playing

    /// Shows one state of the PBX after the other, each for long enough to be looked at.
    func play(_ scenes: [SceneCall]...) async throws {
        for scene in scenes {
            await pbx.show(scene)
            try await pbx.waitForPolls(1)
        }
    }

    /// Ends the daemon as systemd does, and expects it to end well.
    func stop(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        bridge.signal(15)
        let exit = try await bridge.waitForExit()
        #expect(exit == .code(0), sourceLocation: sourceLocation)
    }

    /// Waits for as many requests as are expected, ends the daemon, and compares all that Zammad was sent.
    func expect(
        _ expected: [ExpectedEvent], sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        try await zammad.waitForRequests(count: expected.count)
        try await stop(sourceLocation: sourceLocation)
        let sent = await zammad.requests().map { ExpectedEvent($0) }
        #expect(sent == expected, sourceLocation: sourceLocation)
        let ids = await Set(zammad.requests().compactMap { $0.json?["callId"]?.string })
        #expect(ids.count == Set(expected.map(\.call)).count, "one id a call", sourceLocation: sourceLocation)
    }
}
