import Domain
import Ports
import Wire

/// Puts together what was read of the single phone systems and Zammads, and checks what they are to each other.
struct ConfigurationAssembly {
    /// The settings as each pass has read them.
    let passes: [SettingsReading]
    let file: FileLayer

    private var phoneSystems: ArraySlice<SettingsReading> { passes.prefix(file.count(.phoneSystem)) }
    private var zammads: ArraySlice<SettingsReading> { passes.prefix(file.count(.zammad)) }

    private func location(_ section: ConfigurationSection, _ index: Int, key: String) -> ConfigurationLocation? {
        passes[index].location("\(section.rawValue).\(key)") ?? file.locations(index)[section]
    }

    // MARK: - The result

    /// Complete if no problem is reported.
    var configuration: BridgeConfiguration {
        var configuration = passes[0].configuration
        configuration.furtherPhoneSystems = phoneSystems.dropFirst().map(\.configuration.phoneSystem)
        configuration.furtherZammads = zammads.dropFirst().map(\.configuration.zammad)
        guard file.isList(.zammad) else { return configuration }
        let names = zammadNames.map { ZammadName($0) ?? .default }
        configuration.zammad.name = names[0]
        for (index, name) in names.dropFirst().enumerated() { configuration.furtherZammads[index].name = name }
        return configuration
    }

    /// Those of a list: as given, else the host of the endpoint, numbered where that is not enough.
    private var zammadNames: [String] {
        let given = zammads.map(\.configuration.zammad)
        var taken = Set(given.compactMap(\.name.shown))
        return given.enumerated().map { index, zammad in
            if let name = zammad.name.shown { return name }
            let host = Self.host(zammad.endpoint) ?? "zammad-\(index + 1)"
            var (name, number) = (host, 1)
            while !taken.insert(name).inserted {
                number += 1
                name = "\(host)-\(number)"
            }
            return name
        }
    }

    private static func host(_ endpoint: Secret) -> String? {
        let origin = try? WebAddress(endpoint.reveal()).writtenOrigin
        return origin?.split(separator: "/").last.map { String($0.prefix(40)) }
    }

    var entries: [ConfigurationEntry] {
        ConfigurationSection.allCases.flatMap { section -> [ConfigurationEntry] in
            guard file.isList(section) else { return passes[0].entries(of: section) }
            let names =
                section == .zammad
                ? zammadNames
                : phoneSystems.enumerated().map { $1.configuration.phoneSystem.name.shown ?? "\($0 + 1)" }
            return zip(passes, names).flatMap { $0.entries(of: section, entry: $1) }
        }
    }

    // MARK: - Checks

    func check(_ findings: inout Findings) {
        names(.phoneSystem, phoneSystems.map(\.configuration.phoneSystem.name.shown), &findings)
        names(.zammad, zammads.map(\.configuration.zammad.name.shown), &findings)
        matches(&findings)
        guard phoneSystems.count > 1 else { return }
        for index in phoneSystems.indices where !passes[index].isMentioned("3CX.name") {
            findings.error(
                "3CX.name is missing: with several phone systems it is part of the call ids",
                at: location(.phoneSystem, index, key: "name"), remedy: "add name: berlin, or what it is called")
        }
        if passes[0].has("Bridge.instance") {
            findings.warn(
                "Bridge.instance has no effect with several phone systems", at: passes[0].location("Bridge.instance"),
                remedy: "remove it; the name of each is its instance")
        }
    }

    private func names(_ section: ConfigurationSection, _ names: [String?], _ findings: inout Findings) {
        var known: [String: Int] = [:]
        for case (let index, let name?) in names.enumerated() {
            // Variables are written in capitals.
            if let other = known.updateValue(index, forKey: name.uppercased()) {
                findings.error(
                    "the name \"\(name)\" is that of entry \(other + 1) of section \(section.rawValue) too",
                    at: location(section, index, key: "name"), remedy: "give each a name of its own")
            }
        }
    }

    private func matches(_ findings: inout Findings) {
        let instances = phoneSystems.map(\.configuration).map { $0.phoneSystem.name.shown ?? $0.bridge.instance }
        var catchAll: Int?
        for (index, settings) in zammads.enumerated() {
            let match = settings.configuration.zammad.match
            for name in match.phoneSystems where !instances.contains(name) {
                findings.error(
                    "no phone system is called \"\(name.excerpt)\", as Zammad.match.pbx has it",
                    at: location(.zammad, index, key: "match"),
                    remedy: NearestName.remedy(for: name, among: instances, "the names are"))
            }
            if let catchAll {
                findings.warn(
                    "this Zammad never gets a call: entry \(catchAll + 1) before it takes every call",
                    at: location(.zammad, index, key: "name"), remedy: "put the entry without match last")
            } else if match.isCatchAll, !settings.unusable.contains("Zammad.match") {
                catchAll = index
            }
        }
        guard catchAll == nil, !zammads.contains(where: { $0.unusable.contains("Zammad.match") }) else { return }
        findings.warn(
            "calls that fit no Zammad.match are not reported",
            at: location(.zammad, zammads.count - 1, key: "match"),
            remedy: "add a Zammad without match at the end, or leave it so if those calls are of no interest")
    }
}
