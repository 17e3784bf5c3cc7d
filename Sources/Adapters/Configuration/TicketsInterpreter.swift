/// Reads `Zammad.tickets`.
struct TicketsInterpreter {
    let key: ConfigurationKey
    let setting: Setting

    private static let choices = ["off", "missed", "all"]
    private static let keys = [
        "create", "group", "title", "body", "create_customers", "merge_window", "notify_customer",
    ]
    private static let examples = [
        "create": "missed", "group": "Users", "title": "\"{cause}: {number}\"", "body": "\"{cause} of {name}\"",
        "create_customers": "true", "merge_window": "4h", "notify_customer": "true",
    ]
    /// A week, in seconds.
    private static let longestWindow = 604_800.0
    /// In characters.
    private static let longestBody = 10_000

    func interpret(_ findings: inout Findings) -> InterpretedValue? {
        switch setting.value.content {
        case .scalar(let text):
            guard let create = choice(text) else { return mustBe(&findings) }
            return .tickets([.init(name: "create", value: create)])
        case .mapping(let fields):
            let count = findings.problems.count
            let tickets = fields.compactMap { field($0, &findings) }
            guard findings.problems.count == count else { return nil }
            let hasChoice = tickets.contains { $0.name == "create" }
            if !hasChoice, !tickets.isEmpty {
                findings.warn(
                    "\(key.path) has no create, so that no tickets are made", at: setting.value.location,
                    remedy: "add create: missed or create: all")
            }
            return .tickets(hasChoice ? tickets : [.init(name: "create", value: "off")] + tickets)
        default: return mustBe(&findings)
        }
    }

    private func field(_ field: YAMLValue.Field, _ findings: inout Findings) -> InterpretedValue.TicketField? {
        guard Self.keys.contains(field.name) else {
            let nearest = NearestName.nearest(to: field.name, among: Self.keys)
            findings.error(
                "unknown key \"\(field.name.excerpt)\" in \(key.path)", at: field.nameLocation,
                remedy: nearest.map { "did you mean \($0)?" } ?? "the keys are \(Self.keys.joined(separator: ", "))")
            return nil
        }
        let text: String
        switch field.value.content {
        case .null: return nil
        case .scalar(let scalar): text = scalar
        default:
            findings.error(
                "\(field.name) in \(key.path) must be a text, not \(field.value.typeName)",
                at: field.value.location, remedy: example(field.name))
            return nil
        }
        switch judge(field.name, text) {
        case .fine(let value): return .init(name: field.name, value: value)
        case .wrong(let problem, let remedy):
            findings.error(
                "\(field.name) in \(key.path) \(problem)", at: field.value.location,
                remedy: remedy ?? example(field.name))
            return nil
        }
    }

    private func example(_ name: String) -> String { "write for example \(name): \(Self.examples[name] ?? "text")" }

    private enum Judgement {
        /// The value as it is kept.
        case fine(String)
        case wrong(String, remedy: String?)
    }

    private func judge(_ name: String, _ text: String) -> Judgement {
        switch name {
        case "create":
            return choice(text).map { .fine($0) }
                ?? .wrong("must be one of \(Self.choices.joined(separator: ", "))", remedy: nil)
        case "create_customers", "notify_customer":
            switch text.lowercased() {
            case "true", "yes", "on": return .fine("true")
            case "false", "no", "off": return .fine("false")
            default: return .wrong("must be true or false, not \"\(text.excerpt)\"", remedy: nil)
            }
        case "merge_window":
            guard let seconds = DurationText.seconds(text), (0...Self.longestWindow).contains(seconds) else {
                return .wrong("must be a time of at most 7 days, not \"\(text.excerpt)\"", remedy: nil)
            }
            return .fine(DurationText.text(seconds))
        case "title", "body": return template(text)
        default: return text.isEmpty ? .wrong("must not be empty", remedy: nil) : .fine(text)
        }
    }

    private func template(_ text: String) -> Judgement {
        if text.allSatisfy(\.isWhitespace) { return .wrong("must not be empty", remedy: nil) }
        if text.count > Self.longestBody { return .wrong("has more than \(Self.longestBody) characters", remedy: nil) }
        guard let unknown = TicketTemplates.unknownPlaceholder(in: text) else { return .fine(text) }
        let nearest = NearestName.nearest(to: unknown, among: TicketTemplates.placeholders)
        let all = TicketTemplates.placeholders.map { "{\($0)}" }.joined(separator: ", ")
        return .wrong(
            "has the unknown placeholder {\(unknown.excerpt)}",
            remedy: nearest.map { "did you mean {\($0)}?" } ?? "the placeholders are \(all)")
    }

    /// `off` is also YAML's word for false.
    private func choice(_ text: String) -> String? {
        let choice = ["false", "no"].contains(text.lowercased()) ? "off" : text
        return Self.choices.contains(choice) ? choice : nil
    }

    private func mustBe(_ findings: inout Findings) -> InterpretedValue? {
        findings.error(
            "\(key.path) must be \(key.kind.expectation), not \(setting.value.typeName)", at: setting.value.location,
            remedy: "write for example \(key.name): \(key.kind.example)")
        return nil
    }
}
