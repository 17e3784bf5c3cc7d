/// A top-level key of the configuration file, in the order in which they are shown.
enum ConfigurationSection: String, CaseIterable, Sendable {
    case bridge = "Bridge"
    case phoneSystem = "3CX"
    case zammad = "Zammad"
}

/// What the reader knows about one key; suggestions, environment names, defaults and the documentation derive from it.
struct ConfigurationKey: Sendable {
    let section: ConfigurationSection
    let name: String
    let kind: ConfigurationKind
    /// What applies when the key is given nowhere.
    let defaultValue: InterpretedValue
    /// The default in words, for keys whose absence has a meaning of its own.
    let defaultMeaning: String?
    let isRequired: Bool
    let isSecret: Bool
    /// One line of Markdown.
    let meaning: String

    init(
        _ section: ConfigurationSection,
        _ name: String,
        _ kind: ConfigurationKind,
        default defaultValue: InterpretedValue = .absent,
        meaningOfDefault defaultMeaning: String? = nil,
        isRequired: Bool = false,
        isSecret: Bool = false,
        _ meaning: String
    ) {
        self.section = section
        self.name = name
        self.kind = kind
        self.defaultValue = defaultValue
        self.defaultMeaning = defaultMeaning
        self.isRequired = isRequired
        self.isSecret = isSecret
        self.meaning = meaning
    }

    /// `Section.key`: the name under which messages and flags speak of it.
    var path: String { "\(section.rawValue).\(name)" }

    /// `nil` for keys that hold a mapping, which one variable cannot carry.
    var environmentName: String? { environmentName(nil) }

    /// `tag`: which entry of a list is meant.
    func environmentName(_ tag: String?) -> String? {
        let middle = tag.map { "\($0)_" } ?? ""
        return kind.isMapping ? nil : "\(Self.environmentPrefix)\(section.rawValue)_\(middle)\(name)".uppercased()
    }

    /// The key that names a file with this secret.
    var fileKeyPath: String { path + "_file" }

    /// The name of this secret in systemd's credentials directory.
    var credentialName: String? { credentialName(nil) }

    /// `tag`: which entry of a list is meant.
    func credentialName(_ tag: String?) -> String? {
        let middle = tag.map { "\($0)-" } ?? ""
        return isSecret ? "\(section.rawValue)-\(middle)\(name)".lowercased().replacing("_", with: "-") : nil
    }

    static let environmentPrefix = "ZAMMADBRIDGE_"
}
