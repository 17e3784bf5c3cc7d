import ArgumentParser
import Foundation
import NIOCore

/// Measures the built bridge between a 3CX and a Zammad on loopback.
@main
struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measures the bridge, and compares with what is aimed at.")

    @Option(help: "The bridge's program, a release build.") var bridge: String
    @Option(help: "Only these measurements: \(Measurement.allCases.map(\.rawValue).joined(separator: ", ")).")
    var only: [Measurement] = Measurement.allCases.filter { $0 != .soak }
    @Option(
        help: "Seconds for each processor measurement; the figures are given for 60.")
    var seconds = 60.0
    @Option(help: "Looks of the soak; posts are a fifth.") var polls = 500_000

    func run() async throws {
        print("| | measurement | target | measured |")
        print("|---|---|---|---|")
        for measurement in only {
            for row in try await rows(of: measurement) { print(row.line) }
            fflush(nil)
        }
    }

    private func rows(of measurement: Measurement) async throws -> [Row] {
        let measurements = Measurements(program: bridge, seconds: seconds)
        return switch measurement {
        case .start: try await measurements.start()
        case .events: try await measurements.events()
        case .polling: try await measurements.polling()
        case .share: try await measurements.ownShare()
        case .cpu: try await measurements.cpuAndMemory()
        case .burst: try await measurements.bursts()
        case .systems: try await measurements.manyPhoneSystems()
        case .backlog: try await measurements.backlog()
        case .soak: try await Soak(program: bridge, polls: polls).rows()
        }
    }
}

enum Measurement: String, CaseIterable, ExpressibleByArgument {
    case start, events, polling, share, cpu, burst, backlog, systems, soak
}
