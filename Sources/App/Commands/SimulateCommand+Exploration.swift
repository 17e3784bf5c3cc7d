import Adapters
import ArgumentParser
import FoundationEssentials

/// `simulate --explore N`: all sequences of inputs instead of recorded or drawn ones.
extension SimulateCommand {
    func runExploration(depth: Int) async throws {
        let tasks = ProcessInfo.processInfo.activeProcessorCount
        let showsProgress = StandardStreams.messagesAreTerminal
        var isViolated = false
        var total = 0
        for calls in [1, 2] {
            for setting in ExploredSetting.allCases {
                let inputs = calls == 1 ? depth : max(1, depth - 3)
                let name = "\(setting.rawValue), \(calls == 1 ? "one call" : "two calls")"
                let result = try await Exploration(setting, calls: calls, depth: inputs).run(tasks: tasks) { so in
                    guard showsProgress else { return }
                    StandardStreams.printProgress("\(name): \(so.total) states within \(so.states.count - 1) inputs")
                }
                if showsProgress { StandardStreams.printProgress("") }
                total += result.total
                let levels = result.states.map(String.init).joined(separator: " + ")
                let reach = result.isClosed ? "any number of inputs" : "up to \(inputs) inputs"
                StandardStreams.printData(
                    "\(name), \(reach): \(result.total) states (\(levels)), \(result.steps) steps")
                guard let violation = result.violation else { continue }
                isViolated = true
                StandardStreams.printData("  broken: \(violation.text)")
                for input in violation.inputs { StandardStreams.printData("    \(input)") }
            }
        }
        StandardStreams.printData("\(total) states, \(isViolated ? "not all are well" : "all are well")")
        if isViolated { throw ExitCode.expectationFailed }
    }
}
