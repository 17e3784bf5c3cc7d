package import Ports
import Wire

extension EffectiveConfiguration {
    /// A configuration file that says the same, each value with its origin as a comment. Secrets are masked, so that
    /// they must be given again.
    package func render() -> String {
        var lines: [String] = []
        for section in ConfigurationSection.allCases {
            lines.append("\(section.rawValue):")
            var listed: String?
            for entry in entries where entry.section == section.rawValue {
                var remark = entry.origin.description.withoutControlCharacters
                if let note = entry.note { remark += ": \(note)" }
                var start = "  "
                if let name = entry.entry {
                    // An entry begins with its name.
                    start = name == listed ? "    " : "  - "
                    listed = name
                }
                lines.append("\(start)\(entry.key): \(YAMLLiteral.literal(entry.value))  # \(remark)")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The same as `render()` for programs; the schema is in docs/configuration.md. Keys are sorted.
    package func renderJSON() throws -> String {
        var document: [String: JSONValue] = [
            "configuration": .object(Dictionary(grouping: entries, by: \.section).mapValues(Self.json)),
            "warnings": .array(
                warnings.map { warning in
                    var json: [String: JSONValue] = [
                        "message": .string(warning.message), "remedy": .string(warning.remedy),
                    ]
                    json["location"] = warning.location.map { .string($0.description) }
                    return .object(json)
                }),
        ]
        document["file"] = filePath.map { .string($0) }
        return try JSONValue.object(document).printedJSON() + "\n"
    }

    /// A section: an object, or an array of them where it is a list.
    private static func json(_ entries: [ConfigurationEntry]) -> JSONValue {
        var (listed, last): ([[String: JSONValue]], String?) = ([], nil)
        for entry in entries {
            if listed.isEmpty || entry.entry != last { listed.append([:]) }
            last = entry.entry
            listed[listed.count - 1][entry.key] = .object([
                "origin": .string(entry.origin.description), "value": JSONValue(entry.value),
            ])
        }
        return entries[0].entry == nil ? .object(listed[0]) : .array(listed.map { .object($0) })
    }
}

extension JSONValue {
    init(_ value: ConfigurationEntry.Value) {
        self =
            switch value {
            case .none: .null
            case .boolean(let boolean): .bool(boolean)
            case .number(let number):
                Int64(number).map { .integer($0) } ?? Double(number).map { .fraction($0) } ?? .null
            case .text(let text): .string(text)
            case .list(let elements): .array(elements.map { JSONValue($0) })
            case .mapping(let fields):
                .object(Dictionary(fields.map { ($0.name, JSONValue($0.value)) }, uniquingKeysWith: { $1 }))
            }
    }
}

/// Values as YAML on one line.
enum YAMLLiteral {
    static func literal(_ value: ConfigurationEntry.Value) -> String {
        switch value {
        case .none: "~"
        case .boolean(let boolean): boolean ? "true" : "false"
        case .number(let number): number
        case .text(let text): literal(text)
        case .list(let elements): "[\(elements.map(literal).joined(separator: ", "))]"
        case .mapping(let fields):
            "{\(fields.map { "\(literal($0.name)): \(literal($0.value))" }.joined(separator: ", "))}"
        }
    }

    private static func literal(_ text: String) -> String {
        let words: Set<String> = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"]
        let startsPlain = text.first.map { $0.isLetter || $0.isNumber || $0 == "/" } ?? false
        let isPlain = text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-/:@+".contains($0)) }
        if startsPlain, isPlain, !text.hasSuffix(":"), !words.contains(text.lowercased()) { return text }
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            default:
                if scalar.properties.generalCategory.isPrintable {
                    quoted.unicodeScalars.append(scalar)
                } else {
                    let digits = String(scalar.value, radix: 16, uppercase: true)
                    quoted += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
                }
            }
        }
        return quoted + "\""
    }
}

extension Unicode.GeneralCategory {
    fileprivate var isPrintable: Bool {
        switch self {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: false
        default: true
        }
    }
}
