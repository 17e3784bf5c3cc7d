#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

package import Logging

/// The connection of a stream to the system's journal, which reads a priority at the start of each line: `<3>` is an
/// error (sd-daemon(3)).
package enum JournalStream {
    /// Whether the journal reads what is written to `descriptor`: `JOURNAL_STREAM` holds `device:inode` of the stream
    /// that systemd made, which somebody may have replaced since (`2>file`).
    package static func isJournal(_ descriptor: Int32, environment: [String: String]) -> Bool {
        guard let given = environment["JOURNAL_STREAM"], let identity = identity(of: descriptor) else { return false }
        return given == identity
    }

    /// `device:inode`; `nil` if the descriptor is not open.
    static func identity(of descriptor: Int32) -> String? {
        var information = stat()
        guard fstat(descriptor, &information) == 0 else { return nil }
        return "\(information.st_dev):\(information.st_ino)"
    }

    /// The priority as it stands before a line.
    package static func prefix(_ level: Logger.Level) -> String {
        switch level {
        case .trace, .debug: "<7>"
        case .info: "<6>"
        case .notice: "<5>"
        case .warning: "<4>"
        case .error: "<3>"
        case .critical: "<2>"
        }
    }
}
