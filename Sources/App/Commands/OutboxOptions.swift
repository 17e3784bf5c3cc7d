import Adapters
import ArgumentParser
import FoundationEssentials

/// Where the journal is, for the commands that look into it.
struct OutboxOptions: ParsableArguments {
    @OptionGroup var configurationOptions: ConfigurationOptions

    @Option(
        help: ArgumentHelp(
            "The state directory of the bridge.",
            discussion: "Without it the configuration tells, which must then be complete, secrets included.",
            valueName: "path"))
    var stateDir: String?

    func stateDirectory() throws -> StateDirectory {
        guard let stateDir else { return try configurationOptions.load().stateDirectory }
        return StateDirectory(configured: stateDir, environment: ProcessInfo.processInfo.environment)
    }
}
