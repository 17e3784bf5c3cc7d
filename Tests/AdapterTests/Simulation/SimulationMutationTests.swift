import Adapters
import Testing

@testable import Simulation

/// A checker that has never failed has not been checked: each of these breaks one promise on purpose.
@Suite("The checkers of the simulation can fail", .computing)
struct SimulationMutationTests {
    @Test("they notice each broken promise within 100 seeds", arguments: SimulationMutation.allCases)
    func noticed(_ mutation: SimulationMutation) async {
        for seed: UInt64 in 1...100 {
            let summary = await SimulationCampaign(seeds: seed..<seed + 1, faults: .all, mutation: mutation)
                .run(tasks: 1)
            guard let failure = summary.failures.first else { continue }
            #expect(!failure.violations.isEmpty && !failure.trace.isEmpty)
            return
        }
        Issue.record("nobody notices")
    }

    @Test(
        "both the checker of what was shown and the naive model notice what is missing in Zammad",
        arguments: ["as seen", "by the naive model"])
    func bothCheckers(_ name: String) async {
        let summary = await SimulationCampaign(seeds: 1..<41, faults: [], mutation: .losesEvents).run(tasks: 1)
        #expect(summary.failures.contains { $0.violations.contains { $0.hasSuffix("(\(name))") } })
    }

    @Test(
        "a to-do that is cleared is named as such",
        arguments: [SimulationMutation.sendsHangupTwice, .sendsForwardedForCancel])
    func lostToDo(_ mutation: SimulationMutation) async {
        let summary = await SimulationCampaign(seeds: 1..<41, faults: [], mutation: mutation).run(tasks: 1)
        #expect(summary.failures.contains { $0.violations.contains { $0.contains("has lost its to-do") } })
    }
}
