import Foundation
import Testing

@Suite("simulate on a terminal", .timeLimit(.minutes(10)))
struct SimulateTerminalTests {
    private static let fixture = """
        {"name": "small", "description": "Nothing happens, and something is expected.", "source": "legacy",
         "config": {"3CX": {"queue_extension": 816, "extension_digits": 3, "trunk_digits": 5}},
         "steps": [{"at": 0, "answers": {"GET /api/activeCalls": {"json": {"list": []}}}}],
         "expect": [{"at": 0, "event": "newCall", "callId": "3cx-1-1770110100000", "direction": "in", "from": "1", "to": "101"}]}
        """

    private static func simulated(environment: [String: String]) async throws -> String {
        try await BridgeProcess.inSlot {
            try await ProgramFolder.with { folder in
                let path = try folder.write("small.json", fixture)
                let terminal = try PseudoTerminal()
                let words = ["-c", #"exec "$0" simulate "$1" >"$2""#, try BridgeProcess.program(), path, terminal.path]
                let child = try ChildProcess(
                    "/bin/sh", words, environment: environment, directory: folder.url.path)
                var exit: ProgramOutput.Exit?
                for await event in child.events {
                    if case .exited(let code) = event { exit = code }
                }
                #expect(exit == .code(1))
                return terminal.end()
            }
        }
    }

    @Test("colours where the terminal has them, and none with NO_COLOR or on a dumb one")
    func colours() async throws {
        let coloured = try await Self.simulated(environment: ["TERM": "xterm"])
        #expect(coloured.contains("\u{1B}[31m✗\u{1B}[0m") && coloured.contains("\u{1B}[31m- \u{1B}[0m"), "\(coloured)")
        let plain = coloured.replacing(/\u{1B}\[[0-9;]*m/, with: "")
        #expect(plain.contains("✗ small (legacy)") && plain.contains("0 passed, 1 failed"))
        for environment in [["TERM": "xterm", "NO_COLOR": "1"], ["TERM": "dumb"]] {
            let output = try await Self.simulated(environment: environment)
            #expect(!output.contains("\u{1B}") && output == plain, "\(output)")
        }
        // Empty is as good as unset (no-color.org).
        #expect(try await Self.simulated(environment: ["TERM": "xterm", "NO_COLOR": ""]) == coloured)
    }
}
