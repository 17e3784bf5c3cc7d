#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

import GRDB
import Ports

/// The connection to the journal's file: how it is checked, opened and used.
final class JournalDatabase: Sendable {
    struct Options: Sendable {
        var schema = JournalSchema.current
        /// How long to wait for another process that writes, in seconds.
        var busyTimeout = 5.0
        /// For tests of a full disk: how many pages the file may have.
        var maximumPages: Int?
    }

    let path: String
    private let queue: DatabaseQueue
    /// Only where this process writes much.
    private let checkpoints: JournalCheckpoints?

    private init(path: String, queue: DatabaseQueue, checkpoints: JournalCheckpoints? = nil) {
        self.path = path
        self.queue = queue
        self.checkpoints = checkpoints
    }

    /// Opens the file, which is made or brought up to date if need be. A file that is not ours, not whole or from a
    /// newer version is left as it is: it is checked through a connection that cannot write.
    static func openOrCreate(
        _ directory: StateDirectory, _ options: Options
    ) throws(JournalFailure) -> JournalDatabase {
        let path = directory.journalFile
        if try isMissingOrEmpty(path) {
            try create(directory, options)
        } else {
            try check(path, options)
        }
        close(try FileStep.openPrivateFile(path, "the journal"))
        let queue = try open(path, options)
        try JournalDatabase(path: path, queue: queue).bringUpToDate(options.schema)
        return try JournalDatabase(path: path, queue: queue, checkpoints: checkpoints(path, queue, options))
    }

    /// Makes an empty journal under another name first, so that a power cut leaves a whole one or none.
    private static func create(_ directory: StateDirectory, _ options: Options) throws(JournalFailure) {
        let path = directory.journalFile
        for part in ["-wal", "-journal"] {
            guard case .regular(size: 1...) = FileStep.kind(of: path + part) else { continue }
            throw JournalFailure(
                "a part of an earlier journal lies here without the rest", at: path + part,
                remedy: "put journal.sqlite back, or move this file away")
        }
        let draft = path + ".new"
        for part in ["", "-wal", "-shm", "-journal"] { try FileStep.remove(draft + part) }
        close(try FileStep.openPrivateFile(draft, "the journal"))
        let database = try JournalDatabase(path: draft, queue: open(draft, options))
        try database.now { try $0.execute(sql: "PRAGMA application_id = \(JournalSchema.applicationID)") }
        try database.bringUpToDate(options.schema)
        try database.closeConnection()
        try FileStep.move(draft, to: path)
        try FileStep.synchronizeDirectory(directory.path)
    }

    private func bringUpToDate(_ schema: JournalSchema) throws(JournalFailure) {
        do {
            try schema.migrator().migrate(queue)
        } catch {
            throw JournalFailure(error, at: path)
        }
        try now { [path] database in
            let mode = try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL")
            guard mode == "wal" else {
                throw JournalFailure(
                    "SQLite's write-ahead log does not work here", at: path,
                    remedy: "use a local file system for Bridge.state_dir")
            }
            // The header shows the version although nothing but the file itself is looked at.
            _ = try database.checkpoint(.truncate)
        }
    }

    /// Opens the file beside a daemon that may be running; `nil` if there is none yet.
    static func openExisting(
        _ directory: StateDirectory, _ options: Options
    ) throws(JournalFailure) -> JournalDatabase? {
        let path = directory.journalFile
        guard try !isMissingOrEmpty(path) else { return nil }
        let version = try check(path, options)
        if version == 0 { return nil }
        guard version == options.schema.version else {
            throw JournalFailure(
                "the journal is from an older version", at: path, remedy: "start the bridge, which brings it up to date"
            )
        }
        return try JournalDatabase(path: path, queue: open(path, options))
    }

    /// Reads with `body`, all of one instant.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(JournalFailure) -> Value {
        try await run { try $0.inTransaction(.deferred, body) }
    }

    /// Writes with `body`: all of it or nothing. When this returns, what was written survives the loss of power.
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(JournalFailure) -> Value {
        try await run { [checkpoints] database in
            try checkpoints?.willCommit(database)
            return try database.inTransaction(.immediate, body)
        }
    }

    /// Runs `body` without blocking the caller's thread. Not cancelled with the calling task: what was begun is
    /// finished.
    private func run<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(JournalFailure) -> Value {
        let result: Result<Value, any Error> = await withCheckedContinuation { continuation in
            queue.asyncWriteWithoutTransaction { database in
                continuation.resume(returning: Result { try body(database) })
            }
        }
        do {
            return try result.get()
        } catch {
            throw JournalFailure(error, at: path)
        }
    }

    func closeConnection() throws(JournalFailure) {
        do {
            try checkpoints?.close()
            try queue.close()
        } catch {
            throw JournalFailure(error, at: path)
        }
    }

    private func now(_ body: (Database) throws -> Void) throws(JournalFailure) {
        do {
            try queue.inDatabase(body)
        } catch {
            throw JournalFailure(error, at: path)
        }
    }

    // MARK: - Opening

    private static func checkpoints(
        _ path: String, _ queue: DatabaseQueue, _ options: Options
    ) throws(JournalFailure) -> JournalCheckpoints {
        do {
            try queue.inDatabase { database in
                try database.execute(sql: "PRAGMA wal_autocheckpoint = 0")
                // After a burst the log's file does not stay as long as it was.
                try database.execute(sql: "PRAGMA journal_size_limit = \(JournalCheckpoints.longestLog * 4096)")
            }
        } catch {
            throw JournalFailure(error, at: path)
        }
        return JournalCheckpoints(queue: try open(path, options))
    }

    private static func isMissingOrEmpty(_ path: String) throws(JournalFailure) -> Bool {
        switch FileStep.kind(of: path) {
        case .missing, .regular(size: 0): return true
        // SQLite takes a single byte for an empty file.
        case .regular(size: 1): throw JournalFailure(DatabaseError(resultCode: .SQLITE_NOTADB), at: path)
        case .regular: return false
        case .forbidden: throw FileStep.forbidden("the journal cannot be opened", at: path)
        case .directory, .other:
            throw JournalFailure(
                "the journal is not a file", at: path,
                remedy: "move it away, or name another directory with Bridge.state_dir")
        }
    }

    private static func open(_ path: String, _ options: Options) throws(JournalFailure) -> DatabaseQueue {
        var configuration = GRDB.Configuration()
        configuration.label = "journal"
        configuration.busyMode = .timeout(options.busyTimeout)
        let maximumPages = options.maximumPages
        configuration.prepareDatabase { database in
            // Each commit is flushed to the disk before it returns.
            try database.execute(sql: "PRAGMA synchronous = FULL")
            if let maximumPages { try database.execute(sql: "PRAGMA max_page_count = \(maximumPages)") }
        }
        do {
            return try DatabaseQueue(path: path, configuration: configuration)
        } catch {
            throw JournalFailure(error, at: path)
        }
    }

    /// A check of all pages takes about a second for 100 MB; larger files have theirs checked where the state is.
    private static let largestForFullCheck = 64 << 20

    /// The version of the file's schema.
    @discardableResult
    private static func check(_ path: String, _ options: Options) throws(JournalFailure) -> Int {
        var configuration = GRDB.Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(options.busyTimeout)
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            let version = try queue.inDatabase { try verify($0, path, options) }
            try queue.close()
            return version
        } catch {
            throw JournalFailure(error, at: path)
        }
    }

    private static func verify(_ database: Database, _ path: String, _ options: Options) throws -> Int {
        let applicationID = try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        guard applicationID == JournalSchema.applicationID else {
            throw JournalFailure(
                "the journal is another program's database", at: path,
                remedy: "move it away, or name another directory with Bridge.state_dir")
        }
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        guard version <= options.schema.version else {
            throw JournalFailure(
                "the journal is from a newer version of the bridge (schema \(version), this one knows "
                    + "\(options.schema.version))",
                at: path, remedy: "install that version again, or name another directory with Bridge.state_dir")
        }
        let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
        let pageSize = try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 0
        let tables = ["meta", "calls", "lanes", "settled", "requests"]
        let isSmall = pages <= largestForFullCheck / max(1, pageSize)
        let checks = isSmall || version == 0 ? ["quick_check(1)"] : tables.map { "quick_check('\($0)')" }
        for check in checks {
            let result = try String.fetchOne(database, sql: "PRAGMA \(check)")
            guard result == "ok" else {
                throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: result)
            }
        }
        return version
    }
}

extension Database {
    fileprivate func inTransaction<Value>(
        _ kind: TransactionKind, _ body: (Database) throws -> Value
    ) throws -> Value {
        var value: Value?
        try inTransaction(kind) {
            value = try body(self)
            return .commit
        }
        guard let value else { throw DatabaseError(resultCode: .SQLITE_INTERNAL) }
        return value
    }
}
