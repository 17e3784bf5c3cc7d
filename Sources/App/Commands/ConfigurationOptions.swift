import Adapters
import ArgumentParser
import FoundationEssentials
import Ports

/// How the configuration is found, for all commands that need it.
struct ConfigurationOptions: ParsableArguments {
    @Option(
        name: [.customShort("c"), .long],
        help: ArgumentHelp(
            "The configuration file.",
            discussion: """
                Without it the first that exists of /etc/3cx-zammad-bridge/config.yaml, \
                /opt/3cx-zammad-bridge/config.yaml and ./config.yaml.
                """,
            valueName: "file"))
    var config: String?

    /// The configuration as it is at the time of the call.
    func read() throws(ConfigurationError) -> EffectiveConfiguration {
        try YAMLConfigurationSource(path: config, environment: ProcessInfo.processInfo.environment).load()
    }

    /// Prints all problems and ends with 78 if the configuration is wrong.
    func load() throws -> EffectiveConfiguration {
        do {
            return try read()
        } catch {
            for problem in error.problems {
                StandardStreams.printMessage("error: \(problem)")
                for line in problem.excerpt { StandardStreams.printMessage("    \(line)") }
            }
            throw ExitCode.configuration
        }
    }
}
