import Adapters
import ArgumentParser
import Foundation
import Simulation

extension SimulationMutation: ExpressibleByArgument {}

/// For developers: the bridge's core in random worlds, or with every sequence of inputs. Not a part of the installed
/// program.
@main
struct WorldsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worlds",
        abstract: "Run the bridge's core in random worlds, and check what Zammad has in the end.",
        discussion: """
            With --seeds or --seed it runs the core in worlds made from seeds, with faults of every kind, and \
            compares Zammad's log with what truly happened (docs/verification.md). A violation prints the run's trace \
            and ends in exit code 1.

            With --explore it tries every sequence of so many inputs with one call, and of four fewer with two.
            """)

    @Option(help: "Run so many random worlds.")
    var seeds: Int?

    @Option(help: "The first seed, or the only one without --seeds.")
    var seed: UInt64?

    @Option(help: "Try every sequence of so many inputs instead.")
    var explore: Int?

    @Option(help: "What may go wrong: all, none, or some of network,zammad,pbx,disk,process,power.")
    var faults = "all"

    @Option(help: "Break one promise on purpose, to see that it is noticed; docs/verification.md has the names.")
    var mutation: SimulationMutation?

    @Flag(name: [.customShort("v"), .long], help: "With --seed alone: print the whole trace.")
    var trace = false

    @Option(
        help: ArgumentHelp("With --seed alone: write what 3CX showed in that world as a fixture.", valueName: "file"))
    var fixture: String?

    @Flag(name: .shortAndLong, help: "Print no traces of failed seeds.")
    var quiet = false

    func validate() throws {
        if (seeds != nil || seed != nil) == (explore != nil) {
            throw ValidationError("give --seeds, or --seed, or --explore")
        }
        if let explore, !(1...12).contains(explore) { throw ValidationError("--explore: 1 to 12") }
        if fixture != nil, seed == nil || seeds != nil { throw ValidationError("--fixture goes with --seed alone") }
        if SimulationFaults(text: faults) == nil {
            throw ValidationError(
                "--faults: all, none, or some of network,zammad,pbx,disk,process,power with commas between")
        }
        if let seeds, !(1...100_000_000).contains(seeds) { throw ValidationError("--seeds: 1 to 100000000") }
        if let seed, seed > UInt64.max / 2 { throw ValidationError("--seed: 0 to \(UInt64.max / 2)") }
    }

    func run() async throws {
        if let explore { return try await runExploration(depth: explore) }
        let faults = SimulationFaults(text: faults) ?? .all
        if seeds == nil, let seed {
            let result = Simulation.run(
                SimulationConfiguration(seed: seed, faults: faults, mutation: mutation, traces: true))
            if let fixture { try await write(result, to: fixture) }
            return try report(result, faults)
        }
        let first = seed ?? 1
        let count = UInt64(max(1, seeds ?? 1))
        let campaign = SimulationCampaign(seeds: first..<(first &+ count), faults: faults, mutation: mutation)
        let began = ContinuousClock.now
        let summary = await campaign.run(tasks: ProcessInfo.processInfo.activeProcessorCount) { done in
            Progress.show("\(done) of \(count) seeds")
        }
        Progress.end()
        let report = SeedsReport(summary, first: first, faults: faults, took: ContinuousClock.now - began)
        print(report.text(traces: !quiet))
        if summary.failedSeeds > 0 { throw ExitCode(1) }
    }

    /// The expectation is what the bridge does now with these polls when nothing else goes wrong: to be read and
    /// corrected.
    private func write(_ result: SimulationResult, to path: String) async throws {
        let file = try FixtureFile(Array(SimulationFixture(result).text().utf8), path: path)
        var replay = try FixtureReplay(file.fixture)
        try file.rewrite(expect: await replay.run().requests)
        print("wrote \(path); its expectation is what the bridge does now")
    }

    private func report(_ result: SimulationResult, _ faults: SimulationFaults) throws {
        var summary = SimulationCampaign.Summary()
        summary.seeds = 1
        summary.counts = result.counts
        if !result.violations.isEmpty {
            summary.failures = [result]
            summary.failedSeeds = 1
        }
        if trace, result.violations.isEmpty { print(result.trace.joined(separator: "\n")) }
        let report = SeedsReport(summary, first: result.configuration.seed, faults: faults, took: nil)
        print(report.text(traces: !quiet))
        if !result.violations.isEmpty { throw ExitCode(1) }
    }
}

/// A line on the terminal that the next one overwrites; nothing where messages do not go to a terminal.
enum Progress {
    private static let isShown = isatty(FileHandle.standardError.fileDescriptor) == 1

    static func show(_ text: String) {
        guard isShown else { return }
        FileHandle.standardError.write(Data("\r\u{1B}[K\(text)".utf8))
    }

    static func end() { show("") }
}
