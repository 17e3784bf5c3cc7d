import Adapters
import Domain
import Testing

@testable import Simulation

@Suite("The simulation of the whole bridge", .computing)
struct SimulationTests {
    @Test("finds nothing wrong in some hundred worlds with every kind of fault")
    func allFaults() async {
        let summary = await SimulationCampaign(seeds: 1..<401, faults: .all).run(tasks: 2)
        #expect(summary.seeds == 400)
        #expect(summary.failures.map(\.violations) == [])
        #expect(summary.counts.crashes > 400)
        #expect(summary.counts.powerLosses > 100)
        #expect(summary.counts.unconfirmed > 0)
        #expect(summary.counts.deadLetters > 0)
        #expect(summary.counts.wipes > 20)
        #expect(summary.counts.attempts > summary.counts.events)
    }

    @Test("finds nothing wrong with one kind of fault at a time", arguments: SimulationFault.allCases)
    func oneKindOfFault(_ fault: SimulationFault) async {
        let summary = await SimulationCampaign(seeds: 1000..<1060, faults: [fault]).run(tasks: 1)
        #expect(summary.failures.map(\.violations) == [])
        #expect(summary.counts.reported > 300)
    }

    @Test("without faults, every event goes out once, and nothing crashes")
    func withoutFaults() async {
        let summary = await SimulationCampaign(seeds: 1..<101, faults: []).run(tasks: 2)
        #expect(summary.failures.map(\.violations) == [])
        #expect(summary.counts.events > 1000)
        #expect(summary.counts.attempts == summary.counts.events)
        #expect(summary.counts.crashes == 0)
        #expect(summary.counts.unconfirmed == 0)
        #expect(summary.counts.deadLetters == 0)
    }

    @Test("the same seed gives the same run, line by line", arguments: [UInt64(1), 77, 4711])
    func deterministic(_ seed: UInt64) {
        let configuration = SimulationConfiguration(seed: seed, traces: true)
        let first = Simulation.run(configuration)
        #expect(first.trace.count > 50)
        #expect(first == Simulation.run(configuration))
    }

    @Test("tracing does not change a run")
    func tracing() {
        let silent = Simulation.run(SimulationConfiguration(seed: 5))
        let traced = Simulation.run(SimulationConfiguration(seed: 5, traces: true))
        #expect(silent.counts == traced.counts)
        #expect(silent.trace.isEmpty)
    }

    @Test("state that went through the journal gives the same run", arguments: UInt64(1)...20)
    func encodedState(_ seed: UInt64) {
        let configuration = SimulationConfiguration(seed: seed)
        var restarts = 0
        let encoded = Simulation.run(configuration) { saved in
            restarts += 1
            do {
                return try saved.throughJournal()
            } catch {
                Issue.record(error)
                return saved
            }
        }
        #expect(restarts > 0)
        #expect(encoded == Simulation.run(configuration))
    }

    @Test("what is found does not depend on the number of tasks")
    func tasks() async {
        let campaign = SimulationCampaign(seeds: 1..<41, faults: .all, mutation: .losesEvents)
        let (one, three) = (await campaign.run(tasks: 1), await campaign.run(tasks: 3))
        #expect(one.counts == three.counts)
        #expect(one.failedSeeds == three.failedSeeds)
        #expect(one.failures == three.failures)
    }

    @Test("seeds that once showed a bug of the core stay well", arguments: RepairedBug.all)
    func repaired(_ bug: RepairedBug) {
        let result = Simulation.run(SimulationConfiguration(seed: bug.seed, faults: bug.faults))
        #expect(result.violations == [])
    }

    struct RepairedBug: Sendable, CustomTestStringConvertible {
        var seed: UInt64
        var faults: SimulationFaults
        var testDescription: String

        static let all = [
            RepairedBug(seed: 12, faults: [.disk], testDescription: "pending events went out twice after a restart"),
            RepairedBug(
                seed: 131, faults: [.zammad], testDescription: "dead letters while Zammad answered all with 500"),
            RepairedBug(seed: 35, faults: .all, testDescription: "a blocked caller's dead hangup left a to-do"),
            RepairedBug(seed: 656, faults: .all, testDescription: "a lost reply to a probe cost the call its answer"),
        ]
    }

    @Test(
        "faults are named as on the command line",
        arguments: [
            ("all", .all), ("none", []), ("network", [.network]), ("disk,pbx", [.disk, .pbx]),
        ] as [(String, SimulationFaults)])
    func names(_ text: String, _ faults: SimulationFaults) {
        #expect(SimulationFaults(text: text) == faults)
        #expect(SimulationFaults(text: faults.text) == faults)
    }

    @Test("unknown names of faults are refused", arguments: ["", "fire", "network,", "all,disk", "Network"])
    func wrongNames(_ text: String) {
        #expect(SimulationFaults(text: text) == nil)
    }
}
