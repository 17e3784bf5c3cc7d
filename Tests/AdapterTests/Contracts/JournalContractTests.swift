import Domain
import Ports
import Testing

@testable import Adapters

@Suite("The journal", .timeLimit(.minutes(10)))
struct JournalContractTests {
    @Test("is empty at first")
    func empty() async throws {
        try await StateFolder.with { directory in
            let journal = try SQLiteJournal(in: directory, historyDays: 30)
            #expect(try await journal.load() == SavedCore())
            #expect(try await journal.openRequests().isEmpty)
        }
    }

    @Test("holds after each step what all steps together have changed", arguments: 1...8)
    func roundTrip(seed: Int) async throws {
        try await StateFolder.with { directory in
            let journal = try SQLiteJournal(in: directory, historyDays: 30)
            var history = RandomHistory(seed: UInt64(seed), tickets: true)
            var model = SavedCore()
            var kinds = Set<String>()
            for step in 0..<1000 where step < 150 || kinds.count < 4 {
                let entry = history.next()
                model.apply(entry.change)
                try await journal.commit(entry)
                #expect(try await journal.load() == model)
                if !model.calls.isEmpty { kinds.insert("calls") }
                if !model.lanes.isEmpty { kinds.insert("lanes") }
                if !model.setAside.isEmpty { kinds.insert("settled") }
                if !model.tickets.isEmpty { kinds.insert("tickets") }
            }
            #expect(kinds == ["calls", "lanes", "settled", "tickets"], "the history must touch all that is kept")
        }
    }

    @Test("leaves the state alone when a step has only decisions or answers")
    func stepWithoutChange() async throws {
        try await StateFolder.with { directory in
            let journal = try SQLiteJournal(in: directory, historyDays: 30)
            var history = RandomHistory(seed: 1)
            var model = SavedCore()
            for _ in 0..<10 {
                let entry = history.next()
                model.apply(entry.change)
                try await journal.commit(entry)
            }
            try #require(model.lastID > 0)
            var entry = JournalEntry(at: history.now, change: CoreChange(), answered: [17])
            entry.news = history.lastDecisions.map(News.decided)
            try await journal.commit(entry)
            #expect(try await journal.load() == model)
        }
    }

    @Test("takes commits from several tasks, each whole")
    func concurrent() async throws {
        try await StateFolder.with { directory in
            let journal = try SQLiteJournal(in: directory, historyDays: 30)
            var history = RandomHistory(seed: 2)
            let calls = history.someCalls(20)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (id, state) in calls {
                    group.addTask {
                        var change = CoreChange()
                        change.calls[CallKey(id)] = state
                        change.calls[CallKey(PBXCallID("\(id)-twin"))] = state
                        try await journal.commit(JournalEntry(at: Instant(milliseconds: 0), change: change))
                    }
                }
                try await group.waitForAll()
            }
            let kept = try await journal.load().calls
            #expect(kept.count == 40)
            for (id, state) in calls {
                #expect(kept[CallKey(id)] == state)
                #expect(kept[CallKey(PBXCallID("\(id)-twin"))] == state)
            }
        }
    }

    @Test("shows the operator's requests, oldest first, until a step has answered them")
    func requests() async throws {
        try await StateFolder.with { directory in
            let journal = try SQLiteJournal(in: directory, historyDays: 30)
            let operatorJournal = try #require(try OperatorJournal.open(in: directory))
            for (action, event) in [(OperatorRequest.Action.retry, 7), (.drop, 3), (.retry, 7)] {
                _ = try await operatorJournal.request(action, [event], at: Instant(milliseconds: 0))
            }
            try operatorJournal.close()
            let open = try await journal.openRequests()
            #expect(open.map(\.action) == [.retry, .drop, .retry])
            #expect(open.map(\.eventID) == [7, 3, 7])
            #expect(Set(open.map(\.id)).count == 3)
            let answered = Array(open.map(\.id).dropLast())
            let entry = JournalEntry(at: Instant(milliseconds: 0), change: CoreChange(), answered: answered)
            try await journal.commit(entry)
            #expect(try await journal.openRequests() == open.suffix(1))
        }
    }
}
