import Logging
import Synchronization

/// Keeps every line that is logged, with its level in front and the wanted data behind.
final class RecordingLog: Sendable {
    private struct Handler: LogHandler {
        let record: RecordingLog
        let keys: [String]
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.info

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let data = keys.compactMap { key in event.metadata?[key].map { " \(key)=\($0)" } }.joined()
            record.lines.withLock { $0.append("\(event.level.rawValue): \(event.message)\(data)") }
        }
    }

    private let lines = Mutex<[String]>([])

    /// Debug lines are left out, as in operation.
    func logger(showing keys: [String]) -> Logger {
        Logger(label: "test") { _ in Handler(record: self, keys: keys) }
    }

    /// The lines since the last call.
    func take() -> [String] {
        lines.withLock { lines in
            defer { lines = [] }
            return lines
        }
    }
}
