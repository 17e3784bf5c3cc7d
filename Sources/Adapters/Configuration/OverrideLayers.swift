import Ports

/// The settings that come from outside the configuration file.
enum OverrideLayers {
    static let maximumSecretBytes = 65536

    static func environment(_ environment: [String: String], _ findings: inout Findings) -> SettingsLayer {
        var layer: SettingsLayer = [:]
        let known = ConfigurationKeys.all.filter { $0.kind != .match }
        let prefix = ConfigurationKey.environmentPrefix
        // Compared without what all have in common, which would make everything look near.
        let names = known.compactMap(\.environmentName).map { String($0.dropFirst(prefix.count)) }
        for (name, text) in environment.sorted(by: { $0.key < $1.key })
        where name.hasPrefix(prefix) {
            let location = ConfigurationLocation.environment(name)
            if let key = known.first(where: { $0.environmentName == name }) {
                layer[key.path] = Setting(value: value(text, key, location), origin: .environment(name))
                continue
            }
            let remedy =
                NearestName.nearest(to: String(name.dropFirst(prefix.count)), among: names)
                .map { "did you mean \(prefix)\($0)?" } ?? "unset it; docs/configuration.md lists the variables"
            findings.error("unknown setting", at: location, remedy: remedy)
        }
        return layer
    }

    static func flags(_ overrides: [String: String], _ findings: inout Findings) -> SettingsLayer {
        var layer: SettingsLayer = [:]
        for (path, text) in overrides.sorted(by: { $0.key < $1.key }) {
            let location = ConfigurationLocation.flag(path)
            guard let key = ConfigurationKeys.key(path), !key.kind.isMapping else {
                let names = ConfigurationKeys.all.filter { !$0.kind.isMapping }.map(\.path)
                let remedy =
                    NearestName.nearest(to: path, among: names).map { "did you mean \($0)?" }
                    ?? "write it as SECTION.KEY"
                findings.error("unknown setting", at: location, remedy: remedy)
                continue
            }
            layer[path] = Setting(value: value(text, key, location), origin: .flag)
        }
        return layer
    }

    /// Secrets that systemd's `LoadCredential=` provides.
    static func credentials(directory: String, _ findings: inout Findings) -> SettingsLayer {
        var layer: SettingsLayer = [:]
        for key in ConfigurationKeys.all {
            guard let name = key.credentialName else { continue }
            let location = ConfigurationLocation.credential(name)
            do {
                let text = try secret(at: directory + "/" + name)
                layer[key.path] = Setting(
                    value: YAMLValue(content: .scalar(text), location: location), origin: .credential(name))
            } catch .notFound {
                continue
            } catch {
                findings.error(
                    "the credential \(error.description)", at: location,
                    remedy: "check LoadCredential= in the unit file")
            }
        }
        return layer
    }

    /// The content of a file without the newline at its end, which most editors add.
    static func secret(at path: String) throws(BoundedFile.Failure) -> String {
        let bytes = try BoundedFile.read(path, limit: maximumSecretBytes)
        guard var text = String(validating: bytes, as: UTF8.self) else {
            throw .unreadable(reason: "it is not valid UTF-8")
        }
        // "\r\n" is one Character.
        if let last = text.last, last == "\n" || last == "\r\n" { text.removeLast() }
        return text
    }

    private static func value(_ text: String, _ key: ConfigurationKey, _ location: ConfigurationLocation) -> YAMLValue {
        guard key.kind.isList else { return YAMLValue(content: .scalar(text), location: location) }
        let elements = text.split(separator: ",").map { part in
            YAMLValue(content: .scalar(part.trimmingSpaces), location: location)
        }
        return YAMLValue(content: .list(elements), location: location)
    }
}

extension Substring {
    /// Without the spaces and tabs around it.
    var trimmingSpaces: String {
        let start = drop(while: { $0 == " " || $0 == "\t" })
        return String(start.reversed().drop(while: { $0 == " " || $0 == "\t" }).reversed())
    }
}
