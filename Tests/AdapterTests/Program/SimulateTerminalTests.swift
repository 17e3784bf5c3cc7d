import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

@Suite("simulate on a terminal", .timeLimit(.minutes(10)))
struct SimulateTerminalTests {
    private struct NoTerminal: Error {}

    /// A terminal of the system's own, without a screen.
    private struct Terminal {
        let main: Int32
        let path: String
        /// Keeps what was written readable after the writer's end.
        let other: Int32

        /// By Linux's own way: Swift does not import that of POSIX.
        init() throws {
            main = open("/dev/ptmx", O_RDWR | O_NOCTTY)
            var (lock, number): (Int32, UInt32) = (0, 0)
            let (unlock, askForNumber): (UInt, UInt) = (0x4004_5431, 0x8004_5430)
            guard main >= 0, ioctl(main, unlock, &lock) == 0, ioctl(main, askForNumber, &number) == 0 else {
                throw NoTerminal()
            }
            path = "/dev/pts/\(number)"
            other = open(path, O_RDWR | O_NOCTTY)
        }

        /// All that was written to it, which must be little: nobody reads meanwhile.
        func end() -> String {
            close(other)
            var result: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while case let count = read(main, &buffer, buffer.count), count > 0 { result += buffer[..<count] }
            close(main)
            return String(decoding: result, as: UTF8.self)
        }
    }

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
                let terminal = try Terminal()
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
