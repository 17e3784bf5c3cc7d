/// What a program has said so far, and how it ended.
struct ProgramOutput: Equatable, Sendable, CustomStringConvertible {
    enum Exit: Equatable, Sendable {
        case code(Int32)
        case signal(Int32)
    }

    enum Stream: Sendable {
        case stdout
        case stderr
    }

    private(set) var stdout: [UInt8] = []
    private(set) var stderr: [UInt8] = []
    var exit: Exit?

    mutating func append(_ bytes: [UInt8], to stream: Stream) {
        switch stream {
        case .stdout: stdout += bytes
        case .stderr: stderr += bytes
        }
    }

    var data: String { String(decoding: stdout, as: UTF8.self) }
    var messages: String { String(decoding: stderr, as: UTF8.self) }
    /// The complete lines on stderr.
    var lines: [String] {
        messages.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }

    /// The log lines among them.
    var log: [LogLine] { lines.compactMap(LogLine.init) }

    /// The end of it, since failure messages are cut.
    var description: String {
        "exit \(String(describing: exit)), stdout \(data.suffix(500)), stderr \(messages.suffix(1500))"
    }
}
