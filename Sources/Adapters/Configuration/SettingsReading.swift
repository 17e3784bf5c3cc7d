import Ports

/// A value that one of the layers gives for a key.
struct Setting: Equatable, Sendable {
    let value: YAMLValue
    let origin: ConfigurationOrigin
}

/// What one layer gives, by the path of the key.
typealias SettingsLayer = [String: Setting]

/// The settings of one phone system and one Zammad, with those of the bridge: of each key the value of the layer that
/// counts most, or the default.
struct SettingsReading {
    private(set) var configuration = ConfigurationKeys.defaults
    private(set) var settings: SettingsLayer = [:]
    /// Keys whose value is unusable; checks that need them are left out.
    private(set) var unusable: Set<String> = []

    /// - Parameter layers: the one that counts most first.
    init(_ layers: [SettingsLayer], _ findings: inout Findings) {
        for key in ConfigurationKeys.settings {
            guard let setting = pick(key, from: layers, &findings) else { continue }
            settings[key.path] = setting
            if !key.read(setting.value, into: &configuration, &findings) { unusable.insert(key.path) }
        }
    }

    /// Whether a usable value was given.
    func has(_ path: String) -> Bool {
        guard settings[path] != nil, !unusable.contains(path), let key = ConfigurationKeys.key(path) else {
            return false
        }
        return key.shown(configuration) != .none
    }

    /// Whether a value was given, be it usable or not: what is wrong is not also missing.
    func isMentioned(_ path: String) -> Bool { has(path) || unusable.contains(path) }

    func location(_ path: String) -> ConfigurationLocation? { settings[path]?.value.location }

    /// As operators may see them.
    ///
    /// - Parameter entry: What the entry of a list is called; `nil` for a section that is a mapping.
    func entries(of section: ConfigurationSection, entry: String? = nil) -> [ConfigurationEntry] {
        ConfigurationKeys.settings.filter { $0.section == section }.map { key in
            let origin = has(key.path) ? settings[key.path]?.origin : nil
            return ConfigurationEntry(
                section: section.rawValue, entry: entry, key: key.name, value: key.shown(configuration),
                origin: origin ?? .default, note: origin == nil ? key.meaningOfDefault : nil)
        }
    }

    // MARK: - Which value counts

    private mutating func pick(
        _ key: ConfigurationKey, from layers: [SettingsLayer], _ findings: inout Findings
    ) -> Setting? {
        for layer in layers {
            if let setting = pick(key, from: layer, &findings) { return setting }
            if unusable.contains(key.path) { return nil }
        }
        return nil
    }

    private mutating func pick(
        _ key: ConfigurationKey, from layer: SettingsLayer, _ findings: inout Findings
    ) -> Setting? {
        let direct = layer[key.path]
        guard key.isSecret else { return direct }
        let given = direct.flatMap { $0.value.content == .scalar("") ? nil : $0 }
        guard let reference = layer[key.fileKeyPath], reference.value.content != .scalar("") else { return given }
        if given != nil {
            findings.error(
                "\(key.path) and \(key.fileKeyPath) are both given", at: reference.value.location,
                remedy: "keep one of them")
            return given
        }
        let secret = Self.secret(of: key, reference, &findings)
        if secret == nil { unusable.insert(key.path) }
        return secret
    }

    /// No message repeats the path: a secret may have been written there by mistake.
    private static func secret(
        of key: ConfigurationKey, _ reference: Setting, _ findings: inout Findings
    ) -> Setting? {
        let location = reference.value.location
        guard case .scalar(let path) = reference.value.content else {
            findings.error(
                "\(key.fileKeyPath) must be the path of a file, not \(reference.value.typeName)", at: location,
                remedy: "write for example \(key.name)_file: /etc/3cx-zammad-bridge/\(key.name)")
            return nil
        }
        do {
            let text = try OverrideLayers.secret(at: path)
            guard !text.isEmpty else {
                findings.error(
                    "the file of \(key.fileKeyPath) is empty", at: location, remedy: "write the secret into it")
                return nil
            }
            return Setting(
                value: YAMLValue(content: .scalar(text), location: location), origin: .secretFile(path: path))
        } catch {
            findings.error(
                "the file of \(key.fileKeyPath) \(error.description)", at: location,
                remedy: "check the path and that the bridge's user may read it")
            return nil
        }
    }
}
