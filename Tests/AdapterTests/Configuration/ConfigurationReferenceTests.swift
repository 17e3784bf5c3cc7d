import Foundation
import Testing

@testable import Adapters

@Suite("Configuration: the key table and its documentation")
struct ConfigurationReferenceTests {
    private func documentation() throws -> String {
        let url = ConfigurationSamples.repository.appending(path: "docs/configuration.md")
        return try String(contentsOf: url, encoding: .utf8)
    }

    @Test("The documentation holds exactly the table of each section", arguments: ConfigurationSection.allCases)
    func documentationTables(section: ConfigurationSection) throws {
        let text = try documentation()
        let part = try #require(text.components(separatedBy: "\n## Section `\(section.rawValue)`\n").last)
        let rows = part.components(separatedBy: "\n## ")[0].split(separator: "\n").filter { $0.hasPrefix("|") }
        #expect(rows.joined(separator: "\n") == ConfigurationReference.table(of: section))
    }

    @Test("Variables and credentials that the documentation names exist")
    func documentedNames() throws {
        let text = try documentation()
        for match in text.matches(of: /ZAMMADBRIDGE_[A-Z0-9_]+/) where match.output != "ZAMMADBRIDGE_" {
            #expect(ConfigurationKeys.all.contains { $0.environmentName == String(match.output) })
        }
        for name in ConfigurationKeys.all.compactMap(\.credentialName) { #expect(text.contains(name)) }
        #expect(
            ConfigurationKeys.all.compactMap(\.credentialName) == [
                "bridge-status-token", "3cx-pass", "3cx-client-secret", "zammad-endpoint", "zammad-api-token",
            ])
    }

    @Test("Every secret has a key for a file, and every such key a secret")
    func secretFiles() {
        let fileKeys = ConfigurationKeys.all.filter { $0.kind == .secretFile }.map(\.path)
        #expect(ConfigurationKeys.all.filter(\.isSecret).map(\.fileKeyPath) == fileKeys)
    }

    @Test(
        "Distances count insertions, deletions, replacements and swaps",
        arguments: [("", "", 0), ("", "abc", 3), ("host", "hots", 1), ("user", "usr", 1), ("kitten", "sitting", 3)])
    func distances(left: String, right: String, distance: Int) {
        #expect(NearestName.damerauLevenshteinDistance(Array(left), Array(right)) == distance)
        #expect(NearestName.damerauLevenshteinDistance(Array(right), Array(left)) == distance)
    }
}
