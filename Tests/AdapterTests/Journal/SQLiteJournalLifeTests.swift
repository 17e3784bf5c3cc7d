import Domain
import Foundation
import GRDB
import Ports
import Testing

@testable import Adapters

@Suite("The journal over time", .timeLimit(.minutes(10)))
struct SQLiteJournalLifeTests {
    @Test("holds everything after a clean end and after a power cut", arguments: [true, false])
    func reopening(isClean: Bool) async throws {
        try await StateFolder.with { directory in
            let journal = try SQLiteJournal(in: directory, historyDays: 30)
            var history = RandomHistory(seed: 11)
            var model = SavedCore()
            for _ in 0..<50 { try await commit(history.next(), to: journal, &model) }
            var next = directory
            if isClean { try journal.close() } else { next = try StateFolder.crashImage(of: directory) }
            let again = try SQLiteJournal(in: next, historyDays: 30)
            #expect(try await again.load() == model)
            for _ in 0..<20 { try await commit(history.next(), to: again, &model) }
            #expect(try await again.load() == model)
            try again.close()
        }
    }

    @Test("a commit that does not fit on the disk leaves nothing of itself, and says what to do")
    func fullDisk() async throws {
        try await StateFolder.with { directory in
            var options = JournalDatabase.Options()
            options.maximumPages = 24
            let journal = try SQLiteJournal(in: directory, historyDays: 30, options)
            var history = RandomHistory(seed: 12)
            var model = SavedCore()
            var failure: JournalFailure?
            for _ in 0..<2000 where failure == nil {
                let entry = history.next()
                do {
                    try await journal.commit(entry)
                    model.apply(entry.change)
                } catch {
                    failure = error as? JournalFailure ?? failure
                    break
                }
            }
            #expect(failure?.what == "the journal cannot grow, the disk is full")
            #expect(failure?.place == directory.journalFile)
            #expect(failure?.remedy.contains("free space") == true)
            #expect(try await journal.load() == model)
            try journal.close()
            let again = try SQLiteJournal(in: directory, historyDays: 30)
            #expect(try await again.load() == model)
            try again.close()
        }
    }

    @Test("fails after it was closed instead of losing something")
    func closed() async throws {
        try await StateFolder.with { directory in
            let journal = try SQLiteJournal(in: directory, historyDays: 30)
            try journal.close()
            var history = RandomHistory(seed: 1)
            let entry = history.next()
            await #expect(throws: JournalFailure.self) { try await journal.commit(entry) }
        }
    }

    @Test("a newer schema keeps calls, events, requests and history of the older one")
    func upgrade() async throws {
        try await StateFolder.with { directory in
            let old = try SQLiteJournal(in: directory, historyDays: 30)
            var history = RandomHistory(seed: 13)
            var model = SavedCore()
            for _ in 0..<60 { try await commit(history.next(), to: old, &model) }
            let desk = try #require(try OperatorJournal.open(in: directory))
            _ = try await desk.request(.drop, [4], at: history.now)
            try desk.close()
            try old.close()
            let rows = try count("history", directory)

            var options = JournalDatabase.Options()
            options.schema.steps.append(
                .init(name: "test") { try $0.execute(sql: "ALTER TABLE calls ADD COLUMN note TEXT") })
            #expect(throws: JournalFailure.self, "the outbox command does not change the schema") {
                try JournalDatabase.openExisting(directory, options)
            }
            let new = try SQLiteJournal(in: directory, historyDays: 30, options)
            #expect(try await new.load() == model)
            #expect(try await new.openRequests().map(\.eventID) == [4])
            for _ in 0..<20 { try await commit(history.next(), to: new, &model) }
            #expect(try await new.load() == model)
            try new.close()
            #expect(try count("history", directory) > rows)
            let failure = #expect(throws: JournalFailure.self) { try SQLiteJournal(in: directory, historyDays: 30) }
            #expect(failure?.what.contains("newer version of the bridge (schema 6, this one knows 5)") == true)
        }
    }

    @Test("an upgrade that fails leaves the journal to the version before")
    func failingUpgrade() async throws {
        try await StateFolder.with { directory in
            let old = try SQLiteJournal(in: directory, historyDays: 30)
            var history = RandomHistory(seed: 14)
            var model = SavedCore()
            for _ in 0..<30 { try await commit(history.next(), to: old, &model) }
            try old.close()
            var options = JournalDatabase.Options()
            options.schema.steps.append(
                .init(name: "test") { try $0.execute(sql: "DELETE FROM lanes; SELECT nonsense FROM nowhere") })
            #expect(throws: JournalFailure.self) { try SQLiteJournal(in: directory, historyDays: 30, options) }
            let again = try SQLiteJournal(in: directory, historyDays: 30)
            #expect(try await again.load() == model)
            try again.close()
        }
    }

    @Test("a journal of the version that knew one phone system and one Zammad goes on as that of the default ones")
    func namesAreAdded() async throws {
        try await StateFolder.with { directory in
            var options = JournalDatabase.Options()
            options.schema.steps = Array(JournalSchema.current.steps.prefix(2))
            try SQLiteJournal(in: directory, historyDays: 30, options).close()
            var history = RandomHistory(seed: 16)
            var model = SavedCore()
            for _ in 0..<60 { model.apply(history.next().change) }
            let saved = model
            try #require(!saved.calls.isEmpty && !saved.lanes.isEmpty && saved.accounts.keys.sorted() == [.default])
            let queue = try DatabaseQueue(path: directory.journalFile)
            try await queue.write { database in
                let coding = JournalCoding()
                func insert(_ table: String, _ id: any DatabaseValueConvertible, _ value: String) throws {
                    try database.execute(sql: "INSERT INTO \(table) VALUES (?, ?)", arguments: [id, value])
                }
                for (key, state) in saved.calls { try insert("calls", key.id.text, coding.text(state)) }
                for (id, lane) in saved.lanes { try insert("lanes", id.text, coding.text(LaneRow(lane))) }
                for (id, event) in saved.setAside { try insert("settled", id, coding.text(SettledRow(event))) }
                try insert("meta", "account", coding.text(saved.account))
                try insert("meta", "lastID", coding.text(saved.lastID))
                try database.execute(
                    sql: "INSERT INTO history (at, pbx_call, kind, detail) VALUES (1, '7', 'decision', '{}')")
            }
            try queue.close()
            let journal = try SQLiteJournal(in: directory, historyDays: 30)
            #expect(try await journal.load() == saved)
            #expect(try count("history", directory) == 1)
            for _ in 0..<20 { try await commit(history.next(), to: journal, &model) }
            #expect(try await journal.load() == model)
            try journal.close()
        }
    }

    @Test("history older than history_days goes in small portions, once a minute; events never go by age")
    func retention() async throws {
        try await StateFolder.with { directory in
            let journal = try SQLiteJournal(in: directory, historyDays: 2)
            var history = RandomHistory(seed: 15)
            let beginning = history.now
            var model = SavedCore()
            for step in 0..<1000 where step < 100 || model.setAside.isEmpty {
                let entry = history.next()
                try await commit(entry, to: journal, &model)
            }
            try #require(!model.setAside.isEmpty)
            let decision = try #require(history.lastDecisions.first)
            let many = JournalEntry(
                at: history.now, change: CoreChange(), news: Array(repeating: .decided(decision), count: 1200))
            try await journal.commit(many)
            let old = try count("history", directory)

            func visit(after duration: Duration) async throws -> Int {
                try await journal.commit(
                    JournalEntry(at: history.now + duration, change: CoreChange(), answered: [1]))
                return try count("history", directory)
            }
            let (days, minute) = (Duration.seconds(2 * 86400), Duration.seconds(61))
            let youngest = days - (history.now - beginning) - .seconds(60)
            #expect(try await visit(after: youngest) == old, "nothing is old enough")
            let later = days + .seconds(3600)
            #expect(try await visit(after: later) == old - JournalHistory.largestPurge)
            #expect(try await visit(after: later + .seconds(30)) == old - JournalHistory.largestPurge)
            #expect(try await visit(after: later + minute) == old - 2 * JournalHistory.largestPurge)
            for minutes in 2...5 { _ = try await visit(after: later + minute * minutes) }
            #expect(try count("history", directory) == 0)
            #expect(try await journal.load() == model)
            try journal.close()
        }
    }

    @Test("history has decisions of ignored calls, outcomes and why an event waits, but no row for an attempt alone")
    func historyRows() async throws {
        try await StateFolder.with { directory in
            let journal = try SQLiteJournal(in: directory, historyDays: 30)
            var core = BridgeCore()
            let now = Instant(milliseconds: 1_770_110_100_000)
            let ringing = CallLeg(dn: "101", role: .agent, state: .ringing, isMonitored: true)
            let poll = CallSnapshot(
                takenAt: now,
                calls: [
                    ObservedCall(
                        id: PBXCallID("1"), direction: .inbound, external: ExternalParty(number: "030"), legs: [ringing]
                    ),
                    ObservedCall(id: PBXCallID("2"), direction: .internal, legs: [ringing]),
                ])
            var outputs = [core.handle(.polled(poll), at: now)]
            guard case .request(let attempt, _)? = outputs[0].effects.first else {
                Issue.record("no attempt")
                return
            }
            outputs.append(
                core.handle(.attemptFinished(attempt.id, .refused("418 teapot"), jitter: 0.5), at: now))
            for output in outputs {
                try await journal.commit(
                    JournalEntry(
                        at: now, change: output.change, news: output.news.filter { !$0.isForHistoryAlone }))
            }
            let queue = try DatabaseQueue(path: directory.journalFile)
            let rows = try await queue.read { database in
                try Row.fetchAll(database, sql: "SELECT pbx_call, call, kind FROM history ORDER BY id").map { row in
                    [row[0] as String?, row[1] as String?, row[2] as String?]
                }
            }
            let callID = attempt.command.callID.text
            #expect(
                rows == [["1", callID, "decision"], ["2", nil, "decision"], [nil, callID, "postponed"]])
            try queue.close()
            let desk = try #require(try OperatorJournal.open(in: directory))
            #expect(try await desk.contents().lastFailures.values.map(\.self) == ["418 teapot"])
            try desk.close()
            try journal.close()
        }
    }

    @Test("sees what another process asks for, also after nobody has for some time")
    func requestOfAnotherProcess() async throws {
        try await StateFolder.with { directory in
            let journal = try SQLiteJournal(in: directory, historyDays: 1)
            for _ in 1...3 { #expect(try await journal.openRequests().isEmpty) }
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSinceNow: -60)], ofItemAtPath: directory.journalLog)
            #expect(try await journal.openRequests().isEmpty)
            let desk = try #require(try OperatorJournal.open(in: directory))
            _ = try await desk.request(.retry, [4], at: .init(milliseconds: 0))
            try desk.close()
            #expect(try await journal.openRequests().map(\.eventID) == [4])
            try journal.close()
        }
    }

    @Test("its write-ahead log stays short while commits come without a pause")
    func boundedLog() async throws {
        try await StateFolder.with { directory in
            let journal = try SQLiteJournal(in: directory, historyDays: 30)
            var history = RandomHistory(seed: 18)
            var longest = 0
            for _ in 0..<80 {
                for _ in 0..<100 { try await journal.commit(history.next()) }
                let attributes = try FileManager.default.attributesOfItem(atPath: directory.journalFile + "-wal")
                longest = max(longest, (attributes[.size] as? NSNumber)?.intValue ?? .max)
            }
            // Twice what is too long: while a checkpoint is under way the log goes on growing.
            #expect(longest < 2 * JournalCheckpoints.longestLog * 4096, "\(longest) bytes")
            try journal.close()
        }
    }

    private func commit(
        _ entry: JournalEntry, to journal: SQLiteJournal, _ model: inout SavedCore
    ) async throws {
        try await journal.commit(entry)
        model.apply(entry.change)
    }

    private func count(_ table: String, _ directory: StateDirectory) throws -> Int {
        let queue = try DatabaseQueue(path: directory.journalFile)
        defer { try? queue.close() }
        return try queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") ?? -1 }
    }
}
