package import Domain
import GRDB
package import Ports
import Synchronization

/// The journal of the daemon: one SQLite file in the state directory.
///
/// Every commit of the core's state is in the write-ahead log when it returns, and so outlives the process. It is flushed to the disk
/// as well before anything is done that must not be done twice; what bears repeating goes out while the flush is under way. The history
/// follows each commit at once but is not waited for, and reaches the disk with the next flush: no event waits for what is for people. One
/// connection writes.
package final class SQLiteJournal: Journal {
    private let database: JournalDatabase
    private let lock: StateDirectoryLock
    private let files: JournalFiles
    private let requests: JournalRequestWatch
    private let retention: Duration
    /// When old history was last looked for.
    private let lastPurge = Mutex<Instant?>(nil)

    /// That the history could not be written, for the next commit to tell.
    private let historyFailure = Mutex<JournalFailure?>(nil)

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
        requests = JournalRequestWatch(directory.journalFile)
        retention = .seconds(historyDays * 86400)
    }

    /// Gives the state directory free. The journal fails from then on.
    package func close() throws(JournalFailure) {
        defer { lock.release() }
        try database.closeConnection()
    }

    package func load() async throws(JournalFailure) -> SavedCore {
        try await database.run { database in
            try database.readingAtOnce { try JournalState.load(database) }
        }
    }

    package func commit(_ entry: JournalEntry) async throws(JournalFailure) {
        if let failure = historyFailure.withLock({ $0 }) { throw failure }
        try database.checkFlushes()
        let isCommitted = !entry.change.isEmpty || !entry.answered.isEmpty
        if isCommitted {
            try await database.run { database in
                try database.inTransaction(.immediate) {
                    if !entry.change.isEmpty { try JournalState.apply(entry.change, database) }
                    try JournalRequests.remove(entry.answered, database)
                    return .commit
                }
            }
        }
        // Of the others their flush is asked for, and must not come after one that began a moment before.
        if isCommitted, entry.mayBeForgotten { database.flushSoon() }
        keepHistory(of: entry)
    }

    package func flush() async throws(JournalFailure) { try await database.flush() }

    /// Written before whatever is committed next, since both go through the same queue.
    private func keepHistory(of entry: JournalEntry) {
        let purgesBefore = lastPurge.withLock { last -> Instant? in
            if let last, entry.at >= last, entry.at - last < Self.purgeInterval { return nil }
            last = entry.at
            return entry.at - retention
        }
        database.runLater { database in
            try database.inTransaction(.immediate) {
                try JournalHistory.add(entry, database)
                if let purgesBefore { try JournalHistory.purge(before: purgesBefore, database) }
                return .commit
            }
        } whenFailed: { [weak self] failure in
            self?.historyFailure.withLock { $0 = $0 ?? failure }
        }
    }

    package func openRequests() async throws(JournalFailure) -> [OperatorRequest] {
        // Whoever looks for requests looks often, also while there is nothing to commit.
        try files.check()
        return try await requests.requests { () async throws(JournalFailure) in
            try await database.run { try JournalRequests.open($0) }
        }
    }
}

extension Instant {
    fileprivate static func - (instant: Instant, duration: Duration) -> Instant {
        instant + (.zero - duration)
    }
}
