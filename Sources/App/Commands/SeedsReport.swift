import Adapters
import FoundationEssentials

/// What `simulate --seeds` prints.
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
            "\(summary.seeds) seeds (\(first) to \(last)), faults: \(faults)",
            "\(counts.calls) calls, \(counts.reported) reported; \(counts.looks) looks",
            "\(counts.events) events, \(counts.attempts) attempts",
            "\(counts.tickets) tickets or articles, \(counts.ticketRequests) requests for them; \(counts.deadTickets) given up on the way",
            "\(counts.crashes) crashes, \(counts.powerLosses) of them with loss of power; \(counts.wipes) wiped logs",
            "\(counts.unconfirmed) unconfirmed, \(counts.deadLetters) dead letters on the way",
            "\(counts.virtualTime / 3_600_000) hours of virtual time",
        ]
        if let took { facts.append("took \(milliseconds(took)) ms") }
        facts.append("\(summary.failedSeeds) seeds with violations")
        return (lines + facts).joined(separator: "\n")
    }

    func json(trace: [String]? = nil) throws -> String {
        let counts = summary.counts
        let document = Document(
            seeds: summary.seeds, firstSeed: first, faults: faults.description, calls: counts.calls,
            reported: counts.reported, looks: counts.looks, events: counts.events, attempts: counts.attempts,
            tickets: counts.tickets, ticketRequests: counts.ticketRequests, deadTickets: counts.deadTickets,
            crashes: counts.crashes, powerLosses: counts.powerLosses, wipedLogs: counts.wipes,
            unconfirmed: counts.unconfirmed,
            deadLetters: counts.deadLetters, virtualMs: counts.virtualTime, tookMs: took.map(milliseconds),
            failedSeeds: summary.failedSeeds,
            failures: summary.failures.map {
                Failure(
                    seed: $0.configuration.seed, violations: $0.violations, replay: replay($0), trace: $0.trace)
            },
            trace: trace
        )
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(document), as: UTF8.self)
    }

    private func replay(_ failure: SimulationResult) -> String {
        let mutation = failure.configuration.mutation.map { " --mutation \($0.rawValue)" } ?? ""
        return
            "\(SimulateCommand.replayProgram) --seed \(failure.configuration.seed) --faults \(faults)\(mutation) --trace"
    }

    private func milliseconds(_ duration: Duration) -> Int64 {
        let (seconds, attoseconds) = duration.components
        return seconds * 1000 + attoseconds / 1_000_000_000_000_000
    }

    private struct Document: Encodable {
        var seeds: Int
        var firstSeed: UInt64
        var faults: String
        var calls: Int
        var reported: Int
        var looks: Int
        var events: Int
        var attempts: Int
        var tickets: Int
        var ticketRequests: Int
        var deadTickets: Int
        var crashes: Int
        var powerLosses: Int
        var wipedLogs: Int
        var unconfirmed: Int
        var deadLetters: Int
        var virtualMs: Int64
        var tookMs: Int64?
        var failedSeeds: Int
        var failures: [Failure]
        var trace: [String]?
    }

    private struct Failure: Encodable {
        var seed: UInt64
        var violations: [String]
        var replay: String
        var trace: [String]
    }
}
