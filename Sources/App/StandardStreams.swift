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

    static func printMessage(_ text: String) {
        write(text + "\n", to: STDERR_FILENO)
    }

    /// A question, with the cursor behind it.
    static func printPrompt(_ text: String) {
        write(text, to: STDERR_FILENO)
    }

    static var inputIsTerminal: Bool { isatty(STDIN_FILENO) == 1 }

    /// A line that the next one overwrites.
    static func printProgress(_ text: String) {
        write("\r\u{1B}[K\(text)", to: STDERR_FILENO)
    }

    static var messagesAreTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    static var dataIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    /// From now on writing to a pipe that nobody reads fails, instead of ending the process by SIGPIPE.
    static func outliveReaders() {
        signal(SIGPIPE, SIG_IGN)
    }

    /// A reader that has gone away (`| head`) is no fault.
    private static func write(_ text: String, to descriptor: Int32) {
        outliveReaders()
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { systemWrite(descriptor, $0) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }

    private static func systemWrite(_ descriptor: Int32, _ buffer: UnsafeRawBufferPointer) -> Int {
        #if canImport(Glibc)
            Glibc.write(descriptor, buffer.baseAddress, buffer.count)
        #elseif canImport(Musl)
            Musl.write(descriptor, buffer.baseAddress, buffer.count)
        #else
            Darwin.write(descriptor, buffer.baseAddress, buffer.count)
        #endif
    }
}
