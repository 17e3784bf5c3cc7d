import NIOPosix
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Lines that somebody types. What is typed for a hidden one is not shown, nor is what is typed between two lines: it
/// may be a secret.
package final class TerminalInput: Sendable {
    /// The terminal as it was, while it shows nothing.
    private let shown = Mutex<termios?>(nil)

    private static let longestLine = 65_536

    package init() {}

    /// `nil` at the end of the input.
    ///
    /// - Parameter prompt: Printed once the terminal is as it should be: what is typed at once is hidden too.
    package func line(isHidden: Bool, prompt: @escaping @Sendable () -> Void) async -> String? {
        isHidden ? hide(showsLineEnds: true) : restore()
        defer { hide(showsLineEnds: false) }
        prompt()
        do {
            // In a thread of its own: it waits for as long as somebody thinks.
            return try await NIOThreadPool.singleton.runIfActive { Self.read() }
        } catch {
            return nil
        }
    }

    /// Has the terminal show again what is typed; to be called when nothing more is asked, and before the process
    /// ends by a signal.
    package func restore() {
        shown.withLock { shown in
            guard var settings = shown else { return }
            tcsetattr(STDIN_FILENO, TCSADRAIN, &settings)
            shown = nil
        }
    }

    private func hide(showsLineEnds: Bool) {
        shown.withLock { shown in
            var settings = termios()
            guard tcgetattr(STDIN_FILENO, &settings) == 0 else { return }
            if shown == nil { shown = settings }
            settings.c_lflag &= ~tcflag_t(ECHO | ECHONL)
            if showsLineEnds { settings.c_lflag |= tcflag_t(ECHONL) }
            tcsetattr(STDIN_FILENO, TCSADRAIN, &settings)
        }
    }

    private static func read() -> String? {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while bytes.count < longestLine {
            #if canImport(Glibc)
                let count = Glibc.read(STDIN_FILENO, &byte, 1)
            #elseif canImport(Musl)
                let count = Musl.read(STDIN_FILENO, &byte, 1)
            #else
                let count = Darwin.read(STDIN_FILENO, &byte, 1)
            #endif
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self) }
            if byte == UInt8(ascii: "\n") { break }
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
