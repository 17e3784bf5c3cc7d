import Ports

/// A value that one of the layers gives for a key.
struct Setting: Equatable, Sendable {
    let value: YAMLValue
    let origin: ConfigurationOrigin
}

/// What one layer gives, by the path of the key.
typealias SettingsLayer = [String: Setting]

/// Picks, for each key, the value of the layer that counts most.
struct SettingsMerge {
    private(set) var settings: SettingsLayer = [:]
    /// Whether a `…_file` key could not be read: the key it stands for is then not also reported as missing.
    private(set) var unreadable: Set<String> = []

    /// - Parameter layers: the one that counts most first.
    init(layers: [SettingsLayer], findings: inout Findings) {
        for key in ConfigurationKeys.all where key.kind != .secretFile {
            for layer in layers {
                if let setting = pick(key, from: layer, &findings) {
                    settings[key.path] = setting
                    break
                }
                if unreadable.contains(key.path) { break }
            }
        }
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
        return readSecret(of: key, reference, &findings)
    }

    /// No message repeats the path: a secret may have been written there by mistake.
    private mutating func readSecret(
        of key: ConfigurationKey, _ reference: Setting, _ findings: inout Findings
    ) -> Setting? {
        let location = reference.value.location
        unreadable.insert(key.path)
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
            unreadable.remove(key.path)
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
