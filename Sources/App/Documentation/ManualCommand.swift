import ArgumentParser
import FoundationEssentials

/// For whoever makes packages.
struct ManualCommand: AsyncParsableCommand {
    enum Page: String, CaseIterable, ExpressibleByArgument {
        case commands
        case configuration
    }

    static let configuration = CommandConfiguration(
        commandName: "manual", abstract: "Print a man page: commands or configuration.", shouldDisplay: false)

    @Argument(help: "commands: zammadbridge(1); configuration: 3cx-zammad-bridge.yaml(5).")
    var page: Page

    @Option(help: "The date at the foot of the page.")
    var date = ""

    func run() async throws {
        switch page {
        case .commands:
            let description = Data(ZammadBridgeCommand._dumpHelp().utf8)
            let tool = try JSONDecoder().decode(ToolDescription.self, from: description)
            StandardStreams.printData(CommandManual(tool: tool, version: ProgramVersion.text, date: date).text)
        case .configuration:
            StandardStreams.printData(ConfigurationManual(version: ProgramVersion.text, date: date).text)
        }
    }
}
