import Foundation
import Ports
import Synchronization
import Testing

@testable import Adapters
@testable import Wire

@Suite("check looks at this machine", .timeLimit(.minutes(10)))
struct MachineCheckTests {
    private static func findings(_ folder: String, listen: String = "") async -> [CheckFinding] {
        var bridge = BridgeConfiguration.Bridge()
        bridge.statusListen = listen
        let list = Mutex<[CheckFinding]>([])
        let reporter = CheckReporter(step: { _ in }, finding: { finding in list.withLock { $0.append(finding) } })
        await MachineCheck(StateDirectory(folder), bridge).run(reporter)
        return list.withLock { $0 }
    }

    private static func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "machine-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(folder.path(percentEncoded: false))
    }

    @Test("tells whether the state directory can be used, and makes nothing")
    func stateDirectory() async throws {
        try await Self.withFolder { folder in
            let state = folder + "/a/state"
            #expect(await Self.findings(state).map(\.level) == [.note])
            #expect(!FileManager.default.fileExists(atPath: folder + "/a"))
            try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
            #expect(await Self.findings(state).first?.text.hasPrefix("the state directory is empty") == true)
            #expect(try FileManager.default.contentsOfDirectory(atPath: state).isEmpty)

            let journal = try SQLiteJournal(in: StateDirectory(state), historyDays: 1)
            #expect(await Self.findings(state).map(\.text) == ["a bridge runs, with the state directory \(state)"])
            try journal.close()
            #expect(await Self.findings(state).first?.text.hasPrefix("no bridge runs; its journal") == true)

            try Data("no journal, but longer than one byte".utf8).write(to: URL(filePath: state + "/journal.sqlite"))
            let broken = try #require(await Self.findings(state).first)
            #expect(broken.level == .problem && broken.cause == .configuration)
            #expect(broken.text.hasPrefix("the journal is not a journal"))
            let file = try #require(await Self.findings(state + "/journal.sqlite").first)
            #expect(file.text.hasPrefix("the state directory is not a directory"))
        }
    }

    @Test("tells whether the address of the status page is free, and who has it")
    func statusAddress() async throws {
        try await Self.withFolder { folder in
            let free = try #require(await Self.findings(folder, listen: "127.0.0.1:0").last)
            #expect(free.subject == .statusPage && free.level == .ok)
            let server = try await LoopbackServer.start { _ in .text("somebody else") }
            let port = try #require(HTTPOrigin(server.origin)?.port)
            let used = try #require(await Self.findings(folder, listen: "127.0.0.1:\(port)").last)
            #expect(
                used.level == .warning && used.text.hasPrefix("the status page's address is in use by another program"))
            await server.stop()
            let absent = try #require(await Self.findings(folder, listen: "192.0.2.1:80").last)
            #expect(absent.level == .warning && absent.text.hasPrefix("the status page cannot be at 192.0.2.1:80"))
        }
    }
}
