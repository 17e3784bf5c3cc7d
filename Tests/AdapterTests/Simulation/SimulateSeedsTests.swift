import ArgumentParser
import Testing

@testable import App

@Suite("The command simulate with seeds", .computing)
struct SimulateSeedsTests {
    @Test(
        "takes seeds or fixtures",
        arguments: [
            ["--seeds", "5"], ["--seed", "7", "--trace"], ["--seeds", "5", "--faults", "pbx,disk"], ["a.json"],
        ])
    func right(_ arguments: [String]) throws {
        let command = try SimulateCommand.parse(arguments)
        #expect(command.files.isEmpty == (arguments[0] != "a.json"))
    }

    @Test(
        "refuses both, neither, and numbers out of range",
        arguments: [
            [], ["--seeds", "5", "a.json"], ["--seeds", "0"], ["--seeds", "-1"], ["--seed", "18446744073709551615"],
            ["--seeds", "5", "--faults", "fire"], ["--seeds", "5", "--mutation", "none"],
        ])
    func wrong(_ arguments: [String]) {
        #expect(throws: (any Error).self) { try SimulateCommand.parse(arguments) }
    }
}
