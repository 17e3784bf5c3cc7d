import ArgumentParser

/// The program: `swift run app …` in a checkout, `zammadbridge …` once installed.
@main
struct ZammadBridgeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "zammadbridge",
        abstract: "Reports the calls of a 3CX phone system to Zammad.",
        discussion: """
            Without a subcommand it runs as a daemon, as the reference bridge does. Messages go to stderr, data to \
            stdout.

            Exit codes: 0 ok, 1 expectation failed, something is wrong or nothing found, 64 usage, 65 bad input data, \
            69 unreachable, 74 state directory, journal or file unusable, 77 credentials refused, 78 configuration.
            """,
        version: ProgramVersion.text,
        subcommands: [
            RunCommand.self, SetupCommand.self, DemoCommand.self, CheckCommand.self, StatusCommand.self,
            TapCommand.self,
            ExplainCommand.self, SimulateCommand.self, RecordCommand.self, ConfigCommand.self, OutboxCommand.self,
            LifecycleCommand.self, ManualCommand.self,
        ],
        defaultSubcommand: RunCommand.self
    )

    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        if let complaint = MistypedCommand.complaint(about: arguments, to: Self.self) {
            StandardStreams.printMessage(complaint)
            exit(withError: ExitCode.validationFailure)
        }
        await main(arguments)
    }
}

enum ProgramVersion {
    static let number = "1.0.0"

    static let text = "zammadbridge \(number)"

    /// For the User-Agent header.
    static let product = "3cx-zammad-bridge/\(number)"
}
