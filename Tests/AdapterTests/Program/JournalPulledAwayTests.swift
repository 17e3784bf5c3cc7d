import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

@Suite("A journal that is pulled away", .timeLimit(.minutes(10)))
struct JournalPulledAwayTests {
    private func expectEnd(_ stage: BridgeStage, at path: String) async throws {
        #expect(try await stage.bridge.waitForExit() == .code(74))
        let messages = await stage.bridge.output.value.messages
        #expect(messages.contains("error: a file of the journal was removed"))
        #expect(messages.contains("at \(path); "))
    }

    @Test("ends the daemon, which says which file it was")
    func removed() async throws {
        try await BridgeStage.run(flags: ["-f", "plain"]) { stage in
            try await stage.pbx.waitForPolls(2)
            let path = stage.stateFile("journal.sqlite")
            try FileManager.default.removeItem(atPath: path)
            try await expectEnd(stage, at: path)
        }
    }

    @Test("ends it in the same way when the index is cut off that it has mapped, and nothing is lost")
    func index() async throws {
        try await BridgeStage.run(flags: ["-f", "plain"]) { stage in
            try await stage.play([SceneCall(21, .inboundRinging)])
            try await stage.zammad.wait { !$0.isEmpty }
            let path = stage.stateFile("journal.sqlite-shm")
            try #require(truncate(path, 0) == 0)
            // The next commit may touch it before the bridge looks.
            await stage.pbx.show([])
            try await expectEnd(stage, at: path)
        }
    }
}
