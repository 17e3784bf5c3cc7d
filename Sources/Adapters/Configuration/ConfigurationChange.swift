import Domain
package import Ports

/// One setting that differs between the configuration in force and one that was read again.
package struct ConfigurationChange: Equatable, Sendable {
    /// `Section.key`
    package let key: String
    /// As the file would say it; `nil` for a secret.
    package let old: String?
    package let new: String?
    /// Whether the bridge goes on with the old value until it is started again.
    package let needsRestart: Bool

    /// In the order of the documentation.
    package static func between(
        _ old: EffectiveConfiguration, _ new: EffectiveConfiguration
    ) -> [ConfigurationChange] {
        let (known, wanted) = (old.listed, new.listed)
        let come = wanted.filter { !known.contains($0) }
        let gone = known.filter { !wanted.contains($0) }
        // The entries of one owner stand together: of a thousand Zammads each is looked for once, not once a key.
        var (owner, before, after) = ("", old.configuration, new.configuration)
        let changed = new.entries.filter { !come.contains($0.owner) }.compactMap { entry in
            if entry.owner != owner {
                (owner, before, after) = (entry.owner, old.configuration.part(entry), new.configuration.part(entry))
            }
            return between(before, after, entry)
        }
        return changed
            + come.map { ConfigurationChange(key: $0, old: "~", new: "added", needsRestart: false) }
            + gone.map { ConfigurationChange(key: $0, old: "configured", new: "removed", needsRestart: false) }
    }

    /// `nil` if the entry is the same in both, each with the entry's owner in front.
    private static func between(
        _ before: BridgeConfiguration, _ after: BridgeConfiguration, _ entry: ConfigurationEntry
    ) -> ConfigurationChange? {
        guard let key = ConfigurationKeys.key("\(entry.section).\(entry.key)") else { return nil }
        let (old, new, needsRestart) = (key.shown(before), key.shown(after), key.keepsOld(before, after))
        if key.isSecret {
            return key.secret(before) == key.secret(after)
                ? nil : ConfigurationChange(key: entry.path, old: nil, new: nil, needsRestart: needsRestart)
        }
        return old == new
            ? nil
            : ConfigurationChange(
                key: entry.path, old: YAMLLiteral.literal(old), new: YAMLLiteral.literal(new),
                needsRestart: needsRestart)
    }
}

extension EffectiveConfiguration {
    /// This one, but for the settings that only a restart can change: they are those of the configuration in force.
    package func keepingWhatNeedsRestart(of running: EffectiveConfiguration) -> EffectiveConfiguration {
        var kept = configuration
        var entries = entries
        for key in ConfigurationKeys.settings where key.keepsOld(running.configuration, configuration) {
            key.copy(from: running.configuration, to: &kept)
            for index in entries.indices where entries[index].path == key.path {
                entries[index] = running.entries.first { $0.path == key.path } ?? entries[index]
            }
        }
        return EffectiveConfiguration(configuration: kept, warnings: warnings, filePath: filePath, entries: entries)
    }

    /// The entries of lists.
    fileprivate var listed: [String] {
        var listed: [String] = []
        for entry in entries where entry.entry != nil && listed.last != entry.owner { listed.append(entry.owner) }
        return listed
    }
}

extension ConfigurationKey {
    /// Whether a bridge goes on with what it has when it reads another configuration.
    fileprivate func keepsOld(_ running: BridgeConfiguration, _ read: BridgeConfiguration) -> Bool {
        if needsRestart { return true }
        // Without it everybody could read a page that is shown to others than this machine: the address of the page
        // goes with it, and stays until the restart.
        return path == "Bridge.status_token" && read.bridge.statusToken == nil && running.bridge.statusToken != nil
            && StatusAddress(running.bridge.statusListen)?.isLoopback == false
    }
}

extension ConfigurationEntry {
    fileprivate var path: String { "\(owner).\(key)" }

    /// The section, or the entry of its list: `Zammad[acme]`.
    fileprivate var owner: String { section + (entry.map { "[\($0)]" } ?? "") }
}

extension BridgeConfiguration {
    /// With the phone system or Zammad of the entry in front.
    fileprivate func part(_ entry: ConfigurationEntry) -> BridgeConfiguration {
        var part = self
        if let found = phoneSystems.first(where: { $0.name.text == entry.entry }) { part.phoneSystem = found }
        if let found = zammads.first(where: { $0.name.text == entry.entry }) { part.zammad = found }
        return part
    }
}
