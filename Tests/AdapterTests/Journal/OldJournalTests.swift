import Foundation
import GRDB
import Ports
import Testing

@testable import Adapters
@testable import Domain
@testable import Wire

/// `Tests/Journals/schema-4.sqlite` was written by the version before there were default names, from the first 116
/// steps of `RandomHistory(seed: 1, tickets: true)`; requests were under way when it was closed.
@Suite("A journal of the version before")
struct OldJournalTests {
    private static let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Journals/schema-4.sqlite")
    /// Half an hour after its last entry.
    private static let later = Instant(milliseconds: 1_770_113_000_000)

    private func withJournal(_ body: (SQLiteJournal, StateDirectory) async throws -> Void) async throws {
        try await StateFolder.with { directory in
            try FileManager.default.createDirectory(atPath: directory.path, withIntermediateDirectories: true)
            try FileManager.default.copyItem(atPath: Self.file.path, toPath: directory.journalFile)
            let journal = try SQLiteJournal(in: directory, historyDays: 30)
            try await body(journal, directory)
        }
    }

    @Test(
        "loads with live calls, pending events, dead letters, an unconfirmed hangup and tickets, all under the default names"
    )
    func loads() async throws {
        try await withJournal { journal, _ in
            let saved = try await journal.load()
            #expect(saved.calls.keys.allSatisfy { $0.phoneSystem == .default })
            #expect(saved.calls.values.compactMap(\.reported).count == 7)
            #expect(saved.calls.values.compactMap(\.reported).allSatisfy { $0.zammad == .default })
            #expect(Array(saved.accounts.keys) == [.default])
            #expect(saved.account.pending == 41 && saved.account.deadLetters == 4 && saved.account.unconfirmed == 1)
            #expect(saved.lanes.values.reduce(0) { $0 + $1.events.count } == saved.account.pending)
            #expect(saved.setAside.values.allSatisfy { $0.event.command.zammad == .default })
            #expect(saved.setAside.count == 5)
            #expect(saved.tickets.values.count(where: \.isDead) == 13 && saved.tickets.count == 14)
            try journal.close()
        }
    }

    @Test(
        "goes on: no event is lost, each call ends under the id that Zammad knows, and the next process sees the same")
    func goesOn() async throws {
        try await withJournal { journal, _ in
            let saved = try await journal.load()
            let open = Set(saved.calls.values.compactMap { $0.reported?.callID })
            var delivery = Zammad.Settings()
            delivery.tickets.creation = .all
            var (core, resumed) = BridgeCore.resuming(
                saved, calls: CallLifecycle.Settings(), delivery: delivery, at: Self.later)
            #expect(core.account.taken == saved.account.taken && core.account.addsUp)
            #expect(core.zammads.map(\.duty) == [.working])
            let poll = CallSnapshot(takenAt: Self.later, calls: [])
            let ended = core.handle(.polled(poll), at: Self.later)
            let hangups = ended.decisions.flatMap(\.commands).filter { $0.event == .hangup }
            #expect(Set(hangups.map(\.callID)) == open)
            var model = saved
            for output in [resumed, ended] {
                try await journal.commit(JournalEntry(at: Self.later, change: output.change))
                model.apply(output.change)
            }
            #expect(try await journal.load() == model && model.calls.isEmpty)
            try journal.close()
        }
    }

    @Test("has each of its rows written again as it stood, but for the two stacks of a lane's events")
    func rowsAsTheyStood() async throws {
        try await withJournal { journal, directory in
            let saved = try await journal.load()
            try journal.close()
            let coding = JournalCoding()
            let queue = try DatabaseQueue(path: directory.journalFile)
            func texts(_ table: String) throws -> [String: String] {
                let rows = try queue.read {
                    try Row.fetchAll($0, sql: "SELECT CAST(id AS TEXT) AS id, value FROM \(table)")
                }
                return Dictionary(uniqueKeysWithValues: rows.map { ($0["id"], $0["value"]) })
            }
            let (lanes, setAside, tickets) = try (texts("lanes"), texts("settled"), texts("tickets"))
            try queue.close()
            #expect(lanes.count == saved.lanes.count && setAside.count == 5 && tickets.count == 14)
            for (id, lane) in saved.lanes {
                let now = try Self.inOneStack(coding.text(LaneRow(lane)))
                #expect(try lanes[id.text].map(Self.inOneStack) == now)
            }
            for (id, event) in saved.setAside { #expect(try coding.text(SettledRow(event)) == setAside["\(id)"]) }
            for (id, job) in saved.tickets { #expect(try coding.text(TicketJobRow(job)) == tickets["\(id)"]) }
        }
    }

    private static func inOneStack(_ text: String) throws -> JSONValue {
        let lane = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
        var members = try #require(lane.members)
        let events = members["events"]
        members["events"] = .array(
            try #require(events?["front"]?.elements).reversed() + #require(events?["back"]?.elements))
        return .object(members)
    }

    @Test("tells what happened to its calls")
    func history() async throws {
        try await withJournal { journal, directory in
            let saved = try await journal.load()
            try journal.close()
            let desk = try #require(try OperatorJournal.open(in: directory))
            for reported in saved.calls.values.compactMap(\.reported) {
                let calls = try await desk.history(of: reported.callID.text, most: 5).calls
                #expect(calls.count == 1 && calls[0].decisions.contains { $0.callID == reported.callID })
                #expect(calls[0].decisions.allSatisfy { $0.phoneSystem == .default })
            }
            let ended = try await desk.history(of: "3cx-1-1770110105100", most: 1).calls
            #expect(ended.first?.decisions.last?.from == .ending)
            #expect(try await !desk.contents().lastFailures.isEmpty)
            try desk.close()
            let queue = try DatabaseQueue(path: directory.journalFile)
            let kinds = try await queue.read { database in
                try String.fetchSet(database, sql: "SELECT DISTINCT kind FROM history")
            }
            #expect(kinds.isSuperset(of: ["decision", "delivered", "postponed", "deadLetter", "ticket", "health"]))
            try queue.close()
        }
    }
}
