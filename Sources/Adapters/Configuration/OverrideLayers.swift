import Ports
import Wire

/// The settings that come from outside the configuration file.
enum OverrideLayers {
    static let maximumSecretBytes = 65536

    /// - Returns: a layer for each pass.
    static func environment(
        _ environment: [String: String], _ file: FileLayer, _ findings: inout Findings
    ) -> [SettingsLayer] {
        var layers = [SettingsLayer](repeating: [:], count: file.passes)
        var known: Set<String> = []
        for key in ConfigurationKeys.all {
            for entry in 0..<file.count(key.section) {
                for name in file.tags(key.section, entry).compactMap({ key.environmentName($0) }) {
                    known.insert(name)
                    guard let text = environment[name] else { continue }
                    let setting = Setting(value: value(text, key, .environment(name)), origin: .environment(name))
                    for pass in layers.indices where file.index(key.section, pass) == entry {
                        layers[pass][key.path] = setting
                    }
                }
            }
        }
        let prefix = ConfigurationKey.environmentPrefix
        for name in environment.keys.sorted() where name.hasPrefix(prefix) && !known.contains(name) {
            let location = ConfigurationLocation.environment(name)
            if let key = ConfigurationKeys.all.first(where: { $0.environmentName() == name }) {
                let example = file.tags(key.section, 0).last.flatMap { key.environmentName($0) }
                findings.error(
                    "it is not said which entry of section \(key.section.rawValue) is meant", at: location,
                    remedy: "use for example \(example ?? prefix + key.section.rawValue)")
            } else if !ConfigurationKeys.reportWithdrawn(name, at: location, &findings) {
                let plain = ConfigurationKeys.all.compactMap { $0.environmentName() }
                reportUnknown(name, at: location, known.union(plain), &findings)
            }
        }
        return layers
    }

    private static func reportUnknown(
        _ name: String, at location: ConfigurationLocation, _ known: some Collection<String>, _ findings: inout Findings
    ) {
        // Compared without what all have in common, which would make everything look near.
        let prefix = ConfigurationKey.environmentPrefix
        let names = known.sorted().map { String($0.dropFirst(prefix.count)) }
        let remedy =
            NearestName.nearest(to: String(name.dropFirst(prefix.count)), among: names)
            .map { "did you mean \(prefix)\($0)?" } ?? "unset it; docs/configuration.md lists the variables"
        findings.error("unknown setting", at: location, remedy: remedy)
    }

    /// Secrets that systemd's `LoadCredential=` provides.
    static func credentials(
        _ directory: String, _ file: FileLayer, _ pass: Int, _ findings: inout Findings
    ) -> SettingsLayer {
        var layer: SettingsLayer = [:]
        for key in ConfigurationKeys.all {
            // A name says most, a position more than nothing.
            let tags = file.tags(key.section, file.index(key.section, pass)).reversed()
            for name in tags.compactMap({ key.credentialName($0) }) where layer[key.path] == nil {
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
        guard key.shape == .list else { return YAMLValue(content: .scalar(text), location: location) }
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
