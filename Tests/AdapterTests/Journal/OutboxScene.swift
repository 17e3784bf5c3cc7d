import Domain
import Ports
import Testing

@testable import Adapters

/// A journal that holds events of each kind, and the program that reads it.
struct OutboxScene {
    let folder: ProgramFolder
    let state: StateDirectory
    private let zammad: String

    /// Nothing listens at the phone system's address; `zammad` is the endpoint.
    static func with(
        zammad: String = "http://127.0.0.1:1/api/v1/cti/\(ProgramSecrets.endpointToken)",
        _ body: (OutboxScene) async throws -> Void
    ) async throws {
        try await ProgramFolder.with { folder in
            let state = StateDirectory(folder.path("state"))
            try await body(OutboxScene(folder: folder, state: state, zammad: zammad))
        }
    }

    /// Call 7: two dead letters. Call 8: delivered, and an unconfirmed hangup. Call 9: pending.
    func fill() async throws {
        let sink = ScriptedSink { command in
            switch (command.from, command.event) {
            case ("030111", _): .outcome(.refused("418 teapot"))
            case ("030222", .hangup): .outcome(.ambiguous("timeout after 5 s"))
            case ("030333", _): .outcome(.retry("503", scope: .event, after: .seconds(60)))
            default: .outcome(.delivered(.plain))
            }
        }
        let stage = try await RunnerStage(in: state, sink: sink)
        let waiting = RunnerStage.call("9", from: "030333")
        await stage.see(RunnerStage.call("7"), RunnerStage.call("8", from: "030222"), waiting)
        try await sink.sent.wait { $0.count { $0.from == "030111" } == 2 && $0.count == 4 }
        await stage.see(waiting)
        try await sink.wait(count: 5)
        let account = try await stage.stop()
        try #require(account.deadLetters == 2 && account.unconfirmed == 1 && account.pending == 1)
    }

    /// The ids, by state: what `list --json` says.
    func listed() async throws -> OutboxDocument {
        try OutboxDocument(try await run("outbox", "list", "--json"))
    }

    func run(_ arguments: String...) async throws -> ProgramOutput { try await run(arguments) }

    func run(_ arguments: [String]) async throws -> ProgramOutput {
        try await BridgeProcess.run(arguments + ["-c", configuration()], environment: environment, in: folder)
    }

    func withDaemon(_ body: (BridgeProcess) async throws -> Void) async throws {
        try await BridgeProcess.with(["-c", configuration()], environment: environment, in: folder) { bridge in
            try await bridge.waitForLog("a poll of 3CX failed; live calls stay as they are")
            try await body(bridge)
        }
    }

    private var environment: [String: String] { ["ZAMMADBRIDGE_BRIDGE_STATE_DIR": state.path] }

    private func configuration() throws -> String {
        try folder.write(
            "bridge.yaml",
            """
            Bridge: {status_listen: ""}
            3CX: {host: "http://127.0.0.1:1", user: a, pass: "\(ProgramSecrets.password)", group: Support}
            Zammad: {endpoint: "\(zammad)"}
            """)
    }
}
