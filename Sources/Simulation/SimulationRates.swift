import Played

/// How likely single things are to go wrong in one run.
struct SimulationRates: Sendable {
    var request = 0.0
    var poll = 0.0
    var incompletePoll = 0.0
    var commitCrash = 0.0
    var slowCommit = 0.0
    var powerLoss = 0.0

    init(_ faults: SimulationFaults, random: inout SplitMix64) {
        let strength = random.fraction()
        if faults.contains(.network) { request = 0.35 * strength }
        if faults.contains(.pbx) {
            poll = 0.15 * strength
            incompletePoll = 0.1 * random.fraction()
        }
        if faults.contains(.disk) {
            commitCrash = 0.04 * random.fraction()
            slowCommit = 0.1
        }
        if faults.contains(.power) { powerLoss = 0.02 }
    }
}
