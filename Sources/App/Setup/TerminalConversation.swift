import Adapters
import Ports
import Synchronization
import UnixSignals

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The terminal at which setup was started.
actor TerminalConversation: SetupTerminal {
    nonisolated let isInteractive: Bool
    private let input: TerminalInput
    private let showsSteps = StandardStreams.dataIsTerminal
    /// Whether the line at the cursor is one that goes away.
    private var hasStep = false

    init(_ input: TerminalInput, isInteractive: Bool) {
        self.input = input
        self.isInteractive = isInteractive
    }

    func say(_ text: String) {
        clear()
        StandardStreams.printData(Self.printable(text))
    }

    func show(_ finding: CheckFinding) {
        clear()
        for line in CheckOutput.lines(of: finding) { StandardStreams.printData(line) }
    }

    func step(_ text: String) {
        guard showsSteps else { return }
        StandardStreams.printLineStart("\r\u{1B}[K  … \(text.withoutControlCharacters)")
        hasStep = true
    }

    func ask(_ prompt: String, isSecret: Bool) async throws(SetupEnd) -> String {
        clear()
        let prompt = Self.printable(prompt)
        let line = await input.line(isHidden: isSecret) { StandardStreams.printLineStart(prompt) }
        guard let line else { throw .inputOver }
        return line
    }

    /// Names come from outside: nothing in a line moves the cursor or does more.
    private static func printable(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0).withoutControlCharacters }
            .joined(separator: "\n")
    }

    private func clear() {
        if hasStep { StandardStreams.printLineStart("\r\u{1B}[K") }
        hasStep = false
    }
}

/// What happens on Ctrl-C and other signals: the terminal is as before, and no file is left half-written.
final class SetupInterruption: Sendable {
    private struct State {
        /// What can be waited for no longer.
        var wait: Latch?
        var lastWords = "nothing was written"
    }

    private let input: TerminalInput
    private let state = Mutex(State())
    static let exitCode: Int32 = 130

    init(_ input: TerminalInput) {
        self.input = input
    }

    /// Until the task is cancelled.
    func listen() async {
        for await signal in await UnixSignalsSequence(trapping: .sigint, .sigterm, .sighup) {
            // Waits for what must not be cut in two.
            state.withLock { state in
                if signal == .sigint, let wait = state.wait { return wait.open() }
                input.restore()
                StandardStreams.printRemark("\n\(state.lastWords)")
                _exit(Self.exitCode)
            }
        }
    }

    /// Nothing interrupts it.
    func whole<Result>(_ body: () throws -> Result) rethrows -> Result {
        try state.withLock { _ in try body() }
    }

    func willSay(_ lastWords: String) {
        state.withLock { $0.lastWords = lastWords }
    }

    /// From now on Ctrl-C ends the waiting alone; `nil`: the program again.
    func ends(_ wait: Latch?) {
        state.withLock { $0.wait = wait }
    }
}
