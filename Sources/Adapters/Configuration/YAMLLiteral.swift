import Ports

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
