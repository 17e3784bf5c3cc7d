/// What one run depends on.
package struct SimulationConfiguration: Hashable, Sendable {
    package var seed: UInt64
    package var faults: SimulationFaults
    package var mutation: SimulationMutation?
    /// Whether to write down every event; costs most of the time of a run.
    package var traces: Bool

    package init(
        seed: UInt64, faults: SimulationFaults = .all, mutation: SimulationMutation? = nil, traces: Bool = false
    ) {
        self.seed = seed
        self.faults = faults
        self.mutation = mutation
        self.traces = traces
    }
}
