import Adapters
/// A line of the log in its JSON form.
struct LogLine: Equatable, Sendable, CustomStringConvertible {
    let time: String
    let level: String
    let message: String
    /// Everything else in the line.
    let fields: [String: String]

    /// `nil` for a line that is no JSON object with time, level and message, or has a value that is no text.
    init?(_ text: String) {
        guard let members = (try? LoopbackJSON(text: text))?.members else { return nil }
        var fields = members.compactMapValues(\.string)
        guard fields.count == members.count, let time = fields.removeValue(forKey: "time"),
            let level = fields.removeValue(forKey: "level"), let message = fields.removeValue(forKey: "message")
        else { return nil }
        self.time = time
        self.level = level
        self.message = message
        self.fields = fields
    }

    subscript(field: String) -> String? { fields[field] }

    var description: String { "\(level) \(message) \(fields)" }
}
