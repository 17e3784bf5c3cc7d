import ArgumentParser
import Foundation
import Simulation

/// `worlds --explore N`: all sequences of inputs instead of random worlds.
extension WorldsCommand {
    func runExploration(depth: Int) async throws {
        let tasks = ProcessInfo.processInfo.activeProcessorCount
        var isViolated = false
        var total = 0
        for calls in [1, 2] {
            for setting in ExploredSetting.allCases {
                let inputs = calls == 1 ? depth : max(1, depth - 4)
                let name = "\(setting.rawValue), \(calls == 1 ? "one call" : "two calls")"
                let result = try await Exploration(setting, calls: calls, depth: inputs).run(tasks: tasks) { so in
                    Progress.show("\(name): \(so.total) states within \(so.states.count - 1) inputs")
                }
                Progress.end()
                total += result.total
                let levels = result.states.map(String.init).joined(separator: " + ")
                let reach = result.isClosed ? "any number of inputs" : "up to \(inputs) inputs"
                print("\(name), \(reach): \(result.total) states (\(levels)), \(result.steps) steps")
                // It takes long, and whoever writes it to a file wants to see it all the same.
                fflush(nil)
                guard let violation = result.violation else { continue }
                isViolated = true
                print("  broken: \(violation.text)")
                for input in violation.inputs { print("    \(input)") }
            }
        }
        print("\(total) states, \(isViolated ? "not all are well" : "all are well")")
        if isViolated { throw ExitCode(1) }
    }
}
