import GRDB
import Ports

/// A row that this version does not understand.
struct UnreadableRow: Error {
    var table: String
    var key: String
    var reason: String
}

extension JournalFailure {
    private static let damaged =
        "stop the bridge and repair a copy with `sqlite3 journal.sqlite .recover`; or move journal.sqlite, "
        + "journal.sqlite-wal and journal.sqlite-shm away to start without what they hold"

    /// What an error of SQLite means for the operator.
    init(_ error: any Error, at path: String) {
        if let failure = error as? JournalFailure {
            self = failure
            return
        }
        if let row = error as? UnreadableRow {
            self.init(
                "the journal is damaged (\(row.table) \(row.key): \(row.reason))", at: path, remedy: Self.damaged)
            return
        }
        guard let error = error as? DatabaseError else {
            self.init("the journal failed (\(error))", at: path, remedy: StateDirectory.remedy)
            return
        }
        if [.SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM].contains(error.resultCode), FileStep.isForbidden(path) {
            self = FileStep.forbidden("the journal cannot be opened", at: path)
            return
        }
        let reason = error.message ?? "SQLite error \(error.extendedResultCode.rawValue)"
        switch error.resultCode {
        case .SQLITE_FULL:
            self.init(
                "the journal cannot grow, the disk is full", at: path,
                remedy: "free space on that disk; nothing was sent that is not in the journal")
        case .SQLITE_NOTADB:
            self.init("the journal is not a journal (\(reason))", at: path, remedy: Self.damaged)
        case .SQLITE_CORRUPT:
            self.init("the journal is damaged (\(reason))", at: path, remedy: Self.damaged)
        case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM:
            self.init("the journal cannot be written (\(reason))", at: path, remedy: StateDirectory.remedy)
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(
                "the journal is locked by another program", at: path,
                remedy: "end that program; `fuser \(path)` names it")
        case .SQLITE_IOERR:
            self.init("the disk fails (\(reason))", at: path, remedy: "check the disk, and that it is not full")
        default:
            self.init("the journal failed (\(reason))", at: path, remedy: StateDirectory.remedy)
        }
    }
}
