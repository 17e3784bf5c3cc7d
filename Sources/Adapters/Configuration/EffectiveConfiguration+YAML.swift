package import Ports

extension EffectiveConfiguration {
    /// A configuration file that says the same, each value with its origin as a comment. Secrets are masked, so that
    /// they must be given again.
    package func render() -> String {
        var lines: [String] = []
        for section in ConfigurationSection.allCases {
            lines.append("\(section.rawValue):")
            var listed: String?
            for entry in entries where entry.section == section.rawValue {
                var line = Self.line(entry)
                if let name = entry.entry {
                    // An entry begins with its name.
                    line = (name == listed ? "    " : "  - ") + line.dropFirst(2)
                    listed = name
                }
                lines.append(line)
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func line(_ entry: ConfigurationEntry) -> String {
        var remark = entry.origin.description.withoutControlCharacters
        if let note = entry.note { remark += ": \(note)" }
        return "  \(entry.key): \(YAMLLiteral.literal(entry.value))  # \(remark)"
    }
}
