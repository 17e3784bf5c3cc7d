import Adapters
import ArgumentParser
import FoundationEssentials

/// For whoever makes packages.
struct ManualCommand: AsyncParsableCommand {
    enum Page: String, CaseIterable, ExpressibleByArgument {
        case commands
        case configuration
        case cli
        case keys
    }

    static let configuration = CommandConfiguration(
        commandName: "manual", abstract: "Print a man page, or what the documentation has from the program.",
        shouldDisplay: false)

    @Argument(
        help: """
            commands: zammadbridge(1); configuration: 3cx-zammad-bridge.yaml(5); cli: docs/cli.md; keys: the tables of \
            docs/configuration.md.
            """)
    var page: Page

    @Option(help: "The date at the foot of the page.")
    var date = ""

    func run() async throws {
        switch page {
        case .commands:
            StandardStreams.printData(try CommandManual(tool: tool(), version: ProgramVersion.text, date: date).text)
        case .configuration:
            StandardStreams.printData(ConfigurationManual(version: ProgramVersion.text, date: date).text)
        case .cli:
            // The page ends its last line itself.
            StandardStreams.printData(String(try CommandReference(tool: tool()).text.dropLast()))
        case .keys:
            let tables = ConfigurationReference.sections.map { section in
                "## Section `\(section.name)`\n\n\(ConfigurationReference.table(of: section))"
            }
            StandardStreams.printData(tables.joined(separator: "\n\n"))
        }
    }

    private func tool() throws -> ToolDescription {
        try JSONDecoder().decode(ToolDescription.self, from: Data(ZammadBridgeCommand._dumpHelp().utf8))
    }
}
