import Foundation
import Testing

@Suite("No secret", .timeLimit(.minutes(10)))
struct MarkerTests {
    /// What each command prints is searched wherever the tests run it (`BridgeProcess`); here each runs with all
    /// secrets in its configuration.
    @Test("is in what any command prints, in the arguments of a process, or in what is kept on the disk")
    func nowhere() async throws {
        try await BridgeStage.run(
            .legacy, settings: ["hangup_grace: 0.2"],
            zammadSettings: ["api_token: \(ProgramSecrets.apiToken)", "agents: {101: anna@example.com}"],
            statusListen: "127.0.0.1:0", flags: ["--trace"]
        ) { stage in
            let page = try await stage.bridge.waitForLog { $0.message == "the status page is up" }
            let url = try #require(page["url"])
            try await stage.callThatZammadRefuses()
            let running = try stage.bridge.files()
            #expect(!running.arguments.isEmpty && !ProgramSecrets.all.contains { running.arguments.contains($0) })
            #expect(running.limits.contains { $0.hasPrefix("Max core file size") && $0.contains(" 0 ") })
            let state = URL(filePath: stage.path).deletingLastPathComponent().appending(path: "state").path
            let outputs = try await ProgramFolder.with { folder in
                var outputs: [ProgramOutput] = []
                for command in [
                    ["check", "-c", stage.path], ["check", "--offline", "-c", stage.path],
                    ["config", "-c", stage.path],
                    ["config", "--json", "-c", stage.path], ["outbox", "--state-dir", state],
                    ["outbox", "--json", "--state-dir", state], ["explain", "777", "--state-dir", state],
                    ["explain", "777", "--json", "--state-dir", state], ["status", "--url", url],
                    ["status", "--json", "--url", url], ["lifecycle"], ["--version"],
                ] {
                    outputs.append(try await BridgeProcess.run(command, in: folder))
                }
                return outputs
            }
            // Whatever they ended with, they had something to say.
            for output in outputs { #expect(!output.data.isEmpty || !output.messages.isEmpty) }
            try await stage.stop()
            for (file, bytes) in try Self.files(in: state) {
                for secret in ProgramSecrets.all {
                    #expect(bytes.firstRange(of: Array(secret.utf8)) == nil, "a secret in \(file)")
                }
            }
        }
    }

    private static func files(in folder: String) throws -> [(String, [UInt8])] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(names.contains("journal.sqlite"))
        return try names.map { ($0, try [UInt8](Data(contentsOf: URL(filePath: "\(folder)/\($0)")))) }
    }
}

extension BridgeStage {
    /// What Zammad says of a request names the path, and with it the token.
    fileprivate func callThatZammadRefuses() async throws {
        let error = #"{"error":"No route matches [POST] \"/api/v1/cti/\#(zammad.token)\""}"#
        await zammad.inject(.status(404, body: error), next: 1)
        await (pbx as? LegacyUnderTest)?.pbx.setCalls([
            LegacyCall(id: 21, caller: "10001 Trunk (+493023125777)", callee: "101 John Doe", status: "Routing")
        ])
        try await bridge.waitForLog(for: "the refusal") { $0["status"] == "404" && $0["answer"] != nil }
    }
}

extension BridgeProcess {
    /// What the system shows of the process.
    fileprivate func files() throws -> (arguments: String, limits: [String]) {
        func read(_ name: String) throws -> String {
            String(decoding: try Data(contentsOf: URL(filePath: "/proc/\(identifier)/\(name)")), as: UTF8.self)
        }
        return (try read("cmdline"), try read("limits").split(separator: "\n").map(String.init))
    }
}
