import Domain
import Ports
import Wire

/// Writes the steps of a recorded session as the text of a fixture.
struct RecordedDocument {
    let name: String
    let source: Fixture.Source
    let start: Instant
    /// In bytes.
    let limit: Int
    var pseudonyms: Pseudonymiser

    /// What changes from poll to poll stands in the steps; the rest of the first poll, mostly lists, is the setup.
    private static let callQuestions = PhoneSystemInterface.all.reduce(into: Set()) { $0.formUnion($1.callQuestions) }

    /// As many of the first steps as fit, and how many do not.
    mutating func text(_ recorded: RecordedSteps, _ configuration: BridgeConfiguration) -> (
        text: String, leftOut: Int
    ) {
        var steps = recorded.steps[...]
        var setup: [(key: String, answer: Int)] = []
        var first = steps.first
        if let answers = first?.answers {
            setup = answers.filter { !Self.callQuestions.contains(String($0.key.prefix { $0 != "?" })) }
            first?.answers = answers.filter { Self.callQuestions.contains(String($0.key.prefix { $0 != "?" })) }
        }
        let seconds = ((steps.last?.at ?? 0) + 999) / 1000
        let config = pseudonyms.settings(configuration)
        var head = [
            "  \"name\": \(FixtureJSON.literal(name)),",
            "  \"description\": "
                + "\(FixtureJSON.literal("Recorded for \(seconds) s by zammadbridge record, with pseudonyms.")),",
            "  \"source\": \(FixtureJSON.literal(source.rawValue)),",
        ]
        if source.hasEvents { head.append("  \"looks\": \"recorded\",") }
        head += [
            "  \"config\": \(config.text),",
            "  \"start\": \(start.milliseconds),",
            "  \"setup\": \(answers(setup, recorded, indent: "    ", end: "  ")),",
            "  \"steps\": [",
        ]
        var text = "{\n" + head.joined(separator: "\n") + "\n"
        let tail = "\n  ],\n  \"expect\": []\n}\n"
        // The expectation comes on top; for each step that is more than it ever takes.
        let room = limit - limit / 16 - tail.utf8.count
        var isFirst = true
        while let step = steps.popFirst() {
            let line = (isFirst ? "" : ",\n") + self.step(isFirst ? first ?? step : step, recorded)
            guard isFirst || text.utf8.count + line.utf8.count <= room else {
                return (text + tail, steps.count + 1)
            }
            text += line
            isFirst = false
        }
        return (text + tail, 0)
    }

    private mutating func step(_ step: RecordedSteps.Step, _ recorded: RecordedSteps) -> String {
        var fields = ["\"at\": \(Seconds.text(step.at))"]
        if !step.answers.isEmpty {
            fields.append("\"answers\": \(answers(step.answers, recorded, indent: "        ", end: "      "))")
        }
        switch step.kind {
        case .poll: break
        case .push(.frame(let message)): fields.append("\"events\": [\(pseudonyms.frame(message).text)]")
        case .push(.socket(let isOpen)): fields.append("\"socket\": \"\(isOpen ? "open" : "closed")\"")
        }
        return "    { \(fields.joined(separator: ", ")) }"
    }

    private mutating func answers(
        _ answers: [(key: String, answer: Int)], _ recorded: RecordedSteps, indent: String, end: String
    ) -> String {
        guard !answers.isEmpty else { return "{}" }
        let lines = answers.map { entry in
            indent + FixtureJSON.literal(pseudonyms.key(entry.key)) + ": "
                + answer(recorded.answers[entry.answer], key: entry.key)
        }
        return "{\n" + lines.joined(separator: ",\n") + "\n\(end)}"
    }

    private mutating func answer(_ answer: RecordedAnswer, key: String) -> String {
        if let fault = answer.fault { return "{ \"fault\": \"\(fault.rawValue)\" }" }
        var fields: [String] = []
        if answer.status != 200 { fields.append("\"status\": \(min(max(answer.status, 100), 599))") }
        if let type = Self.contentType(answer) { fields.append("\"content_type\": \"\(type)\"") }
        switch pseudonyms.body(answer, key: key) {
        case .json(let value): fields.append("\"json\": \(value.text)")
        case .text(let text): if !text.isEmpty { fields.append("\"text\": \(FixtureJSON.literal(text))") }
        }
        return fields.isEmpty ? "{}" : "{ \(fields.joined(separator: ", ")) }"
    }

    /// `nil` for JSON, and for none: nothing speaks against JSON then.
    private static func contentType(_ answer: RecordedAnswer) -> String? {
        guard let type = answer.contentType?.lowercased(), !type.contains("json") else { return nil }
        return type.contains("html") ? "text/html" : "text/plain"
    }
}
