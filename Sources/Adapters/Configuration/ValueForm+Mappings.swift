import Domain
import Ports

extension ValueForm<BridgeConfiguration.Zammad.Agents> {
    private typealias Agent = BridgeConfiguration.Zammad.Agent

    /// Zammad's columns for both hold no more.
    private static var longestLogin: Int { 255 }

    /// Zammad users by extension.
    static var agents: ValueForm {
        .mapping(
            "a mapping of extensions to Zammad users, or auto", example: "{101: 7, 102: anna@example.com}",
            word: { $0 == "auto" ? .automatic : nil },
            fields: { fields, _, key, findings in
                let agents = fields.map { ($0.name, agent($0, key, &findings)) }
                return .listed(Dictionary(agents, uniquingKeysWith: { $1 }).compactMapValues(\.self))
            },
            shown: { agents in
                guard case .listed(let listed) = agents else { return .text("auto") }
                let sorted = listed.sorted { ($0.key.count, $0.key) < ($1.key.count, $1.key) }
                return .mapping(
                    sorted.map { number, agent in
                        switch agent {
                        case .userID(let id): .init(name: number, value: .number(String(id)))
                        case .loginOrMail(let text): .init(name: number, value: .text(text))
                        }
                    })
            })
    }

    private static func agent(
        _ field: YAMLValue.Field, _ key: ConfigurationKey, _ findings: inout Findings
    ) -> Agent? {
        let name = field.name
        guard (1...20).contains(name.count), name[...].isDigits else {
            findings.error(
                "\"\(name.excerpt)\" in \(key.path) is not an extension", at: field.nameLocation,
                remedy: "write EXTENSION: ZAMMAD_USER")
            return nil
        }
        func refuse(_ message: String, _ example: String) -> Agent? {
            findings.error(message, at: field.value.location, remedy: "write for example \(name): \(example)")
            return nil
        }
        guard case .scalar(let user) = field.value.content, !user.isEmpty else {
            return refuse(
                "the Zammad user of extension \(name) must be a user id, a login or an e-mail address, not "
                    + field.value.typeName, "7 or \(name): anna@example.com")
        }
        if let number = DecimalText.number(user[...]) {
            if let id = DecimalText.integer(user), id > 0 { return .userID(id) }
            return refuse("the Zammad user id of extension \(name) must be a whole number above 0, not \(number)", "7")
        }
        guard user.utf8.count <= longestLogin else {
            return refuse("the login of extension \(name) has more than \(longestLogin) bytes", "anna@example.com")
        }
        return .loginOrMail(user)
    }
}

extension ValueForm<CallMatch> {
    private static var mostPatterns: Int { 1000 }
    private static var names: [String] { ["queue", "did", "trunk", "extension", "pbx"] }

    /// Routing to several Zammads.
    static var match: ValueForm {
        .mapping(
            "a mapping with the keys queue, did, trunk, extension and pbx", example: "{queue: [816]}",
            fields: { fields, _, key, findings in
                var match = CallMatch()
                for field in fields {
                    switch field.name {
                    case "queue": match.queues = patterns(field, key, &findings)
                    case "did": match.dids = patterns(field, key, &findings)
                    case "trunk": match.trunks = patterns(field, key, &findings)
                    case "extension": match.extensions = patterns(field, key, &findings)
                    case "pbx": match.phoneSystems = texts(field, key, &findings).map(\.text)
                    default: findings.unknownKey(field, in: key.path, known: names)
                    }
                }
                return match
            },
            shown: { match in
                let patterns = [match.queues, match.dids, match.trunks, match.extensions]
                let lists = zip(names, patterns.map { $0.map(\.description) } + [match.phoneSystems])
                let fields = lists.filter { !$1.isEmpty }.map { name, list in
                    ConfigurationEntry.Field(name: name, value: .list(list.map { .text($0) }))
                }
                return fields.isEmpty ? .none : .mapping(fields)
            })
    }

    private static func patterns(
        _ field: YAMLValue.Field, _ key: ConfigurationKey, _ findings: inout Findings
    ) -> [NumberPattern] {
        texts(field, key, &findings).compactMap { text, location in
            if let pattern = NumberPattern(text) { return pattern }
            findings.error(
                "\"\(text.excerpt)\" in \(key.path).\(field.name) is not a pattern", at: location,
                remedy: "write a number (816), a beginning (81*), or a range whose ends have the same number of digits "
                    + "(800-816)")
            return nil
        }
    }

    private static func texts(
        _ field: YAMLValue.Field, _ key: ConfigurationKey, _ findings: inout Findings
    ) -> [(text: String, location: ConfigurationLocation)] {
        let elements: [YAMLValue]
        switch field.value.content {
        case .null: return []
        case .list(let list): elements = list
        case .scalar, .mapping: elements = [field.value]
        }
        guard !elements.isEmpty, elements.count <= mostPatterns else {
            findings.error(
                "\(key.path).\(field.name) has \(elements.isEmpty ? "no" : "too many") values",
                at: field.value.location,
                remedy: elements.isEmpty
                    ? "remove it: what is not given does not matter" : "use ranges (800-816) or beginnings (81*)")
            return []
        }
        return elements.compactMap { element in
            if case .scalar(let text) = element.content, !text.isEmpty { return (text, element.location) }
            findings.error(
                "\(key.path).\(field.name) must be a number or a list of numbers, not \(element.typeName)",
                at: element.location, remedy: "write for example \(field.name): [816, 820-829]")
            return nil
        }
    }
}
