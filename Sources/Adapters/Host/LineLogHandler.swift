package import Logging
import Wire

/// How log lines look.
package enum LogFormat: String, CaseIterable, Sendable {
    /// One JSON object a line: `time`, `level`, `message`, and a field for each datum.
    case json
    case plain
}

/// Writes one line an event.
package struct LineLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var logLevel: Logger.Level
    private let format: LogFormat
    private let output: LogOutput
    private let hasPriorities: Bool

    /// `hasPriorities`: each line begins with its priority, for a journal that reads it.
    package init(format: LogFormat, logLevel: Logger.Level, output: LogOutput, hasPriorities: Bool = false) {
        self.format = format
        self.logLevel = logLevel
        self.output = output
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
        output.write(line(event.level, "\(event.message)", fields)) { [self] dropped in
            line(.warning, "log lines were dropped, since nobody read them", [("dropped", "\(dropped)")])
        }
    }

    private func line(_ level: Logger.Level, _ text: String, _ fields: [Field]) -> String {
        let now = TimeText.precise(SystemClock().now())
        let line =
            switch format {
            case .json: Self.json(now, level, text, fields)
            case .plain: Self.plain(now, level, text, fields)
            }
        return (hasPriorities ? JournalStream.prefix(level) : "") + line + "\n"
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
}
