import GRDB
import Synchronization

/// Brings the write-ahead log into the journal's file from time to time, beside the connection that writes: SQLite's
/// own way makes a commit wait now and then for it, and with it an event.
final class JournalCheckpoints: Sendable {
    private struct State {
        var commits = 0
        var isUnderWay = false
        /// Whether a log was found that is too long to wait for a quiet moment.
        var isLogTooLong = false
        var isClosed = false
    }

    private let queue: DatabaseQueue
    private let state = Mutex(State())

    private static let commitsBetween = 64
    /// Pages of 4 KiB. While commits come without a pause the log is never brought in to its end, and grows: it begins
    /// anew only when all of it has been brought in.
    static let longestLog = 4096

    /// - Parameter queue: A connection that does nothing else.
    init(queue: DatabaseQueue) {
        self.queue = queue
    }

    /// - Parameter database: The connection that writes, which does the work where the other has not come to an end.
    func willCommit(_ database: Database) throws {
        let (begins, isLogTooLong) = state.withLock { state -> (Bool, Bool) in
            defer { state.isLogTooLong = false }
            state.commits += 1
            guard state.commits >= Self.commitsBetween, !state.isUnderWay, !state.isClosed else {
                return (false, state.isLogTooLong)
            }
            state.commits = 0
            state.isUnderWay = true
            return (true, state.isLogTooLong)
        }
        if isLogTooLong { _ = try database.checkpoint(.passive) }
        guard begins else { return }
        queue.asyncWriteWithoutTransaction { [self] database in
            // A failure is of no moment here: the log stays as it is, and the next time tells.
            let result = Result { try database.checkpoint(.passive) }
            state.withLock { state in
                state.isUnderWay = false
                // How much of it was brought in tells nothing: what was committed meanwhile is not counted.
                if case .success(let pages) = result { state.isLogTooLong = pages.walFrameCount > Self.longestLog }
            }
        }
    }

    func close() throws {
        state.withLock { $0.isClosed = true }
        try queue.close()
    }
}
