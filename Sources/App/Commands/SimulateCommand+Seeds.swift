import Adapters
import ArgumentParser
import FoundationEssentials

extension SimulationMutation: ExpressibleByArgument {}

/// `simulate --seeds N`: worlds drawn from seeds instead of recorded sessions.
extension SimulateCommand {
    static let replayProgram = "zammadbridge simulate"

    func runSeeds() async throws {
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
        let showsProgress = StandardStreams.messagesAreTerminal
        let summary = await campaign.run(tasks: ProcessInfo.processInfo.activeProcessorCount) { done in
            if showsProgress { StandardStreams.printProgress("\(done) of \(count) seeds") }
        }
        if showsProgress { StandardStreams.printProgress("") }
        let report = SeedsReport(summary, first: first, faults: faults, took: ContinuousClock.now - began)
        switch format {
        case .text: StandardStreams.printData(report.text(traces: !quiet))
        case .json: StandardStreams.printData(try report.json())
        // Refused with seeds.
        case .html: break
        }
        if summary.failedSeeds > 0 { throw ExitCode.expectationFailed }
    }

    /// The expectation is what the bridge does now with these looks when nothing else goes wrong: to be read and corrected.
    private func write(_ result: SimulationResult, to path: String) async throws {
        do {
            let file = try FixtureFile(Array(SimulationFixture(result).text().utf8), path: path)
            var replay = try FixtureReplay(file.fixture)
            try file.rewrite(expect: await replay.run().requests)
        } catch {
            StandardStreams.printMessage("error: \(error)")
            throw ExitCode.badInputData
        }
        StandardStreams.printMessage("wrote \(path); its expectation is what the bridge does now")
    }

    private func report(_ result: SimulationResult, _ faults: SimulationFaults) throws {
        var summary = SimulationCampaign.Summary()
        summary.seeds = 1
        summary.counts = result.counts
        if !result.violations.isEmpty {
            summary.failures = [result]
            summary.failedSeeds = 1
        }
        let report = SeedsReport(summary, first: result.configuration.seed, faults: faults, took: nil)
        switch format {
        case .text:
            let showsTrace = trace && result.violations.isEmpty
            if showsTrace { StandardStreams.printData(result.trace.joined(separator: "\n")) }
            StandardStreams.printData(report.text(traces: !quiet))
        case .json:
            StandardStreams.printData(try report.json(trace: trace ? result.trace : nil))
        case .html: break
        }
        if !result.violations.isEmpty { throw ExitCode.expectationFailed }
    }
}
