import Adapters
import ArgumentParser
import FoundationEssentials

struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Replay recorded sessions, or run drawn worlds, and check what Zammad would be told.",
        discussion: """
            With --seeds or --seed it runs the whole bridge in worlds drawn from seeds, with faults of every kind, and compares \
            Zammad's log with what truly happened (docs/reliability.md). A violation prints the run's trace and ends in exit code 1.

            With --explore it tries every sequence of so many inputs with one call, and of three fewer with two (docs/reliability.md).

            Each fixture runs on a virtual clock through the decoders and the core of the daemon; docs/fixtures.md describes \
            the format. Exits with 0, with 1 if an expectation failed, or with 65 if a file is no fixture. --format html makes one page \
            of all of them, with each call over time: -o report.html writes it into a file.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text
        case json
        case html
    }

    @Argument(help: ArgumentHelp("The fixtures.", valueName: "file"))
    var files: [String] = []

    @Option(help: "Run so many drawn worlds instead of fixtures.")
    var seeds: Int?

    @Option(help: "The first seed, or the only one without --seeds.")
    var seed: UInt64?

    @Option(help: "Try every sequence of so many inputs instead.")
    var explore: Int?

    @Option(help: "What may go wrong: all, none, or some of network,zammad,pbx,disk,process,power.")
    var faults = "all"

    @Option(help: "Break one promise on purpose, to see that it is noticed; docs/reliability.md has the names.")
    var mutation: SimulationMutation?

    @Flag(name: [.customShort("v"), .long], help: "With --seed alone: print the whole trace.")
    var trace = false

    @Option(
        help: ArgumentHelp("With --seed alone: write what 3CX showed in that world as a fixture.", valueName: "file"))
    var fixture: String?

    @Option(help: "Output: text, json, or html (one page, for fixtures only).")
    var format: Format = .text

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Write the output into a file; with --format html or json, of fixtures.", valueName: "file"))
    var output: String?

    @Flag(help: "Write what happened into the files as their expectation; read the difference before you commit it.")
    var update = false

    @Flag(name: .shortAndLong, help: "Print the timelines of failed fixtures only.")
    var quiet = false

    func validate() throws {
        let hasSeeds = seeds != nil || seed != nil
        let ways = [!files.isEmpty, hasSeeds, explore != nil].count { $0 }
        if ways != 1 { throw ValidationError("give fixtures, or --seeds, or --seed, or --explore") }
        if let explore, !(1...12).contains(explore) { throw ValidationError("--explore: 1 to 12") }
        if fixture != nil, seed == nil || seeds != nil { throw ValidationError("--fixture goes with --seed alone") }
        if SimulationFaults(text: faults) == nil {
            throw ValidationError(
                "--faults: all, none, or some of network,zammad,pbx,disk,process,power with commas between")
        }
        if hasSeeds, format == .html { throw ValidationError("--format html goes with fixtures only") }
        if output != nil, hasSeeds || format == .text {
            throw ValidationError("--output goes with fixtures and --format html or json")
        }
        if let seeds, !(1...100_000_000).contains(seeds) { throw ValidationError("--seeds: 1 to 100000000") }
        if let seed, seed > UInt64.max / 2 { throw ValidationError("--seed: 0 to \(UInt64.max / 2)") }
    }

    func run() async throws {
        if let explore { return try await runExploration(depth: explore) }
        if files.isEmpty { return try await runSeeds() }
        var reports: [SimulationReport] = []
        var hasBadFile = false
        let terminal = TerminalText(hasColours: StandardStreams.dataHasColours)
        for path in files {
            do {
                let report = try await simulate(path)
                reports.append(report)
                if format == .text {
                    StandardStreams.printData(report.text(showsTimeline: !quiet || !report.passed, on: terminal))
                }
            } catch {
                hasBadFile = true
                StandardStreams.printMessage("error: \(error)")
            }
        }
        let failed = reports.count { !$0.passed }
        switch format {
        case .text:
            StandardStreams.printData("\(reports.count - failed) passed, \(failed) failed")
        case .json: try write(SimulationReport.json(reports) + "\n")
        case .html: try write(SimulationPage.html(reports))
        }
        if hasBadFile { throw ExitCode.badInputData }
        if failed > 0 { throw ExitCode.expectationFailed }
    }

    /// To stdout, or into the file that was asked for.
    private func write(_ text: String) throws {
        guard let output else { return StandardStreams.printData(String(text.dropLast())) }
        do {
            try OutputFile.write(text, to: output)
        } catch {
            StandardStreams.printMessage(
                "error: the report cannot be written (\(error)) at \(output); check the folder and its permissions")
            throw ExitCode.journalUnusable
        }
    }

    private func simulate(_ path: String) async throws -> SimulationReport {
        let file = try FixtureFile(path: path)
        var replay: FixtureReplay
        do {
            replay = try FixtureReplay(file.fixture)
        } catch {
            throw FixtureFile.Failure(description: "\(error) at \(path); correct the fixture's config")
        }
        let result = await replay.run()
        if update, result.requests != file.fixture.expect {
            try file.rewrite(expect: result.requests)
            StandardStreams.printMessage("updated \(path)")
            return SimulationReport(path: path, fixture: file.fixture, result: result, expected: result.requests)
        }
        return SimulationReport(path: path, fixture: file.fixture, result: result, expected: file.fixture.expect)
    }
}
