import Adapters
import ArgumentParser
import Ports

struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Print the effective configuration, with where each value comes from.",
        discussion: "Secrets are masked. Apart from them the output is a valid configuration file.")

    @OptionGroup var configurationOptions: ConfigurationOptions

    @Flag(help: "Print JSON; docs/configuration.md describes it.")
    var json = false

    func run() async throws {
        let effective = try configurationOptions.load()
        for warning in effective.warnings { StandardStreams.printMessage("warning: \(warning)") }
        StandardStreams.printData(json ? try effective.renderJSON() : effective.render())
    }
}
