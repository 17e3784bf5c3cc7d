#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

import Synchronization

/// Spares the journal from being read every second where nobody has written to it: whoever asks something of the daemon writes to the
/// write-ahead log.
final class JournalRequestWatch: Sendable {
    private let log: String
    /// When the log was last written as it was read and nothing was found, in nanoseconds since 1970.
    private let emptyAt = Mutex<Int64?>(nil)

    /// File times may be as coarse as this: what is written so soon after another change could bear the same time.
    private static let resolution: Int64 = 2_000_000_000

    /// `path`: of the journal.
    init(_ path: String) {
        log = path + "-wal"
    }

    /// What `read` finds; nothing, without reading, if nothing was found before and the log is as it was.
    func requests<Request: Sendable, Failure: Error>(
        at now: Int64 = timeOfDay(), _ read: () async throws(Failure) -> [Request]
    ) async throws(Failure) -> [Request] {
        // Before reading, so that what is written meanwhile is read the next time.
        let written = whenWritten()
        if let written, emptyAt.withLock({ $0 == written }) { return [] }
        let requests = try await read()
        let isSettled = written.map { now - $0 > Self.resolution } ?? false
        emptyAt.withLock { $0 = isSettled && requests.isEmpty ? written : nil }
        return requests
    }

    private func whenWritten() -> Int64? {
        var status = stat()
        guard stat(log, &status) == 0 else { return nil }
        #if canImport(Darwin)
            let time = status.st_mtimespec
        #else
            let time = status.st_mtim
        #endif
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    static func timeOfDay() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
