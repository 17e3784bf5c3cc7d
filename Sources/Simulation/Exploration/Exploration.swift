import Domain

/// Breadth first through all that can happen to the core, each state once: no sequence of inputs of that length is left
/// out.
package struct Exploration: Sendable {
    package struct Result: Sendable {
        /// States that can be reached, by the number of inputs that it takes at least.
        package var states: [Int] = []
        /// Inputs that were tried.
        package var steps = 0
        /// The shortest sequence of inputs after which something does not hold, with what it is.
        package var violation: (inputs: [String], text: String)?

        package var total: Int { states.reduce(0, +) }
        /// Whether more inputs would reach nothing new.
        package var isClosed: Bool { states.last == 0 }
    }

    private let setting: ExploredSetting
    private let calls: Int
    private let depth: Int

    package init(_ setting: ExploredSetting, calls: Int, depth: Int) {
        self.setting = setting
        self.calls = calls
        self.depth = depth
    }

    /// A state, and where it was first reached from, to tell the way to it.
    private struct Place: Sendable {
        var fingerprint: UInt64
        /// As an index into the level before, and what led from there.
        var parent: Int
        var input: ExploredInput
        /// `nil` where nobody goes on from it.
        var world: ExploredWorld?
    }

    /// What one task found in its part of a level.
    private struct Part: Sendable {
        var found: [Place] = []
        var steps = 0
        var violation: (place: Place, text: String)?
    }

    /// What is found does not depend on the number of tasks. `progress` is told what each level has added.
    package func run(tasks: Int, progress: @Sendable (Result) -> Void = { _ in }) async throws -> Result {
        var result = Result(states: [1])
        let first = ExploredWorld(setting, calls: calls)
        let start = Place(fingerprint: try first.fingerprint(), parent: -1, input: .pollFailed, world: first)
        var seen: Set<UInt64> = [start.fingerprint]
        var levels = [[start]]
        for distance in 0..<depth where !result.isClosed {
            let isLast = distance == depth - 1
            let level = levels[distance]
            let parts = try await expand(level, seen, keepsWorlds: !isLast, tasks: tasks)
            // The worlds have been used; of the level remains the way through it.
            for index in level.indices { levels[distance][index].world = nil }
            result.steps += parts.reduce(0) { $0 + $1.steps }
            if let violation = parts.lazy.compactMap(\.violation).first {
                result.violation = (way(to: violation.place, levels), violation.text)
                return result
            }
            let found = parts.flatMap(\.found).filter { seen.insert($0.fingerprint).inserted }
            result.states.append(found.count)
            levels.append(isLast ? [] : found)
            progress(result)
        }
        return result
    }

    /// Parts of the level in its order, so that the first violation is the same however many there are.
    private func expand(
        _ level: [Place], _ seen: Set<UInt64>, keepsWorlds: Bool, tasks: Int
    ) async throws -> [Part] {
        let size = max(1, (level.count + tasks - 1) / tasks)
        return try await withThrowingTaskGroup(of: (start: Int, part: Part).self) { group in
            for start in stride(from: 0, to: level.count, by: size) {
                group.addTask {
                    let range = start..<min(start + size, level.count)
                    return (start, try await expand(range, of: level, seen, keepsWorlds: keepsWorlds))
                }
            }
            var parts: [(start: Int, part: Part)] = []
            for try await part in group { parts.append(part) }
            return parts.sorted { $0.start < $1.start }.map(\.part)
        }
    }

    private func expand(
        _ range: Range<Int>, of level: [Place], _ seen: Set<UInt64>, keepsWorlds: Bool
    ) async throws -> Part {
        var part = Part()
        var seenHere: Set<UInt64> = []
        for index in range {
            guard let world = level[index].world else { continue }
            try Task.checkCancellation()
            // All this only computes: without a pause it would keep the threads from everybody else.
            await Task.yield()
            for input in world.inputs {
                var after = world
                var place = Place(fingerprint: 0, parent: index, input: input)
                part.steps += 1
                do throws(ExploredWorld.Violation) {
                    try after.take(input)
                } catch {
                    part.violation = (place, error.text)
                    return part
                }
                place.fingerprint = try after.fingerprint()
                guard !seen.contains(place.fingerprint), seenHere.insert(place.fingerprint).inserted else { continue }
                if keepsWorlds { place.world = after }
                part.found.append(place)
            }
        }
        return part
    }

    private func way(to last: Place, _ levels: [[Place]]) -> [String] {
        var way = ["\(last.input)"]
        var parent = last.parent
        for level in levels.reversed() where parent >= 0 && level[parent].parent >= 0 {
            way.append("\(level[parent].input)")
            parent = level[parent].parent
        }
        return way.reversed()
    }
}
