#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

import Dispatch
import Ports
import Synchronization

/// Brings the journal's write-ahead log to the disk, beside the connection that writes: commits and flushes do not wait for each
/// other, and whoever asks while a flush is under way shares the next one.
final class JournalFlusher: Sendable {
    private struct State {
        var waiting: [CheckedContinuation<JournalFailure?, Never>] = []
        var isWanted = false
        var isUnderWay = false
        var failure: JournalFailure?
        /// The descriptor's number may be another file's by now.
        var isClosed = false
    }

    private let path: String
    private let descriptor: Int32
    private let synchronize: @Sendable (Int32) -> Int32
    private let queue = DispatchQueue(label: "journal.flush")
    private let state = Mutex(State())

    /// - Parameters:
    ///   - path: The write-ahead log, which SQLite keeps for as long as a connection is open.
    ///   - synchronize: Instead of `fdatasync`.
    init(_ path: String, synchronize: (@Sendable (Int32) -> Int32)? = nil) throws(JournalFailure) {
        self.path = path
        self.synchronize = synchronize ?? Self.synchronizeData
        descriptor = try FileStep.openPrivateFile(path, "the journal's log")
    }

    /// Why the log could not be brought to the disk. Final: what the system has dropped once it may call flushed the next time.
    var failure: JournalFailure? { state.withLock { $0.failure } }

    /// Returns when all that was written before is on the disk.
    func flush() async throws(JournalFailure) {
        let failure = await withCheckedContinuation { continuation in
            want { $0.waiting.append(continuation) }
        }
        if let failure { throw failure }
    }

    /// Begins to bring to the disk what was written before; `failure` tells if that fails.
    func flushSoon() {
        want { _ in }
    }

    /// Waits for what was asked for until now. Every later flush fails.
    func close() {
        queue.sync {
            let isFirst = state.withLock { state in
                defer { state.isClosed = true }
                return !state.isClosed
            }
            if isFirst { _ = systemClose(descriptor) }
        }
    }

    private func want(_ note: (inout State) -> Void) {
        let begins = state.withLock { state in
            note(&state)
            state.isWanted = true
            defer { state.isUnderWay = true }
            return !state.isUnderWay
        }
        if begins { queue.async { self.work() } }
    }

    private func work() {
        while let waiting = next() {
            // Only this queue closes it.
            let isClosed = state.withLock { $0.isClosed }
            let result = isClosed ? -1 : synchronize(descriptor)
            let code = isClosed ? EBADF : errno
            let failure = state.withLock { state in
                if result != 0, state.failure == nil {
                    state.failure = FileStep.failure("the journal's log cannot be flushed to the disk", at: path, code)
                }
                return state.failure
            }
            for continuation in waiting { continuation.resume(returning: failure) }
        }
    }

    private func next() -> [CheckedContinuation<JournalFailure?, Never>]? {
        state.withLock { state in
            guard state.isWanted else {
                state.isUnderWay = false
                return nil
            }
            state.isWanted = false
            defer { state.waiting = [] }
            return state.waiting
        }
    }

    private static func synchronizeData(_ descriptor: Int32) -> Int32 {
        var result: Int32
        repeat {
            #if canImport(Darwin)
                result = fsync(descriptor)
            #else
                result = fdatasync(descriptor)
            #endif
        } while result != 0 && errno == EINTR
        return result
    }

    private func systemClose(_ descriptor: Int32) -> Int32 {
        #if canImport(Glibc)
            Glibc.close(descriptor)
        #elseif canImport(Musl)
            Musl.close(descriptor)
        #else
            Darwin.close(descriptor)
        #endif
    }
}
