import ArgumentParser
import Testing

@testable import worlds

@Suite("The command worlds", .computing)
struct SimulationCommandTests {
    @Test(
        "takes seeds, or a number of inputs",
        arguments: [
            ["--seeds", "5"], ["--seed", "7", "--trace"], ["--seeds", "5", "--faults", "pbx,disk"], ["--explore", "3"],
        ])
    func right(_ arguments: [String]) throws {
        let command = try WorldsCommand.parse(arguments)
        #expect((command.explore == nil) == (arguments[0] != "--explore"))
    }

    @Test(
        "refuses both, neither, and numbers out of range",
        arguments: [
            [], ["--seeds", "5", "--explore", "3"], ["--seeds", "0"], ["--seeds", "-1"],
            ["--seed", "18446744073709551615"], ["--seeds", "5", "--faults", "fire"],
            ["--seeds", "5", "--mutation", "none"],
        ])
    func wrong(_ arguments: [String]) {
        #expect(throws: (any Error).self) { try WorldsCommand.parse(arguments) }
    }
}
