import Foundation
import Testing

@testable import Adapters

@Suite("A man page", .timeLimit(.minutes(10)))
struct ManualTests {
    private func page(_ name: String) async throws -> [String] {
        try await ProgramFolder.with { folder in
            let output = try await BridgeProcess.run(["manual", name, "--date", "2026-11-22"], in: folder)
            #expect(output.exit == .code(0) && output.messages.isEmpty)
            return output.data.split(separator: "\n").map(String.init)
        }
    }

    @Test("of the program tells every command with its options")
    func commands() async throws {
        let lines = try await page("commands")
        #expect(lines.first?.hasPrefix(".TH ZAMMADBRIDGE 1 \"2026-11-22\" \"zammadbridge ") == true)
        for command in ["run", "check", "simulate", "config", "outbox", "outbox retry", "lifecycle"] {
            #expect(lines.contains(".SS \(command)"), "\(command)")
        }
        #expect(lines.contains { $0.contains("\\fB\\-\\-log\\-format\\fR") })
        #expect(!lines.contains { $0.contains(".SS manual") })
    }

    @Test("of the configuration tells every key")
    func configuration() async throws {
        let lines = try await page("configuration")
        for key in ConfigurationKeys.all {
            #expect(lines.contains("\\fB\(key.name)\\fR"), "\(key.path)")
        }
    }

    @Test("docs/cli.md is what the program prints of its command line")
    func commandLine() async throws {
        try await ProgramFolder.with { folder in
            let output = try await BridgeProcess.run(["manual", "cli"], in: folder)
            #expect(output.exit == .code(0) && output.messages.isEmpty)
            let root = URL(filePath: #filePath).appending(path: "../../../..").standardized
            let page = try String(contentsOf: root.appending(path: "docs/cli.md"), encoding: .utf8)
            #expect(page == output.data, "run: swift run app manual cli > docs/cli.md")
        }
    }

    @Test("has no line that a formatter would take for another request", arguments: ["commands", "configuration"])
    func requests(page name: String) async throws {
        let known = [".TH", ".SH", ".SS", ".TP", ".PP", ".br", ".BR"]
        for line in try await page(name) where line.hasPrefix(".") || line.hasPrefix("'") {
            #expect(known.contains { line == $0 || line.hasPrefix($0 + " ") }, "\(line)")
        }
    }
}
