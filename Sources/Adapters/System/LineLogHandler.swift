#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

package import Logging
import Synchronization

/// How log lines look.
package enum LogFormat: String, CaseIterable, Sendable {
    /// One JSON object a line: `time`, `level`, `message`, and a field for each datum.
    case json
    case plain
}

/// Writes one line an event to stderr, whole or not at all.
package struct LineLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var logLevel: Logger.Level
    private let format: LogFormat
    private let descriptor: Int32
    private let hasPriorities: Bool

    /// `hasPriorities`: each line begins with its priority, for a journal that reads it.
    package init(
        format: LogFormat, logLevel: Logger.Level, descriptor: Int32 = STDERR_FILENO, hasPriorities: Bool = false
    ) {
        self.format = format
        self.logLevel = logLevel
        self.descriptor = descriptor
        self.hasPriorities = hasPriorities
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:]) { _, new in new }
            .map { (key: $0.key, value: "\($0.value)") }
            .sorted { $0.key < $1.key }
        let text = "\(event.message)"
        let line =
            switch format {
            case .json: Self.json(Self.now(), event.level, text, fields)
            case .plain: Self.plain(Self.now(), event.level, text, fields)
            }
        let prefix = hasPriorities ? JournalStream.prefix(event.level) : ""
        Self.write(prefix + line + "\n", to: descriptor)
    }

    private typealias Field = (key: String, value: String)

    private static func json(_ time: String, _ level: Logger.Level, _ message: String, _ fields: [Field]) -> String {
        let all = [("time", time), ("level", level.rawValue), ("message", message)] + fields.map { ($0.key, $0.value) }
        return "{" + all.map { "\(FixtureJSON.literal($0)):\(FixtureJSON.literal($1))" }.joined(separator: ",") + "}"
    }

    private static func plain(_ time: String, _ level: Logger.Level, _ message: String, _ fields: [Field]) -> String {
        let name = level.rawValue.uppercased()
        let column = name + String(repeating: " ", count: max(0, 7 - name.utf8.count))
        let data = fields.map { " \($0.key)=\(quoted($0.value))" }.joined()
        return "\(time) \(column) \(withoutControls(message))\(data)"
    }

    private static func quoted(_ text: String) -> String {
        let isPlain = !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 != UInt8(ascii: "\"") && $0 != 0x7F }
        return isPlain ? text : FixtureJSON.literal(text)
    }

    /// A line break in a text from outside must not make a second line.
    private static func withoutControls(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }))
    }

    /// RFC 3339 in UTC with milliseconds.
    private static func now() -> String {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        var seconds = time_t(time.tv_sec)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        func padded(_ number: Int, _ width: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
        }
        let day = [(Int(parts.tm_year) + 1900, 4), (Int(parts.tm_mon) + 1, 2), (Int(parts.tm_mday), 2)]
        let clock = [(Int(parts.tm_hour), 2), (Int(parts.tm_min), 2), (Int(parts.tm_sec), 2)]
        return day.map { padded($0, $1) }.joined(separator: "-") + "T"
            + clock.map { padded($0, $1) }.joined(separator: ":") + "." + padded(Int(time.tv_nsec) / 1_000_000, 3) + "Z"
    }

    private static let lock = Mutex(())

    private static func write(_ line: String, to descriptor: Int32) {
        lock.withLock { _ in _ = DescriptorOutput.write(line, to: descriptor) }
    }
}
