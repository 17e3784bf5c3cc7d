import Foundation
import Testing

@testable import Adapters

@Suite("The program's command line", .timeLimit(.minutes(10)))
struct ConfigurationCommandTests {
    private let good = """
        3CX:
          host: https://pbx.example.com
          client_id: bridge
          client_secret: \(ProgramSecrets.clientSecret)
          user: admin
          pass: \(ProgramSecrets.password)
          group: Support
        Zammad:
          endpoint: https://zammad.example.com/api/v1/cti/\(ProgramSecrets.endpointToken)
        """

    /// Three mistakes, on lines 2, 5 and 7.
    private let bad = """
        Bridge:
          poll_interval: soon
        3CX:
          host: https://pbx.example.com
          clientid: bridge
          pass: \(ProgramSecrets.password)
          country_prefix: [49]
        Zammad:
          endpoint: https://zammad.example.com/api/v1/cti/\(ProgramSecrets.endpointToken)
        """

    @Test(
        "tells all mistakes of a file with their places, and ends with 78",
        arguments: [[], ["run"], ["config"]])
    func badFile(command: [String]) async throws {
        try await ProgramFolder.with { folder in
            let path = try folder.write("bad.yaml", bad)
            let output = try await BridgeProcess.run(command + ["--config", path], in: folder)
            #expect(output.exit == .code(78))
            #expect(output.data.isEmpty)
            for place in ["\(path):2:18", "\(path):5:3", "\(path):7:19"] {
                #expect(output.lines.contains { $0.hasPrefix("error: ") && $0.contains(place) }, "\(output)")
            }
        }
    }

    @Test("says of a file that is missing, a folder or no text that it is, and ends with 78")
    func unreadableFile() async throws {
        try await ProgramFolder.with { folder in
            try folder.write("empty.yaml", "")
            try folder.write("garbage.yaml", "\u{1}\u{2}{{{{ : - [")
            for name in ["nowhere.yaml", ".", "empty.yaml", "garbage.yaml"] {
                let output = try await BridgeProcess.run(["-c", folder.path(name)], in: folder)
                #expect(output.exit == .code(78), "\(name)")
                #expect(output.lines.first?.hasPrefix("error: ") == true && output.messages.contains(folder.path(name)))
            }
        }
    }

    @Test(
        "refuses what it does not know with 64",
        arguments: [["--nope"], ["run", "--nope"], ["check", "x"], ["-f", "xml"]])
    func unknownFlag(arguments: [String]) async throws {
        try await ProgramFolder.with { folder in
            let output = try await BridgeProcess.run(arguments, in: folder)
            #expect(output.exit == .code(64))
            #expect(output.data.isEmpty && output.messages.contains("Usage:"))
        }
    }

    @Test("takes a good file, named or found in the working directory")
    func check() async throws {
        try await ProgramFolder.with { folder in
            let path = try folder.write("config.yaml", good)
            for arguments in [["check", "--offline", "-c", path], ["check", "--offline", "--config", path]] {
                let output = try await BridgeProcess.run(arguments, in: folder)
                #expect(output.exit == .code(0))
                #expect(output.data.contains("✓ configuration \(path) is valid"))
            }
            // An installed bridge has its file in one of these places, which come first.
            if !YAMLConfigurationSource.defaultCandidates.prefix(2).contains(where: FileManager.default.fileExists) {
                let found = try await BridgeProcess.run(["check", "--offline"], in: folder)
                #expect(found.exit == .code(0) && found.data.contains("✓ configuration ./config.yaml is valid"))
            }
            let environment = ["ZAMMADBRIDGE_BRIDGE_POLL_INTERVAL": "soon"]
            let spoilt = try await BridgeProcess.run(
                ["check", "--offline", "-c", path], environment: environment, in: folder)
            #expect(spoilt.exit == .code(78) && spoilt.data.contains("ZAMMADBRIDGE_BRIDGE_POLL_INTERVAL"))
        }
    }

    @Test("prints the effective configuration with its secrets masked")
    func config() async throws {
        try await ProgramFolder.with { folder in
            let path = try folder.write("bridge.yaml", good)
            let output = try await BridgeProcess.run(["config", "-c", path], in: folder)
            #expect(output.exit == .code(0))
            #expect(output.data.contains("pass: \"••••\"") && output.data.contains("client_secret: \"••••\""))
            #expect(output.data.contains("host: https://pbx.example.com  # \(path):2"))
            let environment = ["ZAMMADBRIDGE_3CX_PASS": ProgramSecrets.password + "!"]
            let changed = try await BridgeProcess.run(["config", "-c", path], environment: environment, in: folder)
            #expect(changed.data.contains("pass: \"••••\"  # environment ZAMMADBRIDGE_3CX_PASS"))
        }
    }

    @Test("prints it as JSON as well")
    func configJSON() async throws {
        try await ProgramFolder.with { folder in
            let path = try folder.write("bridge.yaml", good)
            let output = try await BridgeProcess.run(["config", "--json", "-c", path], in: folder)
            #expect(output.exit == .code(0))
            let document = try LoopbackJSON(text: output.data)
            #expect(document["file"]?.string == path)
            #expect(document["configuration"]?["3CX"]?["host"]?["value"] == "https://pbx.example.com")
            #expect(document["configuration"]?["3CX"]?["host"]?["origin"]?.string == "\(path):2")
            #expect(document["configuration"]?["3CX"]?["pass"]?["value"] == "••••")
            #expect(document["configuration"]?["Bridge"]?["poll_interval"]?["value"] == 0.5)
            #expect(document["warnings"]?.elements != nil)
        }
    }

    @Test("tells its version and all its commands")
    func help() async throws {
        try await ProgramFolder.with { folder in
            let version = try await BridgeProcess.run(["--version"], in: folder)
            #expect(version.exit == .code(0) && version.data.wholeMatch(of: /zammadbridge \d+\.\d+\.\d+\n/) != nil)
            for arguments in [["--help"], ["-h"], ["help"]] {
                let help = try await BridgeProcess.run(arguments, in: folder)
                #expect(help.exit == .code(0))
                for word in ["run", "check", "status", "tap", "explain", "simulate", "config", "69", "77", "78"] {
                    #expect(help.data.contains(word))
                }
            }
            for command in ["run", "check", "status", "tap", "explain", "simulate", "config"] {
                let help = try await BridgeProcess.run([command, "--help"], in: folder)
                #expect(help.exit == .code(0) && help.data.contains("USAGE: zammadbridge \(command)"))
            }
        }
    }
}
