import Domain
import Foundation
import GRDB
import Testing

@testable import Adapters

#if canImport(Glibc)
    import Glibc
#endif

@Suite("The command outbox", .timeLimit(.minutes(10)))
struct OutboxCommandTests {
    @Test("says kindly that there is no journal yet, and makes none")
    func noJournal() async throws {
        try await OutboxScene.with { scene in
            let output = try await scene.run("outbox", "list")
            #expect(output.exit == .code(0))
            #expect(output.messages.contains("no journal at \(scene.state.journalFile) yet"))
            #expect(try await scene.listed().events.isEmpty)
            #expect(try await scene.run("outbox", "retry", "--all").exit == .code(0))
            #expect(try await scene.run("outbox", "drop", "3", "--yes").exit == .code(1))
            #expect(!FileManager.default.fileExists(atPath: scene.state.path))
        }
    }

    @Test("lists every event that Zammad does not have for certain, and an account that closes")
    func list() async throws {
        try await OutboxScene.with { scene in
            try await scene.fill()
            let output = try await scene.run("outbox")
            #expect(output.exit == .code(0))
            #expect(
                output.data.contains("5 seen = 1 delivered + 1 pending + 2 dead letters + 1 unconfirmed + 0 discarded"))
            for text in [
                "Pending:", "Dead letters:", "Unconfirmed:", "418 teapot", "503", "timeout after 5 s", "•••111",
            ] { #expect(output.data.contains(text), "\(text) in \(output.data)") }
            #expect(!output.data.contains("030111"), "numbers are masked")

            let document = try await scene.listed()
            #expect(!document.isBridgeRunning)
            #expect(document.events.map(\.state).sorted() == ["deadLetter", "deadLetter", "pending", "unconfirmed"])
            #expect(document.account.isClosed)
            let account = document.account
            #expect(account.seen == account.delivered + account.pending + account.deadLetters + account.unconfirmed)
            let unconfirmed = try #require(document.events.first { $0.state == "unconfirmed" })
            #expect(unconfirmed.event == "hangup" && unconfirmed.call.hasPrefix("t-8-"))
            #expect(unconfirmed.number == "•••222" && unconfirmed.direction == "in" && unconfirmed.attempts == 1)
            #expect(abs(unconfirmed.since.timeIntervalSinceNow) < 600)
            let pending = try #require(document.events.first { $0.state == "pending" })
            #expect(pending.reason == "503")
        }
    }

    @Test("refuses ids that it does not know and events that are under way by themselves, and changes nothing")
    func wrongIDs() async throws {
        try await OutboxScene.with { scene in
            try await scene.fill()
            let document = try await scene.listed()
            let pending = try #require(document.ids("pending").first)
            let dead = try #require(document.ids("deadLetter").first)
            let unknown = try await scene.run("outbox", "retry", "\(dead)", "4711")
            #expect(unknown.exit == .code(1))
            #expect(unknown.messages.contains("no event or ticket 4711 in the outbox"))
            let early = try await scene.run("outbox", "drop", "--yes", "\(pending)")
            #expect(early.exit == .code(1))
            #expect(early.messages.contains("event \(pending) is pending"))
            for arguments in [
                ["retry"], ["retry", "1", "--all"], ["retry", "x"], ["drop", "--yes"], ["drop", "\(dead)"],
            ] {
                let output = try await BridgeProcess.run(["outbox"] + arguments, in: scene.folder)
                #expect(output.exit == .code(64), "\(arguments)")
            }
            #expect(try await scene.listed().requests.isEmpty)
        }
    }

    @Test("works while the bridge is stopped: done when it runs next")
    func withoutDaemon() async throws {
        try await OutboxScene.with { scene in
            try await scene.fill()
            let unconfirmed = try #require(try await scene.listed().ids("unconfirmed").first)
            let output = try await scene.run("outbox", "drop", "--yes", "\(unconfirmed)")
            #expect(output.exit == .code(0))
            #expect(output.messages.contains("1 event will be discarded when the bridge runs next"))
            #expect(try await scene.listed().requests == [.init(action: "drop", id: unconfirmed)])
            try await scene.withDaemon { bridge in
                try await bridge.waitForLog { $0.message.hasPrefix("discarded by the operator") }
            }
            let document = try await scene.listed()
            #expect(document.requests.isEmpty && document.ids("unconfirmed").isEmpty)
            #expect(document.account.dropped == ["by the operator": 1] && document.account.isClosed)
        }
    }

    @Test("works beside the running bridge: dead letters are delivered, unconfirmed events only if named")
    func besideDaemon() async throws {
        let zammad = try await LoopbackZammad.start(token: ProgramSecrets.endpointToken)
        try await OutboxScene.with(zammad: zammad.endpoint) { scene in
            try await scene.fill()
            try await scene.withDaemon { _ in
                let output = try await scene.run("outbox", "retry", "--all")
                #expect(output.exit == .code(0))
                #expect(output.messages.contains("left out: 1 unconfirmed"))
                #expect(output.messages.contains("2 events on the way again"))
                try await zammad.wait { rows in rows.contains { $0.callID.hasPrefix("t-7-") && $0.state == .hangup } }
                let document = try await scene.listed()
                #expect(document.isBridgeRunning)
                #expect(document.ids("deadLetter").isEmpty && document.ids("unconfirmed").count == 1)
                let dropped = try await scene.run("outbox", "drop", "--all", "--yes")
                #expect(dropped.messages.contains("1 event discarded"))
            }
        }
        await zammad.stop()
    }

    @Test("a second daemon is refused with 74, and the directory is free again when the first was killed")
    func secondDaemon() async throws {
        try await OutboxScene.with { scene in
            try await scene.withDaemon { first in
                let second = try await scene.run("run")
                #expect(second.exit == .code(74))
                #expect(
                    second.messages.contains("error: another bridge uses this state directory at \(scene.state.path)"))
                first.signal(SIGKILL)
                try await first.waitForExit()
            }
            let journal = try SQLiteJournal(in: scene.state, historyDays: 30)
            #expect(try await journal.load().account.taken == 0)
            try journal.close()
        }
    }

    @Test("a journal that cannot be used ends the daemon and the command with 74, path and remedy; nothing is touched")
    func unusable() async throws {
        try await OutboxScene.with { scene in
            try SQLiteJournal(in: scene.state, historyDays: 30).close()
            let queue = try DatabaseQueue(path: scene.state.journalFile)
            try await queue.write { try $0.execute(sql: "PRAGMA user_version = 7") }
            try queue.close()
            let before = try StateFolder.bytes(of: scene.state.journalFile)
            for command in [["run"], ["outbox", "list"], ["outbox", "retry", "--all"]] {
                let output = try await scene.run(command)
                #expect(output.exit == .code(74), "\(command)")
                #expect(output.messages.contains("error: the journal is from a newer version"))
                #expect(output.messages.contains("at \(scene.state.journalFile); install that version again"))
            }
            #expect(try StateFolder.bytes(of: scene.state.journalFile) == before)
        }
    }

    @Test("a journal that fails later ends the daemon with 74 as well")
    func failingLater() async throws {
        try await OutboxScene.with { scene in
            try await scene.withDaemon { bridge in
                var configuration = GRDB.Configuration()
                configuration.allowsUnsafeTransactions = true
                let queue = try DatabaseQueue(path: scene.state.journalFile, configuration: configuration)
                // The daemon sees the request, and for as long as the second transaction is open cannot answer it.
                try await queue.writeWithoutTransaction { database in
                    try database.execute(sql: "INSERT INTO requests (at, action, event) VALUES (0, 'retry', 5)")
                    try database.execute(sql: "BEGIN IMMEDIATE")
                }
                #expect(try await bridge.waitForExit(within: .seconds(60)) == .code(74))
                #expect(await bridge.output.value.messages.contains("error: the journal is locked by another program"))
                try await queue.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
                try queue.close()
            }
        }
    }
}
