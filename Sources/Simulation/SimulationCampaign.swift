/// Many runs, spread over the cores; what is found does not depend on how.
package struct SimulationCampaign: Sendable {
    package struct Summary: Sendable {
        package var seeds = 0
        package var counts = SimulationResult.Counts()
        /// With their traces, in the order of the seeds; at most 10.
        package var failures: [SimulationResult] = []
        package var failedSeeds = 0

        package init() {}
    }

    private let seeds: Range<UInt64>
    private let faults: SimulationFaults
    private let mutation: SimulationMutation?

    package init(seeds: Range<UInt64>, faults: SimulationFaults, mutation: SimulationMutation? = nil) {
        self.seeds = seeds
        self.faults = faults
        self.mutation = mutation
    }

    /// `progress` is told from time to time how many runs are over.
    package func run(tasks: Int, progress: @escaping @Sendable (Int) -> Void = { _ in }) async -> Summary {
        let tasks = max(1, tasks)
        let parts = await withTaskGroup(of: Summary.self) { group in
            for task in 0..<tasks {
                group.addTask { await work(from: UInt64(task), step: tasks, progress) }
            }
            var parts: [Summary] = []
            for await part in group { parts.append(part) }
            return parts
        }
        var total = Summary()
        for part in parts {
            total.seeds += part.seeds
            total.counts += part.counts
            total.failures += part.failures
            total.failedSeeds += part.failedSeeds
        }
        total.failures = Array(total.failures.sorted { $0.configuration.seed < $1.configuration.seed }.prefix(10))
        return total
    }

    private func work(from offset: UInt64, step: Int, _ progress: (Int) -> Void) async -> Summary {
        var summary = Summary()
        for seed in stride(from: seeds.lowerBound + offset, to: seeds.upperBound, by: step) {
            if Task.isCancelled { break }
            // Worlds only compute: without a pause they would keep the threads from everybody else.
            await Task.yield()
            var configuration = SimulationConfiguration(seed: seed, faults: faults, mutation: mutation)
            var result = Simulation.run(configuration)
            if !result.violations.isEmpty {
                summary.failedSeeds += 1
                if summary.failures.count < 10 {
                    configuration.traces = true
                    result = Simulation.run(configuration)
                    summary.failures.append(result)
                }
            }
            summary.seeds += 1
            summary.counts += result.counts
            let done = Int(seed - seeds.lowerBound) + 1
            if done % 250 == 0 { progress(done) }
        }
        return summary
    }
}
