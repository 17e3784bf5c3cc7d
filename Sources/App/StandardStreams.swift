import Adapters
import FoundationEssentials
import Logging

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Data goes to stdout, messages go to stderr.
enum StandardStreams {
    static func printData(_ text: String) {
        write(text + "\n", to: STDOUT_FILENO)
    }

    /// A line of data that the system's journal shall know by its importance, if that is who reads it.
    static func printData(_ text: String, _ priority: Logger.Level) {
        printData((dataGoesToJournal ? JournalStream.prefix(priority) : "") + text)
    }

    static func printMessage(_ text: String) {
        write(messageLine(text), to: STDERR_FILENO)
    }

    /// A message as it is printed.
    static func messageLine(_ text: String) -> String { priority(of: text) + text + "\n" }

    static var messages: LogOutput { .direct(STDERR_FILENO) }

    /// For a process that must not wait until somebody reads what it says.
    static func queuedMessages() -> LogQueue { LogQueue(descriptor: STDERR_FILENO) }

    /// Whether the system's journal reads the messages.
    static let messagesGoToJournal = JournalStream.isJournal(
        STDERR_FILENO, environment: ProcessInfo.processInfo.environment)

    private static let dataGoesToJournal = JournalStream.isJournal(
        STDOUT_FILENO, environment: ProcessInfo.processInfo.environment)

    /// What is said before the service starts is in the journal too.
    private static func priority(of message: String) -> String {
        guard messagesGoToJournal else { return "" }
        let level: Logger.Level =
            message.hasPrefix("error:") ? .error : message.hasPrefix("warning:") ? .warning : .info
        return JournalStream.prefix(level)
    }

    /// A question, with the cursor behind it.
    static func printPrompt(_ text: String) {
        write(text, to: STDERR_FILENO)
    }

    /// Part of a line of data, with the cursor behind it.
    static func printLineStart(_ text: String) {
        write(text, to: STDOUT_FILENO)
    }

    static var inputIsTerminal: Bool { isatty(STDIN_FILENO) == 1 }

    /// A line that the next one overwrites.
    static func printProgress(_ text: String) {
        write("\r\u{1B}[K\(text)", to: STDERR_FILENO)
    }

    static var messagesAreTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    static var dataIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Whether colours help: a terminal that knows them, and nobody who wants none (no-color.org).
    static var dataHasColours: Bool {
        guard dataIsTerminal, getenv("NO_COLOR").map({ $0.pointee == 0 }) ?? true else { return false }
        return getenv("TERM").map { String(cString: $0) != "dumb" } ?? true
    }

    /// From now on the process ends when it writes to a pipe that nobody reads, as programs in a pipeline do. Holds for
    /// `printLine`.
    static func endWithReaders() {
        signal(SIGPIPE, SIG_DFL)
    }

    /// One line of data of many.
    ///
    /// - Returns: whether somebody took it.
    @discardableResult
    static func printLine(_ text: String) -> Bool {
        DescriptorOutput.write(text + "\n", to: STDOUT_FILENO)
    }

    /// A message beside lines of data: `printMessage` would outlive their reader.
    static func printRemark(_ text: String) {
        DescriptorOutput.write(text + "\n", to: STDERR_FILENO)
    }

    /// From now on writing to a pipe that nobody reads fails, instead of ending the process by SIGPIPE.
    static func outliveReaders() {
        signal(SIGPIPE, SIG_IGN)
    }

    private static func write(_ text: String, to descriptor: Int32) {
        outliveReaders()
        DescriptorOutput.write(text, to: descriptor)
    }
}
