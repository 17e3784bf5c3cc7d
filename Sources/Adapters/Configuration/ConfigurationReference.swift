import Ports

/// The tables of docs/configuration.md and of the man page, made of the table that the reader itself uses.
package enum ConfigurationReference {
    package struct Section: Sendable {
        package let name: String
        package let keys: [Key]
    }

    /// Texts are one line of Markdown.
    package struct Key: Sendable {
        package let name: String
        package let defaultText: String
        package let meaning: String
    }

    /// config.example.yaml, as it stands in the repository.
    package static let example = String(decoding: PackageResources.config_example_yaml, as: UTF8.self)

    package static var sections: [Section] {
        ConfigurationSection.allCases.map { section in
            let keys = ConfigurationKeys.keys(of: section).map { key in
                Key(name: key.name, defaultText: defaultText(key), meaning: meaning(key))
            }
            return Section(name: section.rawValue, keys: keys)
        }
    }

    static func table(of section: ConfigurationSection) -> String {
        let rows = ConfigurationKeys.keys(of: section).map { key in
            "| `\(key.name)` | \(defaultText(key)) | \(meaning(key)) |"
        }
        return (["| Key | Default | Meaning |", "|---|---|---|"] + rows).joined(separator: "\n")
    }

    private static func defaultText(_ key: ConfigurationKey) -> String {
        if key.isRequired { return "required" }
        if let meaning = key.defaultMeaning { return meaning }
        switch key.defaultValue {
        case .absent: return "none"
        case .boolean(let boolean): return boolean ? "`true`" : "`false`"
        case .integer(let integer): return "`\(integer)`"
        case .duration(let duration): return "`\(DurationText.text(duration))`"
        case .text(let text): return "`\(text)`"
        case .list: return "none"
        case .agents: return "`{}`"
        case .automaticAgents: return "`auto`"
        case .match: return "every call"
        case .tickets: return "`{create: off}`"
        }
    }

    private static func meaning(_ key: ConfigurationKey) -> String {
        var text = key.meaning
        if case .duration = key.kind { text += " Seconds, or with unit." }
        if key.isSecret { text += " Secret." }
        return text
    }
}
