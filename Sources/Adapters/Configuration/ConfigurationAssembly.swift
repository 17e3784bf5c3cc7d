import Domain
import Ports

/// Puts together what was read of the single phone systems and Zammads, and checks what they are to each other.
struct ConfigurationAssembly {
    /// The settings as each pass has read them.
    let passes: [InterpretedSettings]
    let lists: ListedSections
    let file: FileLayer?

    private func entries(_ section: ConfigurationSection) -> ArraySlice<InterpretedSettings> {
        passes.prefix(lists.count(section))
    }

    private func location(_ section: ConfigurationSection, _ index: Int, key: String) -> ConfigurationLocation? {
        passes[index].location("\(section.rawValue).\(key)") ?? file.flatMap { lists.locations(in: $0, index)[section] }
    }

    // MARK: - The result

    /// `nil` when a required value is missing, which is reported.
    var configuration: BridgeConfiguration? {
        let built = passes.map(BridgeConfigurationBuilder.build)
        guard var configuration = built.first ?? nil else { return nil }
        configuration.furtherPhoneSystems = built[1..<lists.count(.phoneSystem)].compactMap { $0?.phoneSystem }
        configuration.furtherZammads = built[1..<lists.count(.zammad)].compactMap { $0?.zammad }
        guard lists.isList(.zammad) else { return configuration }
        let names = zammadNames
        configuration.zammad.name = ZammadName(names[0]) ?? .default
        for index in configuration.furtherZammads.indices {
            configuration.furtherZammads[index].name = ZammadName(names[index + 1]) ?? .default
        }
        return configuration
    }

    /// Those of a list: as given, else the host of the endpoint, numbered where that is not enough.
    private var zammadNames: [String] {
        var taken = Set(entries(.zammad).compactMap { $0.text("Zammad.name") })
        return entries(.zammad).enumerated().map { index, settings in
            if let name = settings.text("Zammad.name") { return name }
            let host = settings.text("Zammad.endpoint").flatMap(Self.host) ?? "zammad-\(index + 1)"
            var (name, number) = (host, 1)
            while !taken.insert(name).inserted {
                number += 1
                name = "\(host)-\(number)"
            }
            return name
        }
    }

    private static func host(_ endpoint: String) -> String? {
        do {
            let origin = try WebAddress(endpoint).writtenOrigin
            return origin.split(separator: "/").last.map { String($0.prefix(40)) }
        } catch {
            return nil
        }
    }

    var entries: [ConfigurationEntry] {
        ConfigurationSection.allCases.flatMap { section -> [ConfigurationEntry] in
            guard lists.isList(section) else { return EntryList.entries(passes[0], of: section) }
            let names =
                section == .zammad
                ? zammadNames : entries(section).enumerated().map { $1.text("3CX.name") ?? "\($0 + 1)" }
            return zip(entries(section), names).flatMap { EntryList.entries($0, of: section, entry: $1) }
        }
    }

    // MARK: - Checks

    func check(_ findings: inout Findings) {
        names(.phoneSystem, &findings)
        names(.zammad, &findings)
        matches(&findings)
        guard lists.count(.phoneSystem) > 1 else { return }
        for index in passes.indices.prefix(lists.count(.phoneSystem)) where !passes[index].isMentioned("3CX.name") {
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

    private func names(_ section: ConfigurationSection, _ findings: inout Findings) {
        var known: [String: Int] = [:]
        for (index, settings) in entries(section).enumerated() {
            guard let name = settings.text("\(section.rawValue).name") else { continue }
            // Variables are written in capitals.
            if let other = known.updateValue(index, forKey: name.uppercased()) {
                findings.error(
                    "the name \"\(name)\" is that of entry \(other + 1) of section \(section.rawValue) too",
                    at: location(section, index, key: "name"), remedy: "give each a name of its own")
            }
        }
    }

    private func matches(_ findings: inout Findings) {
        let zammads = entries(.zammad)
        let isUnusable = zammads.contains { $0.unusable.contains("Zammad.match") }
        let instances = entries(.phoneSystem).map { $0.text("3CX.name") ?? $0.text("Bridge.instance") ?? "" }
        var catchAll: Int?
        for (index, settings) in zammads.enumerated() {
            let match = settings.match("Zammad.match")
            for name in match.phoneSystems where !instances.contains(name) {
                findings.error(
                    "no phone system is called \"\(name.excerpt)\", as Zammad.match.pbx has it",
                    at: location(.zammad, index, key: "match"),
                    remedy: NearestName.nearest(to: name, among: instances).map { "did you mean \($0)?" }
                        ?? "the names are \(instances.joined(separator: ", "))")
            }
            if let catchAll {
                findings.warn(
                    "this Zammad never gets a call: entry \(catchAll + 1) before it takes every call",
                    at: location(.zammad, index, key: "name"), remedy: "put the entry without match last")
            } else if match.isCatchAll, !settings.unusable.contains("Zammad.match") {
                catchAll = index
            }
        }
        guard catchAll == nil, !isUnusable else { return }
        findings.warn(
            "calls that fit no Zammad.match are not reported",
            at: location(.zammad, lists.count(.zammad) - 1, key: "match"),
            remedy: "add a Zammad without match at the end, or leave it so if those calls are of no interest")
    }
}
