import Ports
import Testing

@testable import Adapters

/// Every journal there is.
struct JournalUnderTest: Sendable, CustomTestStringConvertible {
    static let all = [JournalUnderTest(testDescription: "in memory") { InMemoryJournal() }]

    let testDescription: String
    let make: @Sendable () async throws -> any Journal
}
