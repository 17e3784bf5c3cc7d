import Foundation
import Testing

@testable import Adapters

@Suite("Configuration: the key table and its documentation")
struct ConfigurationReferenceTests {
    private func documentation() throws -> String {
        let url = ConfigurationSamples.repository.appending(path: "docs/configuration.md")
        return try String(contentsOf: url, encoding: .utf8)
    }

    @Test("The documentation holds exactly the table of each section")
    func documentationTables() throws {
        let text = try documentation()
        for section in ConfigurationReference.sections {
            let part = try #require(text.components(separatedBy: "\n## Section `\(section.name)`\n").last)
            let rows = part.components(separatedBy: "\n## ")[0].split(separator: "\n").filter { $0.hasPrefix("|") }
            #expect(rows.joined(separator: "\n") == ConfigurationReference.table(of: section), "run: make docs")
        }
    }

    @Test("Every property of a section of BridgeConfiguration has a key, and a key has one")
    func properties() {
        let configuration = ConfigurationKeys.defaults
        let parts: [(ConfigurationSection, Any)] = [
            (.bridge, configuration.bridge), (.phoneSystem, configuration.phoneSystem),
            (.zammad, configuration.zammad),
        ]
        for (section, part) in parts {
            let properties = Mirror(reflecting: part).children.compactMap(\.label).filter { $0 != "readsDIDs" }
            #expect(properties.count == ConfigurationKeys.settings.count { $0.section == section }, "\(properties)")
        }
    }

    @Test("Variables and credentials that the documentation names exist")
    func documentedNames() throws {
        let text = try documentation()
        for match in text.matches(of: /ZAMMADBRIDGE_[A-Z0-9_]+/) where match.output != "ZAMMADBRIDGE_" {
            #expect(ConfigurationKeys.all.contains { $0.environmentName() == String(match.output) })
        }
        for name in ConfigurationKeys.all.compactMap({ $0.credentialName() }) { #expect(text.contains(name)) }
        #expect(
            ConfigurationKeys.all.compactMap({ $0.credentialName() }) == [
                "bridge-status-token", "3cx-pass", "3cx-client-secret", "zammad-endpoint", "zammad-api-token",
            ])
    }

    @Test("Every secret has a key for a file, beside it")
    func secretFiles() {
        let secrets = ConfigurationKeys.settings.filter(\.isSecret)
        let names = ConfigurationKeys.all.map(\.path)
        for key in secrets {
            #expect(names.firstIndex(of: key.fileKeyPath) == names.firstIndex(of: key.path).map { $0 + 1 })
        }
        #expect(names.count == ConfigurationKeys.settings.count + secrets.count)
    }

    @Test(
        "Distances count insertions, deletions, replacements and swaps",
        arguments: [("", "", 0), ("", "abc", 3), ("host", "hots", 1), ("user", "usr", 1), ("kitten", "sitting", 3)])
    func distances(left: String, right: String, distance: Int) {
        #expect(NearestName.damerauLevenshteinDistance(Array(left), Array(right)) == distance)
        #expect(NearestName.damerauLevenshteinDistance(Array(right), Array(left)) == distance)
    }
}
