package import Domain
import GRDB
package import Ports

/// The journal as the `outbox` command sees it, beside the daemon or without one.
package final class OperatorJournal: Sendable {
    /// All of one instant.
    package struct Contents: Sendable {
        package var state: SavedCore
        /// Why the events of a call were not delivered so far.
        package var lastFailures: [OutboxEvent.ID: String]
        package var openRequests: [OperatorRequest]
    }

    private let database: JournalDatabase
    private let directory: StateDirectory

    /// `nil` if the bridge has never run with this state directory.
    package static func open(in directory: StateDirectory) throws(JournalFailure) -> OperatorJournal? {
        try JournalDatabase.openExisting(directory, .init()).map { OperatorJournal($0, directory) }
    }

    private init(_ database: JournalDatabase, _ directory: StateDirectory) {
        self.database = database
        self.directory = directory
    }

    package var isBridgeRunning: Bool { StateDirectoryLock.isHeld(directory) }

    package func contents() async throws(JournalFailure) -> Contents {
        try await database.read { database in
            try Contents(
                state: JournalState.load(database), lastFailures: JournalHistory.lastFailures(database),
                openRequests: JournalRequests.open(database))
        }
    }

    /// Asks for an action on events; all requests are there at once or none.
    package func request(
        _ action: OperatorRequest.Action, _ events: [OutboxEvent.ID], at now: Instant
    ) async throws(JournalFailure) -> Set<OperatorRequest.ID> {
        try await database.write { database in
            Set(try events.map { try JournalRequests.put(action, $0, at: now, database) })
        }
    }

    /// The latest calls with this id in Zammad, id in the PBX or (end of a) number, latest first, and how many more
    /// there are.
    package func history(
        of text: String, most: Int
    ) async throws(JournalFailure) -> (calls: [CallHistory], more: Int) {
        try await database.read { try HistorySearch($0).calls(text, most: most) }
    }

    package func openRequests() async throws(JournalFailure) -> [OperatorRequest] {
        try await database.read { try JournalRequests.open($0) }
    }

    package func close() throws(JournalFailure) {
        try database.closeConnection()
    }
}
