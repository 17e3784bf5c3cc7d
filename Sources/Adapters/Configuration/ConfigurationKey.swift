import Ports

/// A top-level key of the configuration file, in the order in which they are shown.
enum ConfigurationSection: String, CaseIterable, Sendable {
    case bridge = "Bridge"
    case phoneSystem = "3CX"
    case zammad = "Zammad"
}

/// All that the program knows about one key: a row of `ConfigurationKeys`.
///
/// Reading, defaults, suggestions, names of variables and credentials, masking, the report of a reload, what a
/// recording keeps, and the documentation derive from it.
struct ConfigurationKey: Sendable {
    let section: ConfigurationSection
    let name: String
    let shape: ValueShape
    /// Completes "must be …".
    let expectation: String
    /// Completes "write for example KEY: …".
    let example: String
    /// The default in words, for keys whose absence has a meaning of its own.
    let meaningOfDefault: String?
    let isRequired: Bool
    let isSecret: Bool
    /// Whether the bridge must be started again; reading the file again changes nothing.
    let needsRestart: Bool
    /// Whether what happens in a recorded session depends on it, so that the replay needs it.
    let isRecorded: Bool
    /// One line of Markdown.
    let meaning: String

    private let reading: @Sendable (YAMLValue, ConfigurationKey, inout BridgeConfiguration, inout Findings) -> Bool
    /// The value as it may be printed: a secret is masked. `.none` if the configuration has none.
    let shown: @Sendable (BridgeConfiguration) -> ConfigurationEntry.Value
    let secret: @Sendable (BridgeConfiguration) -> Secret?
    private let copying: @Sendable (BridgeConfiguration, inout BridgeConfiguration) -> Void

    /// - Parameter property: Its initial value is the default.
    init<Value>(
        _ section: ConfigurationSection, _ name: String,
        _ property: any WritableKeyPath<BridgeConfiguration, Value> & Sendable, _ form: ValueForm<Value>,
        meaningOfDefault: String? = nil, isRequired: Bool = false, needsRestart: Bool = false, isRecorded: Bool,
        _ meaning: String
    ) {
        self.section = section
        self.name = name
        shape = form.shape
        expectation = form.expectation
        example = form.example
        self.meaningOfDefault = meaningOfDefault
        self.isRequired = isRequired
        isSecret = Value.self == Secret.self || Value.self == Secret?.self
        self.needsRestart = needsRestart
        self.isRecorded = isRecorded
        self.meaning = ([meaning, form.remark] + (isSecret ? ["Secret."] : [])).compactMap(\.self)
            .joined(separator: " ")
        reading = { value, key, configuration, findings in
            guard let read = form.read(value, key, &findings) else { return false }
            configuration[keyPath: property] = read
            return true
        }
        shown = { form.shown($0[keyPath: property]) }
        copying = { $1[keyPath: property] = $0[keyPath: property] }
        secret = { $0[keyPath: property] as? Secret }
    }

    /// The key that names a file with the secret of another.
    init(fileOf secret: ConfigurationKey) {
        section = secret.section
        name = "\(secret.name)_file"
        shape = .scalar
        expectation = "the path of a file"
        example = "/etc/3cx-zammad-bridge/\(secret.name)"
        meaningOfDefault = nil
        isRequired = false
        isSecret = false
        needsRestart = secret.needsRestart
        isRecorded = false
        meaning = "File that holds `\(secret.name)`."
        reading = { _, _, _, _ in true }
        shown = { _ in .none }
        copying = { _, _ in }
        self.secret = { _ in nil }
    }

    // MARK: - The value

    /// Reads the key's value into the configuration; `false` after reporting why it cannot be used.
    func read(_ value: YAMLValue, into configuration: inout BridgeConfiguration, _ findings: inout Findings) -> Bool {
        reading(value, self, &configuration, &findings)
    }

    func copy(from configuration: BridgeConfiguration, to other: inout BridgeConfiguration) {
        copying(configuration, &other)
    }

    /// Says that the key cannot have the value. A text is repeated where it is no secret and no mapping is wanted.
    func refuse(_ value: YAMLValue, _ findings: inout Findings) {
        var given = value.typeName
        if case .scalar(let text) = value.content, shape != .mapping, !isSecret { given = "\"\(text.excerpt)\"" }
        findings.error(refusal(of: given), at: value.location, remedy: advice)
    }

    var advice: String { "write for example \(name): \(example)" }

    func refusal(of given: String) -> String { "\(path) must be \(expectation), not \(given)" }

    // MARK: - Names

    /// `Section.key`: the name under which messages speak of it.
    var path: String { "\(section.rawValue).\(name)" }

    /// `nil` for keys that hold a mapping, which one variable cannot carry.
    ///
    /// - Parameter tag: Which entry of a list is meant.
    func environmentName(_ tag: String? = nil) -> String? {
        let middle = tag.map { "\($0)_" } ?? ""
        return shape == .mapping ? nil : "\(Self.environmentPrefix)\(section.rawValue)_\(middle)\(name)".uppercased()
    }

    static let environmentPrefix = "ZAMMADBRIDGE_"

    /// The path of the key that names a file with this secret.
    var fileKeyPath: String { path + "_file" }

    /// The name of this secret in systemd's credentials directory.
    ///
    /// - Parameter tag: Which entry of a list is meant.
    func credentialName(_ tag: String? = nil) -> String? {
        let middle = tag.map { "\($0)-" } ?? ""
        return isSecret ? "\(section.rawValue)-\(middle)\(name)".lowercased().replacing("_", with: "-") : nil
    }
}
