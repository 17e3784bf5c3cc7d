import Simulation

/// What `worlds --seeds` prints.
struct SeedsReport {
    private let summary: SimulationCampaign.Summary
    private let first: UInt64
    private let faults: SimulationFaults
    /// `nil` for a single seed, whose output is the same every time.
    private let took: Duration?

    init(_ summary: SimulationCampaign.Summary, first: UInt64, faults: SimulationFaults, took: Duration?) {
        self.summary = summary
        self.first = first
        self.faults = faults
        self.took = took
    }

    func text(traces: Bool) -> String {
        var lines: [String] = []
        for failure in summary.failures {
            if traces { lines += failure.trace }
            lines.append("seed \(failure.configuration.seed): \(failure.violations.count) violations")
            lines += failure.violations.map { "  \($0)" }
            lines.append("  replay: \(replay(failure))")
        }
        let counts = summary.counts
        let last = first + UInt64(summary.seeds) - 1
        var facts = [
            "\(summary.seeds) seeds (\(first) to \(last)), faults: \(faults.text)",
            "\(counts.calls) calls, \(counts.reported) reported; \(counts.polls) polls",
            "\(counts.events) events, \(counts.attempts) attempts",
            "\(counts.tickets) tickets or articles, \(counts.ticketRequests) requests for them; \(counts.deadTickets) "
                + "given up on the way",
            "\(counts.crashes) crashes, \(counts.powerLosses) of them with loss of power; \(counts.wipes) wiped logs",
            "\(counts.unconfirmed) unconfirmed, \(counts.deadLetters) dead letters on the way",
            "\(counts.virtualTime / 3_600_000) hours of virtual time",
        ]
        if let took { facts.append("took \(milliseconds(took)) ms") }
        facts.append("\(summary.failedSeeds) seeds with violations")
        return (lines + facts).joined(separator: "\n")
    }

    private func replay(_ failure: SimulationResult) -> String {
        let mutation = failure.configuration.mutation.map { " --mutation \($0.rawValue)" } ?? ""
        return "swift run worlds --seed \(failure.configuration.seed) --faults \(faults.text)\(mutation) --trace"
    }

    private func milliseconds(_ duration: Duration) -> Int64 {
        let (seconds, attoseconds) = duration.components
        return seconds * 1000 + attoseconds / 1_000_000_000_000_000
    }
}
