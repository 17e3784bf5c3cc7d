#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

package import Ports

/// Ends the process as a failed journal does when somebody has cut off the index of the log.
///
/// SQLite maps the index, for all processes that use the journal (docs/decisions/0027-the-index-stays-mapped.md).
/// Whoever touches a page that is no longer in the file gets SIGBUS, which would end the process without a word. What
/// was committed is in the log.
package enum JournalIndexGuard {
    /// What the handler needs, made before there is one: a handler may neither allocate nor lock.
    private struct Prepared {
        var path: UnsafeMutablePointer<CChar>?
        var message = UnsafeMutableBufferPointer<UInt8>(start: nil, count: 0)
        var exitCode: Int32 = 0
    }

    nonisolated(unsafe) private static var prepared = Prepared()

    /// The index has at least one part of this size.
    static let smallestIndex = 32 * 1024

    /// To be called once, by a process that runs the bridge. `message` makes of the failure what is printed.
    package static func install(
        _ directory: StateDirectory, exitCode: Int32, message: (JournalFailure) -> String
    ) {
        let text = Array(message(JournalFiles.failure(at: directory.journalIndex)).utf8)
        let bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: text.count)
        _ = bytes.initialize(from: text)
        prepared = Prepared(path: strdup(directory.journalIndex), message: bytes, exitCode: exitCode)
        signal(SIGBUS) { _ in JournalIndexGuard.accessFailed() }
    }

    private static func accessFailed() {
        var status = stat()
        guard let path = prepared.path, stat(path, &status) != 0 || status.st_size < smallestIndex else {
            // Something else: the access fails again, and ends the process as ever.
            signal(SIGBUS, SIG_DFL)
            return
        }
        // A pipe that nobody reads must not keep the process.
        var descriptor = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
        if poll(&descriptor, 1, 0) == 1 { write(STDERR_FILENO, prepared.message.baseAddress, prepared.message.count) }
        _exit(prepared.exitCode)
    }
}
