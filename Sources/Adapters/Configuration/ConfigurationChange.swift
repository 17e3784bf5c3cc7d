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

    /// What the state directory, the ids of live calls and the listening socket hang on.
    private static let restartKeys: Set<String> = [
        "Bridge.state_dir", "Bridge.instance", "Bridge.history_days", "Bridge.status_listen",
    ]

    /// In the order of the documentation.
    package static func between(
        _ old: EffectiveConfiguration, _ new: EffectiveConfiguration
    ) -> [ConfigurationChange] {
        let before = Dictionary(old.entries.map { ($0.path, $0.value) }) { first, _ in first }
        let (known, wanted) = (old.listed, new.listed)
        let come = wanted.filter { !known.contains($0) }
        let gone = known.filter { !wanted.contains($0) }
        let changed = new.entries.filter { !come.contains($0.owner) }
        return changed.compactMap { entry in
            let needsRestart =
                restartKeys.contains(entry.path)
                || entry.path == "Bridge.status_token" && new.opensStatusPage(of: old)
            if ConfigurationKeys.key("\(entry.section).\(entry.key)")?.isSecret == true {
                guard old.configuration.secret(entry) != new.configuration.secret(entry) else { return nil }
                return ConfigurationChange(key: entry.path, old: nil, new: nil, needsRestart: needsRestart)
            }
            let value = before[entry.path] ?? .none
            guard value != entry.value else { return nil }
            return ConfigurationChange(
                key: entry.path, old: YAMLLiteral.literal(value), new: YAMLLiteral.literal(entry.value),
                needsRestart: needsRestart)
        }
            + come.map { ConfigurationChange(key: $0, old: "~", new: "added", needsRestart: false) }
            + gone.map { ConfigurationChange(key: $0, old: "configured", new: "removed", needsRestart: false) }
    }
}

extension EffectiveConfiguration {
    /// This one, but for the settings that only a restart can change: they are those of the configuration in force.
    package func keepingWhatNeedsRestart(of running: EffectiveConfiguration) -> EffectiveConfiguration {
        var configuration = configuration
        configuration.bridge.stateDirectory = running.configuration.bridge.stateDirectory
        configuration.bridge.instance = running.configuration.bridge.instance
        configuration.bridge.historyDays = running.configuration.bridge.historyDays
        configuration.bridge.statusListen = running.configuration.bridge.statusListen
        if opensStatusPage(of: running) { configuration.bridge.statusToken = running.configuration.bridge.statusToken }
        let kept = Set(ConfigurationChange.between(running, self).filter(\.needsRestart).map(\.key))
        let entries = entries.map { entry in
            kept.contains(entry.path) ? running.entries.first { $0.path == entry.path } ?? entry : entry
        }
        return EffectiveConfiguration(
            configuration: configuration, warnings: warnings, filePath: filePath, entries: entries)
    }
}

extension EffectiveConfiguration {
    /// Whether everybody could read the status page that `running` shows to others than this machine: its address goes
    /// with its token, and stays until the restart.
    fileprivate func opensStatusPage(of running: EffectiveConfiguration) -> Bool {
        configuration.bridge.statusToken == nil && running.configuration.bridge.statusToken != nil
            && StatusAddress(running.configuration.bridge.statusListen)?.isLoopback == false
    }
}

extension ConfigurationEntry {
    fileprivate var path: String { "\(owner).\(key)" }

    /// The section, or the entry of its list: `Zammad[acme]`.
    fileprivate var owner: String { section + (entry.map { "[\($0)]" } ?? "") }
}

extension EffectiveConfiguration {
    /// The entries of lists.
    fileprivate var listed: [String] {
        var listed: [String] = []
        for entry in entries where entry.entry != nil && listed.last != entry.owner { listed.append(entry.owner) }
        return listed
    }
}

extension BridgeConfiguration {
    fileprivate func secret(_ entry: ConfigurationEntry) -> Secret? {
        let phoneSystem = phoneSystems.first { $0.name.text == entry.entry } ?? phoneSystem
        let zammad = zammads.first { $0.name.text == entry.entry } ?? zammad
        return switch "\(entry.section).\(entry.key)" {
        case "Bridge.status_token": bridge.statusToken
        case "3CX.pass": phoneSystem.password
        case "3CX.client_secret": phoneSystem.clientSecret
        case "Zammad.endpoint": zammad.endpoint
        case "Zammad.api_token": zammad.apiToken
        default: nil
        }
    }
}
