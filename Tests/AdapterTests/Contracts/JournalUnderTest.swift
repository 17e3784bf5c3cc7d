import Domain
import Ports
import Testing

@testable import Adapters

/// Every journal there is.
struct JournalUnderTest: Sendable, CustomTestStringConvertible {
    static let all = [
        JournalUnderTest(
            testDescription: "in memory",
            make: { _ in InMemoryJournal() },
            request: { journal, _, action, event in
                await (journal as? InMemoryJournal)?.request(action, event)
            }),
        JournalUnderTest(
            testDescription: "SQLite",
            make: { try SQLiteJournal(in: $0, historyDays: 30) },
            request: { _, directory, action, event in
                let operatorJournal = try #require(try OperatorJournal.open(in: directory))
                _ = try await operatorJournal.request(action, [event], at: Instant(milliseconds: 0))
                try operatorJournal.close()
            }),
    ]

    let testDescription: String
    let make: @Sendable (StateDirectory) async throws -> any Journal
    /// What another process does.
    let request: @Sendable (any Journal, StateDirectory, OperatorRequest.Action, OutboxEvent.ID) async throws -> Void
}
