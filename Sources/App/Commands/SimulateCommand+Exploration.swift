import Adapters
import ArgumentParser

/// `simulate --explore N`: all sequences of inputs instead of recorded or drawn ones.
extension SimulateCommand {
    func runExploration(depth: Int) throws {
        var isViolated = false
        var total = 0
        for calls in [1, 2] {
            for setting in ExploredSetting.allCases {
                let inputs = calls == 1 ? depth : max(1, depth - 3)
                let result = try Exploration(setting, calls: calls, depth: inputs).run()
                total += result.total
                let levels = result.states.map(String.init).joined(separator: " + ")
                StandardStreams.printData(
                    "\(setting.rawValue), \(calls == 1 ? "one call" : "two calls"), up to \(inputs) inputs: "
                        + "\(result.total) states (\(levels)), \(result.steps) steps")
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
