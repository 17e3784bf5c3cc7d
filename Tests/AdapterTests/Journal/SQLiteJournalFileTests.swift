import Domain
import Foundation
import GRDB
import Ports
import Testing

@testable import Adapters

@Suite("The journal's file", .timeLimit(.minutes(10)))
struct SQLiteJournalFileTests {
    @Test("is made with all directories above it, for the bridge's user alone")
    func permissions() async throws {
        try await StateFolder.with { directory in
            let deep = StateDirectory(directory.path + "/a/b")
            let journal = try SQLiteJournal(in: deep, historyDays: 30)
            var history = RandomHistory(seed: 1)
            for _ in 0..<5 { try await journal.commit(history.next()) }
            #expect(try StateFolder.mode(of: deep.path) == 0o700)
            #expect(try StateFolder.mode(of: directory.path + "/a") == 0o700)
            for name in ["journal.sqlite", "journal.sqlite-wal", "journal.sqlite-shm", "lock"] {
                #expect(try StateFolder.mode(of: "\(deep.path)/\(name)") == 0o600, "\(name)")
            }
        }
    }

    @Test("is for its owner although it was left open to others, or closed to its owner", arguments: [0o644, 0o000])
    func permissionsOfEarlierFile(_ mode: Int) async throws {
        try await StateFolder.with { directory in
            try SQLiteJournal(in: directory, historyDays: 30).close()
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: directory.journalFile)
            let journal = try SQLiteJournal(in: directory, historyDays: 30)
            #expect(try StateFolder.mode(of: directory.journalFile) == 0o600)
            try journal.close()
        }
    }

    @Test("is in write-ahead mode, flushes each commit, and says whose it is")
    func settings() async throws {
        try await StateFolder.with { directory in
            let database = try JournalDatabase.openOrCreate(made(directory), .init())
            let found = try await database.read { database in
                try ["journal_mode", "synchronous", "application_id", "user_version"].map {
                    try String.fetchOne(database, sql: "PRAGMA \($0)") ?? ""
                }
            }
            #expect(found == ["wal", "2", "\(JournalSchema.applicationID)", "\(JournalSchema.current.version)"])
            try database.closeConnection()
        }
    }

    @Test("refuses a second daemon, and takes the next one when the first has gone")
    func secondDaemon() async throws {
        try await StateFolder.with { directory in
            let first = try SQLiteJournal(in: directory, historyDays: 30)
            let failure = #expect(throws: JournalFailure.self) {
                try SQLiteJournal(in: directory, historyDays: 30)
            }
            #expect(failure?.what == "another bridge uses this state directory")
            #expect(failure?.place == directory.path)
            #expect(failure?.remedy.contains("Bridge.state_dir") == true)
            #expect(try await first.load() == SavedCore(), "the first is not disturbed")
            try first.close()
            try SQLiteJournal(in: directory, historyDays: 30).close()
        }
    }

    @Test("lets no second daemon in although somebody has removed the lock")
    func removedLock() async throws {
        try await StateFolder.with { directory in
            let first = try SQLiteJournal(in: directory, historyDays: 30)
            try FileManager.default.removeItem(atPath: directory.lockFile)
            #expect(throws: JournalFailure.self) { try SQLiteJournal(in: directory, historyDays: 30) }
            #expect(StateDirectoryLock.isHeld(directory))
            try first.close()
            #expect(!StateDirectoryLock.isHeld(directory))
            try SQLiteJournal(in: directory, historyDays: 30).close()
        }
    }

    /// What somebody does to the journal while the bridge runs.
    enum Interference: CaseIterable, Sendable {
        case removed, movedAway, replaced, cutOff, removedLog, cutOffLog, removedIndex, cutOffIndex, movedDirectory

        func happen(to directory: StateDirectory) throws {
            let (files, path) = (FileManager.default, directory.journalFile)
            switch self {
            case .removed: try files.removeItem(atPath: path)
            case .movedAway: try files.moveItem(atPath: path, toPath: path + ".old")
            case .replaced:
                try files.copyItem(atPath: path, toPath: path + ".copy")
                try #require(rename(path + ".copy", path) == 0)
            case .cutOff: try #require(truncate(path, 0) == 0)
            case .removedLog: try files.removeItem(atPath: directory.journalLog)
            case .cutOffLog: try #require(truncate(directory.journalLog, 0) == 0)
            case .removedIndex: try files.removeItem(atPath: directory.journalIndex)
            case .cutOffIndex: try #require(truncate(directory.journalIndex, 0) == 0)
            case .movedDirectory: try files.moveItem(atPath: directory.path, toPath: directory.path + "-old")
            }
        }
    }

    @Test("is missed at the next look for requests when it is pulled away", arguments: Interference.allCases)
    func pulledAway(_ interference: Interference) async throws {
        try await StateFolder.with { directory in
            let journal = try SQLiteJournal(in: directory, historyDays: 30)
            var history = RandomHistory(seed: 3)
            for _ in 0..<20 { try await journal.commit(history.next()) }
            #expect(try await journal.openRequests() == [])
            try interference.happen(to: directory)
            let failure = await #expect(throws: JournalFailure.self) { try await journal.openRequests() }
            #expect(failure?.what.contains("removed, moved, replaced or cut off") == true)
            #expect(failure?.place.hasPrefix(directory.journalFile) == true)
            // An index that is cut off cannot even be closed.
            if interference == .cutOffIndex { try #require(truncate(directory.journalIndex, 32 * 1024) == 0) }
        }
    }

    /// What stands where the journal should be, and what is said about it.
    enum Damage: CaseIterable, Sendable {
        case garbage
        case oneByte
        case fewBytes
        case otherProgram
        case unmarked
        case newer
        case truncatedWithinPage
        case truncatedAfterPages
        case damagedPages
        case damagedRow
        case wrongSum

        var message: String {
            switch self {
            case .garbage, .oneByte: "not a journal"
            case .otherProgram, .unmarked: "another program's"
            case .newer: "newer version"
            case .fewBytes, .truncatedWithinPage, .truncatedAfterPages, .damagedPages, .damagedRow, .wrongSum: "damaged"
            }
        }
    }

    @Test("is refused and left as it is when it is not a whole journal of this version", arguments: Damage.allCases)
    func damagedFile(_ damage: Damage) async throws {
        try await StateFolder.with { directory in
            try await writeFile(damage, at: directory)
            let before = try StateFolder.bytes(of: directory.journalFile)
            let failure = await #expect(throws: JournalFailure.self) {
                let journal = try SQLiteJournal(in: directory, historyDays: 30)
                defer { try? journal.close() }
                _ = try await journal.load()
            }
            #expect(failure?.what.contains(damage.message) == true, "\(String(describing: failure))")
            #expect(failure?.place == directory.journalFile)
            #expect(failure?.remedy.isEmpty == false)
            #expect(try StateFolder.bytes(of: directory.journalFile) == before)
            await #expect(throws: JournalFailure.self, "the outbox command says the same") {
                _ = try await OperatorJournal.open(in: directory)?.contents()
            }
            #expect(try StateFolder.bytes(of: directory.journalFile) == before)
        }
    }

    @Test("is refused when it is a directory, and so is a file in place of the directory")
    func wrongKind() async throws {
        try await StateFolder.with { directory in
            try FileManager.default.createDirectory(
                atPath: directory.journalFile, withIntermediateDirectories: true)
            let failure = #expect(throws: JournalFailure.self) { try SQLiteJournal(in: directory, historyDays: 30) }
            #expect(failure?.description.hasPrefix("the journal is not a file at \(directory.journalFile); ") == true)

            let file = StateDirectory(directory.path + "/file")
            try Data("x".utf8).write(to: URL(filePath: file.path))
            for wrong in [file, StateDirectory(file.path + "/below")] {
                let failure = #expect(throws: JournalFailure.self) { try SQLiteJournal(in: wrong, historyDays: 30) }
                #expect(failure?.what == "the state directory is not a directory")
                #expect(failure?.place == file.path)
            }
            #expect(try StateFolder.bytes(of: file.path) == Data("x".utf8))
        }
    }

    @Test("cannot be in a directory that nobody may write, which is said with the path")
    func unwritable() throws {
        let failure = #expect(throws: JournalFailure.self) {
            try SQLiteJournal(in: StateDirectory("/proc/self/bridge"), historyDays: 30)
        }
        #expect(failure?.what.contains("cannot be made") == true)
        #expect(failure?.place == "/proc/self/bridge")
        #expect(FileStep.failure("it", at: "/a", EROFS).remedy.contains("file system"))
        #expect(FileStep.failure("it", at: "/a", EACCES).remedy.contains("may write"))
        #expect(FileStep.failure("it", at: "/a", ENOSPC).remedy.contains("space"))
    }

    @Test("an empty file, as a crash at the very start leaves it, becomes a journal")
    func emptyFile() async throws {
        try await StateFolder.with { directory in
            try FileManager.default.createDirectory(atPath: directory.path, withIntermediateDirectories: true)
            try Data().write(to: URL(filePath: directory.journalFile))
            #expect(try OperatorJournal.open(in: directory) == nil)
            let journal = try SQLiteJournal(in: directory, historyDays: 30)
            #expect(try await journal.load() == SavedCore())
            try journal.close()
        }
    }

    @Test("what a power cut left of the first start does not hinder the next one")
    func unfinishedStart() async throws {
        try await StateFolder.with { directory in
            try FileManager.default.createDirectory(atPath: directory.path, withIntermediateDirectories: true)
            for part in ["", "-wal", "-shm", "-journal"] {
                try Data("half".utf8).write(to: URL(filePath: "\(directory.journalFile).new\(part)"))
            }
            let journal = try SQLiteJournal(in: directory, historyDays: 30)
            #expect(try await journal.load() == SavedCore())
            try journal.close()
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted() == [
                    "journal.sqlite", "lock",
                ])
        }
    }

    @Test("the log of an earlier journal without its file is neither used nor removed")
    func strayLog() async throws {
        try await StateFolder.with { directory in
            let journal = try SQLiteJournal(in: directory, historyDays: 30)
            var history = RandomHistory(seed: 5)
            for _ in 0..<5 { try await journal.commit(history.next()) }
            let image = try StateFolder.crashImage(of: directory)
            try journal.close()
            try FileManager.default.removeItem(atPath: image.journalFile)
            let before = try StateFolder.bytes(of: image.journalFile + "-wal")
            try #require(!before.isEmpty)
            let failure = #expect(throws: JournalFailure.self) { try SQLiteJournal(in: image, historyDays: 30) }
            #expect(failure?.place == image.journalFile + "-wal")
            #expect(try StateFolder.bytes(of: image.journalFile + "-wal") == before)
        }
    }

    @Test(
        "stands in the configured directory, else in systemd's, else in the usual one",
        arguments: [
            ("/a", "/b:/c", "/a"), (nil, "/b:/c", "/b"), (nil, "/b", "/b"), (nil, "", StateDirectory.usual),
            (nil, nil, StateDirectory.usual),
        ] as [(String?, String?, String)])
    func place(configured: String?, environment: String?, path: String) {
        let variables = environment.map { ["STATE_DIRECTORY": $0] } ?? [:]
        #expect(StateDirectory(configured: configured, environment: variables).path == path)
    }

    // MARK: - Files

    private func made(_ directory: StateDirectory) throws -> StateDirectory {
        try SQLiteJournal(in: directory, historyDays: 30).close()
        return directory
    }

    private func writeFile(_ damage: Damage, at directory: StateDirectory) async throws {
        let path = directory.journalFile
        let journal = try SQLiteJournal(in: directory, historyDays: 30)
        var history = RandomHistory(seed: 5)
        for _ in 0..<100 { try await journal.commit(history.next()) }
        try journal.close()
        var bytes = try StateFolder.bytes(of: path)
        try #require(bytes.count > 40_000)
        switch damage {
        case .garbage: bytes = Data((0..<9000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        case .oneByte: bytes = Data("x".utf8)
        case .fewBytes: bytes = bytes.prefix(60)
        case .truncatedWithinPage: bytes = bytes.prefix(bytes.count / 2 + 100)
        case .truncatedAfterPages: bytes = bytes.prefix(4096 * 3)
        case .damagedPages:
            for index in stride(from: 4096, to: bytes.count, by: 4096) {
                bytes.replaceSubrange(index..<index + 8, with: Array(repeating: 0xEE, count: 8))
            }
        case .otherProgram: return try edit(path, "PRAGMA application_id = 77")
        case .unmarked: return try edit(path, "PRAGMA application_id = 0")
        case .newer: return try edit(path, "PRAGMA user_version = 99")
        case .damagedRow: return try edit(path, "INSERT INTO lanes VALUES ('x', '{\"no\": \"lane\"}')")
        case .wrongSum:
            return try edit(
                path, "UPDATE accounts SET value = replace(value, '\"taken\":', '\"taken\":9')")
        }
        try bytes.write(to: URL(filePath: path))
    }

    private func edit(_ path: String, _ sql: String) throws {
        let queue = try DatabaseQueue(path: path)
        try queue.inDatabase { try $0.execute(sql: sql) }
        try queue.close()
    }
}
