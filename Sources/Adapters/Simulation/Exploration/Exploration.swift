import Domain

/// Breadth first through all that can happen to the core, each state once: no sequence of inputs of that length is left out.
package struct Exploration: Sendable {
    package struct Result: Sendable {
        /// States that can be reached, by the number of inputs that it takes at least.
        package var states: [Int] = []
        /// Inputs that were tried.
        package var steps = 0
        /// The shortest sequence of inputs after which something does not hold, with what it is.
        package var violation: (inputs: [String], text: String)?

        package var total: Int { states.reduce(0, +) }
    }

    private let setting: ExploredSetting
    private let calls: Int
    private let depth: Int

    package init(_ setting: ExploredSetting, calls: Int, depth: Int) {
        self.setting = setting
        self.calls = calls
        self.depth = depth
    }

    /// Where a state was first reached from, to tell the way to it.
    private struct Origin {
        var parent: Int
        var input: ExploredInput
    }

    package func run() throws -> Result {
        var result = Result(states: [1])
        let first = ExploredWorld(setting, calls: calls)
        var seen: Set<UInt64> = [try first.fingerprint()]
        var origins: [Origin] = [Origin(parent: -1, input: .lookFailed)]
        var level = [(world: first, index: 0)]
        for distance in 0..<depth {
            let isLast = distance == depth - 1
            var next: [(world: ExploredWorld, index: Int)] = []
            var count = 0
            for (world, index) in level {
                for input in world.inputs {
                    var after = world
                    result.steps += 1
                    do throws(ExploredWorld.Violation) {
                        try after.take(input)
                    } catch {
                        result.violation = (way(to: index, origins) + ["\(input)"], error.text)
                        return result
                    }
                    guard seen.insert(try after.fingerprint()).inserted else { continue }
                    count += 1
                    if isLast { continue }
                    origins.append(Origin(parent: index, input: input))
                    next.append((after, origins.count - 1))
                }
            }
            result.states.append(count)
            level = next
        }
        return result
    }

    private func way(to index: Int, _ origins: [Origin]) -> [String] {
        var way: [String] = []
        var index = index
        while origins[index].parent >= 0 {
            way.append("\(origins[index].input)")
            index = origins[index].parent
        }
        return way.reversed()
    }
}
