import Domain
import Ports

extension ValueForm<BridgeConfiguration.Zammad.Tickets> {
    private typealias Tickets = BridgeConfiguration.Zammad.Tickets
    private typealias Creation = TicketQueue.Settings.Creation

    private static var examples: KeyValuePairs<String, String> {
        [
            "create": "missed", "group": "Users", "title": "\"{cause}: {number}\"", "body": "\"{cause} of {name}\"",
            "create_customers": "true", "merge_window": "4h", "notify_customer": "true",
        ]
    }
    /// A week, in seconds.
    private static var longestWindow: Double { 604_800 }
    /// In characters.
    private static var longestBody: Int { 10_000 }

    /// Which calls get a ticket, in one word, or a mapping that says more.
    static var tickets: ValueForm {
        .mapping(
            "off, missed, all, or a mapping with the keys create, group, title, body, create_customers, merge_window "
                + "and notify_customer",
            example: "{create: missed, group: Users}",
            word: { word in
                creation(word).map { creation in
                    var tickets = Tickets()
                    tickets.creation = creation
                    return tickets
                }
            },
            fields: { fields, value, key, findings in
                var tickets = Tickets()
                let count = findings.problems.count
                for field in fields { read(field, key, into: &tickets, &findings) }
                let given = fields.filter { $0.value.content != .null }.map(\.name)
                if findings.problems.count == count, !given.isEmpty, !given.contains("create") {
                    findings.warn(
                        "\(key.path) has no create, so that no tickets are made", at: value.location,
                        remedy: "add create: missed or create: all")
                }
                return tickets
            }, shown: shown)
    }

    /// `create`, and what is not as usual.
    private static func shown(_ tickets: Tickets) -> ConfigurationEntry.Value {
        let usual = Tickets()
        var fields = [ConfigurationEntry.Field(name: "create", value: .text(tickets.creation.rawValue))]
        func add<Part: Equatable>(
            _ name: String, _ part: KeyPath<Tickets, Part>, _ value: (Part) -> ConfigurationEntry.Value
        ) {
            guard tickets[keyPath: part] != usual[keyPath: part] else { return }
            fields.append(.init(name: name, value: value(tickets[keyPath: part])))
        }
        add("group", \.group) { .text($0) }
        add("title", \.title) { $0.map { .text($0) } ?? .none }
        add("body", \.body) { $0.map { .text($0) } ?? .none }
        add("create_customers", \.createsCustomers) { .boolean($0) }
        add("merge_window", \.mergeWindow) { .number(DurationText.text($0)) }
        add("notify_customer", \.notifiesCustomer) { .boolean($0) }
        return .mapping(fields)
    }

    private static func read(
        _ field: YAMLValue.Field, _ key: ConfigurationKey, into tickets: inout Tickets, _ findings: inout Findings
    ) {
        guard let example = examples.first(where: { $0.key == field.name })?.value else {
            return findings.unknownKey(field, in: key.path, known: examples.map(\.key))
        }
        do throws(RefusedValue) {
            switch field.value.content {
            case .null: break
            case .scalar(let text): try read(field.name, text, into: &tickets)
            default: throw RefusedValue(message: "must be a text, not \(field.value.typeName)")
            }
        } catch {
            findings.error(
                "\(field.name) in \(key.path) \(error.message)", at: field.value.location,
                remedy: error.remedy ?? "write for example \(field.name): \(example)")
        }
    }

    private static func read(_ name: String, _ text: String, into tickets: inout Tickets) throws(RefusedValue) {
        switch name {
        case "create":
            guard let creation = creation(text) else {
                let choices = Creation.allCases.map(\.rawValue).joined(separator: ", ")
                throw RefusedValue(message: "must be one of \(choices)")
            }
            tickets.creation = creation
        case "title": tickets.title = try template(text)
        case "body": tickets.body = try template(text)
        case "create_customers": tickets.createsCustomers = try boolean(text)
        case "notify_customer": tickets.notifiesCustomer = try boolean(text)
        case "merge_window":
            guard let seconds = DurationText.seconds(text), (0...longestWindow).contains(seconds) else {
                throw RefusedValue(message: "must be a time of at most 7 days, not \"\(text.excerpt)\"")
            }
            tickets.mergeWindow = DurationText.duration(seconds: seconds)
        default:
            if text.isEmpty { throw RefusedValue(message: "must not be empty") }
            tickets.group = text
        }
    }

    private static func boolean(_ text: String) throws(RefusedValue) -> Bool {
        if let value = BooleanText.value(text) { return value }
        throw RefusedValue(message: "must be true or false, not \"\(text.excerpt)\"")
    }

    private static func template(_ text: String) throws(RefusedValue) -> String {
        if text.allSatisfy(\.isWhitespace) { throw RefusedValue(message: "must not be empty") }
        if text.count > longestBody { throw RefusedValue(message: "has more than \(longestBody) characters") }
        guard let unknown = Tickets.unknownPlaceholder(in: text) else { return text }
        let nearest = NearestName.nearest(to: unknown, among: Tickets.placeholders)
        let all = Tickets.placeholders.map { "{\($0)}" }.joined(separator: ", ")
        throw RefusedValue(
            message: "has the unknown placeholder {\(unknown.excerpt)}",
            remedy: nearest.map { "did you mean {\($0)}?" } ?? "the placeholders are \(all)")
    }

    /// `off` is also YAML's word for false.
    private static func creation(_ text: String) -> Creation? {
        ["false", "no"].contains(text.lowercased()) ? .off : Creation(rawValue: text)
    }
}

extension BridgeConfiguration.Zammad.Tickets {
    /// The first text in braces that is no placeholder; `nil` if all are.
    static func unknownPlaceholder(in template: String) -> String? {
        template.matches(of: /\{([^}]*)\}/).map { String($0.1) }.first { !placeholders.contains($0) }
    }
}
