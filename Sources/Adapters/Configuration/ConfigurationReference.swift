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
                Key(name: key.name, defaultText: defaultText(key), meaning: key.meaning)
            }
            return Section(name: section.rawValue, keys: keys)
        }
    }

    /// As docs/configuration.md has it.
    package static func table(of section: Section) -> String {
        let rows = section.keys.map { "| `\($0.name)` | \($0.defaultText) | \($0.meaning) |" }
        return (["| Key | Default | Meaning |", "|---|---|---|"] + rows).joined(separator: "\n")
    }

    private static func defaultText(_ key: ConfigurationKey) -> String {
        if key.isRequired { return "required" }
        if let meaning = key.meaningOfDefault { return meaning }
        let value = key.shown(ConfigurationKeys.defaults)
        return value == .none ? "none" : "`\(YAMLLiteral.literal(value))`"
    }
}
