import Adapters
import ArgumentParser
import Ports

struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Print the effective configuration, with where each value comes from.",
        discussion: """
            Secrets are masked. Apart from them the output is a valid configuration file. With --example it is a file \
            with comments, to start from; zammadbridge setup writes one by asking.
            """)

    @OptionGroup var configurationOptions: ConfigurationOptions

    @Flag(help: "Print JSON; docs/configuration.md describes it.")
    var json = false

    @Flag(help: "Print the example file with its comments, and read no configuration.")
    var example = false

    func validate() throws {
        guard example, json else { return }
        throw ValidationError("--example and --json exclude each other")
    }

    func run() async throws {
        if example { return StandardStreams.printLineStart(ConfigurationReference.example) }
        let effective = try configurationOptions.load()
        for warning in effective.warnings { StandardStreams.printMessage("warning: \(warning)") }
        StandardStreams.printData(json ? try effective.renderJSON() : effective.render())
    }
}
