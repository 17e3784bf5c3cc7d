import Adapters
import ArgumentParser
import Domain
import FoundationEssentials
import Ports

/// Where the journal is, for the commands that look into it.
struct OutboxOptions: ParsableArguments {
    @OptionGroup var configurationOptions: ConfigurationOptions

    @Option(
        help: ArgumentHelp(
            "The state directory of the bridge.",
            discussion: """
                Without it Bridge.state_dir is read from the configuration, which must then be complete, secrets \
                included.
                """,
            valueName: "path"))
    var stateDir: String?

    /// The names of the Zammads that are configured; `nil` if the configuration is not read.
    func zammads() throws -> [ZammadName]? {
        stateDir == nil ? try configurationOptions.load().configuration.zammads.map(\.name) : nil
    }

    func stateDirectory() throws -> StateDirectory {
        guard let stateDir else { return try configurationOptions.load().stateDirectory }
        return StateDirectory(configured: stateDir, environment: ProcessInfo.processInfo.environment)
    }
}
