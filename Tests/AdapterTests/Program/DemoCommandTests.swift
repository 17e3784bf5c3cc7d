import Adapters
import Foundation
import Testing
import Wire

#if canImport(Glibc)
    import Glibc
#endif

@Suite("The command demo", .timeLimit(.minutes(10)))
struct DemoCommandTests {
    private static let officeSpeed = "6"

    /// Runs the demo with a place of its own for what does not last, and looks at the end whether anything is left
    /// there.
    private func withDemo<Result>(
        _ arguments: [String], _ body: (BridgeProcess) async throws -> Result
    ) async throws -> Result {
        try await ProgramFolder.with { folder in
            let place = folder.path("temporary")
            try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
            return try await BridgeProcess.with(["demo"] + arguments, environment: ["TMPDIR": place], in: folder) {
                demo in
                let result = try await body(demo)
                let left = try FileManager.default.subpathsOfDirectory(atPath: place)
                let messages = await demo.output.value.messages
                #expect(left == [], "\(messages)")
                return result
            }
        }
    }

    /// Plays to the end.
    private func play(_ arguments: [String]) async throws -> ProgramOutput {
        try await withDemo(arguments) { demo in
            try await demo.waitForExit(within: .seconds(60))
            return await demo.output.value
        }
    }

    private func waitForData(_ text: String, _ demo: BridgeProcess) async throws {
        try await demo.output.wait(for: text, within: .seconds(45)) { $0.data.contains(text) }
    }

    private func url(_ demo: BridgeProcess) async throws -> String {
        try await waitForData("\n", demo)
        let first = await demo.output.value.data.prefix { $0 != "\n" }
        #expect(first.hasPrefix("Status page: http://127.0.0.1:"))
        return String(first.dropFirst("Status page: ".count).dropLast())
    }

    private func fixture(_ name: String) -> String { FixtureFolder.path(of: name) }

    @Test(
        "shows an office at work: the page first, then pop-ups, opened customers and to-dos, at the end the caller log")
    func office() async throws {
        try await withDemo(["--speed", Self.officeSpeed]) { demo in
            let url = try await url(demo)
            let page = try await ProgramFolder.with {
                try await BridgeProcess.run(["status", "--json", "--url", url], in: $0)
            }
            let status = try JSONDecoder().decode(BridgeStatus.self, from: Data(page.data.utf8))
            #expect(status.showsNumbers && status.phoneSystem.state != "unavailable")
            try await waitForData("  pop-up     ", demo)
            try await waitForData("  opened     ", demo)
            try await waitForData("  TO-DO      ", demo)
            demo.signal(SIGINT)
            #expect(try await demo.waitForExit() == .code(0))
            let output = await demo.output.value
            #expect(output.data.contains("\nZammad’s caller log: ") && output.data.contains("● call back"))
            #expect(!output.data.contains("\u{1B}"), "no colours where there is no terminal")
            #expect(output.messages.contains("zammadbridge tap --url \(url)"))
        }
    }

    @Test("ends after --for, with 0, and prints JSON lines if it is asked to")
    func json() async throws {
        let output = try await play(["--for", "4s", "--speed", Self.officeSpeed, "--json"])
        #expect(output.exit == .code(0))
        let lines = try output.data.split(separator: "\n").map {
            try JSONDecoder().decode([String: JSONValue].self, from: Data($0.utf8))
        }
        let kinds = lines.compactMap { $0["kind"]?.string }
        #expect(kinds.first == "started" && kinds.last == "callerLog" && kinds.count == lines.count)
        #expect(kinds.contains("popUp"))
        #expect(lines.last?["calls"]?.elements?.isEmpty == false)
    }

    @Test("lets events wait while Zammad is made to fail, for all to see, and delivers them afterwards")
    func outage() async throws {
        try await withDemo(["--speed", Self.officeSpeed, "--zammad-down", "0s..35s"]) { demo in
            let url = try await url(demo)
            try await waitForData("Zammad is down from now on; events wait", demo)
            _ = try await ProgramFolder.with { folder in
                try await BridgeProcess.with(["tap", "--url", url], in: folder) { tap in
                    try await tap.output.wait(for: "a failure", within: .seconds(60)) {
                        $0.data.contains("not delivered")
                    }
                }
            }
            try await waitForData("Zammad is there again", demo)
            try await waitForData("  opened     ", demo)
            demo.signal(SIGTERM)
            #expect(try await demo.waitForExit() == .code(0))
        }
    }

    @Test(
        "plays fixtures of every interface, each through the interface that it was recorded from",
        arguments: [
            "legacy-inbound-missed", "callcontrol-inbound-missed", "callcontrol-events-inbound-missed",
            "xapi-inbound-missed",
        ])
    func fixtures(name: String) async throws {
        let output = try await play([fixture(name), "--speed", "15"])
        #expect(output.exit == .code(0), "\(output)")
        #expect(output.data.contains("  pop-up     Petra Vogel (493023125001) calls, and rings at "), "\(output)")
        #expect(output.data.contains("  TO-DO      Petra Vogel (493023125001) was not answered by "))
        #expect(output.data.contains("caller log: 1 call, 1 to call back"))
    }

    @Test("plays fixtures one after the other, and the page stays where it is")
    func twoFixtures() async throws {
        let output = try await play(
            [fixture("v20-inbound-answered"), fixture("callcontrol-events-voicemail"), "--speed", "30"])
        #expect(output.exit == .code(0), "\(output)")
        #expect(output.data.contains("  opened     John Doe answers: Petra Vogel opens"))
        #expect(output.data.contains("caller log: 2 calls, 1 to call back"))
        #expect(output.data.split(separator: "\n").count { $0.hasPrefix("Status page: ") } == 1)
    }

    @Test("reads all fixtures before it begins, and says what is wrong, with 65")
    func badFixture() async throws {
        let output = try await play([fixture("legacy-inbound-missed"), "/nowhere/to-be-found.json"])
        #expect(output.exit == .code(65) && output.data.isEmpty)
        #expect(output.messages.contains("/nowhere/to-be-found.json; check the path"))
    }

    @Test("says what to do when its port is taken, with 69")
    func takenPort() async throws {
        let other = try await LoopbackServer.start { _ in .empty(404) }
        let output = try await play(["--port", "\(other.port)"])
        #expect(output.exit == .code(69) && output.data.isEmpty)
        #expect(output.messages.contains("127.0.0.1:\(other.port) (Address already in use); give another --port"))
        await other.stop()
    }

    @Test(
        "refuses a wrong command line",
        arguments: [["--zammad-down", "40s..20s"], ["--zammad-down", "soon"], ["--speed", "0"], ["--for", "long"]])
    func wrongArguments(arguments: [String]) async throws {
        let output = try await play(arguments)
        #expect(output.exit == .code(64) && output.data.isEmpty)
    }
}
