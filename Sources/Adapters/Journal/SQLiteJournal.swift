package import Domain
import GRDB
package import Ports
import Synchronization

/// The journal of the daemon: one SQLite file in the state directory.
///
/// An entry is one transaction, its history included, which SQLite has flushed to the disk when `commit` returns
/// (docs/decisions/0033-every-event-waits-for-the-disk.md). One connection writes.
package final class SQLiteJournal: Journal {
    private let database: JournalDatabase
    private let lock: StateDirectoryLock
    private let files: JournalFiles
    private let retention: Duration
    /// When old history was last looked for.
    private let lastPurge = Mutex<Instant?>(nil)

    private static let purgeInterval: Duration = .seconds(60)

    /// Takes the state directory, which is made if it does not exist, for this process alone.
    package convenience init(in directory: StateDirectory, historyDays: Int) throws(JournalFailure) {
        try self.init(in: directory, historyDays: historyDays, .init())
    }

    init(in directory: StateDirectory, historyDays: Int, _ options: JournalDatabase.Options) throws(JournalFailure) {
        try FileStep.makeDirectory(directory.path)
        lock = try StateDirectoryLock(directory)
        database = try JournalDatabase.openOrCreate(directory, options)
        files = try JournalFiles(directory)
        retention = .seconds(historyDays * 86400)
    }

    /// Gives the state directory free. The journal fails from then on.
    package func close() throws(JournalFailure) {
        defer { lock.release() }
        try database.closeConnection()
    }

    package func load() async throws(JournalFailure) -> SavedCore {
        try await database.read { try JournalState.load($0) }
    }

    package func commit(_ entry: JournalEntry) async throws(JournalFailure) {
        let purgesBefore = limitOfPurge(at: entry.at)
        try await database.write { database in
            if !entry.change.isEmpty { try JournalState.apply(entry.change, database) }
            try JournalRequests.remove(entry.answered, database)
            try JournalHistory.add(entry, database)
            if let purgesBefore { try JournalHistory.purge(before: purgesBefore, database) }
        }
    }

    /// Where history is due to be looked through: what is older goes.
    private func limitOfPurge(at now: Instant) -> Instant? {
        lastPurge.withLock { last in
            if let last, now >= last, now - last < Self.purgeInterval { return nil }
            last = now
            return now + (.zero - retention)
        }
    }

    package func openRequests() async throws(JournalFailure) -> [OperatorRequest] {
        // Whoever looks for requests looks often, also while there is nothing to commit.
        try files.check()
        return try await database.read { try JournalRequests.open($0) }
    }
}
