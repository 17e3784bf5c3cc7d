import ArgumentParser
import Ports

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check the configuration and exit.",
        discussion: "Prints all problems at once, with line and column. Exits with 0, or with 78 if there are errors.")

    @OptionGroup var configurationOptions: ConfigurationOptions

    func run() async throws {
        let effective = try configurationOptions.load()
        for warning in effective.warnings { StandardStreams.printData("! \(warning)") }
        StandardStreams.printData("✓ configuration \(effective.filePath ?? "from the environment") is valid")
    }
}
