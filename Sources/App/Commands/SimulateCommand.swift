import Adapters
import ArgumentParser
import FoundationEssentials

struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Replay recorded sessions, and check what would be reported to Zammad.",
        discussion: """
            Each fixture runs on a virtual clock through the decoders and the core of the daemon; docs/fixtures.md \
            describes the format. Exits with 0, with 1 if an expectation failed, or with 65 if a file is not a \
            fixture. --format html makes one page of all of them, with each call over time: -o report.html \
            writes it into a file.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text
        case json
        case html
    }

    @Argument(help: ArgumentHelp("The fixtures.", valueName: "file"))
    var files: [String] = []

    @Option(help: "Output: text, json, or html (one page).")
    var format: Format = .text

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Write the output into a file; with --format html or json.", valueName: "file"))
    var output: String?

    @Flag(help: "Write what happened into the files as their expectation; read the difference before you commit it.")
    var update = false

    @Flag(name: .shortAndLong, help: "Print the timelines of failed fixtures only.")
    var quiet = false

    func validate() throws {
        if files.isEmpty { throw ValidationError("give fixtures") }
        if output != nil, format == .text { throw ValidationError("--output goes with --format html or json") }
    }

    func run() async throws {
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
            throw ExitCode.journalUnusable.saying(
                "the report cannot be written (\(error)) at \(output); check the folder and its permissions")
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
