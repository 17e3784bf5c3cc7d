import Adapters
import ArgumentParser
import FoundationEssentials

struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Replay recorded sessions and compare what Zammad would be told.",
        discussion: """
            Each fixture runs on a virtual clock through the decoders and the core of the daemon; docs/fixtures.md describes \
            the format. Exits with 0, with 1 if an expectation failed, or with 65 if a file is no fixture.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text
        case json
    }

    @Argument(help: ArgumentHelp("The fixtures.", valueName: "file"))
    var files: [String]

    @Option(help: "Output: text or json.")
    var format: Format = .text

    @Flag(help: "Write what happened into the files as their expectation; read the difference before you commit it.")
    var update = false

    @Flag(name: .shortAndLong, help: "Print the timelines of failed fixtures only.")
    var quiet = false

    func run() async throws {
        var reports: [SimulationReport] = []
        var hasBadFile = false
        for path in files {
            do {
                let report = try await simulate(path)
                reports.append(report)
                if format == .text { StandardStreams.printData(report.text(showsTimeline: !quiet || !report.passed)) }
            } catch {
                hasBadFile = true
                StandardStreams.printMessage("error: \(error)")
            }
        }
        let failed = reports.count { !$0.passed }
        switch format {
        case .text:
            StandardStreams.printData("\(reports.count - failed) passed, \(failed) failed")
        case .json:
            StandardStreams.printData(try SimulationReport.json(reports))
        }
        if hasBadFile { throw ExitCode.badInputData }
        if failed > 0 { throw ExitCode.expectationFailed }
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
