import Testing

@testable import Adapters
@testable import Simulation

@Suite("The exploration of all that can happen", .computing)
struct ExplorationTests {
    @Test("finds no state in which a promise is broken", arguments: ExploredSetting.allCases, [(1, 4), (2, 2)])
    func noViolation(_ setting: ExploredSetting, _ size: (calls: Int, depth: Int)) async throws {
        let result = try await Exploration(setting, calls: size.calls, depth: size.depth).run(tasks: 2)
        if let violation = result.violation {
            Issue.record("\(violation.text), after \(violation.inputs.joined(separator: ", "))")
        }
        // Else it would not have gone anywhere.
        #expect(result.states.count == size.depth + 1 && result.total > 100)
    }
}
