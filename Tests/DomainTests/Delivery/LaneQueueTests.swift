import Synchronization
import Testing

@testable import Domain

@Suite("The queue of lanes")
struct LaneQueueTests {
    /// Counts how often it is compared.
    private struct Rank: Comparable, Codable {
        static let comparisons = Mutex(0)

        var value: Int

        static func < (left: Self, right: Self) -> Bool {
            comparisons.withLock { $0 += 1 }
            return left.value < right.value
        }

        static func == (left: Self, right: Self) -> Bool {
            comparisons.withLock { $0 += 1 }
            return left.value == right.value
        }
    }

    private static func call(_ number: Int) -> CallID { CallID(text: "\(number)") }

    @Test("finds the first at once, and puts in and takes out in a number of steps that hardly grows")
    func steps() {
        var random = SplitMix64(seed: 1)
        var queue = LaneQueue<Rank>()
        for number in 0..<10_000 {
            queue.put(Self.call(number), at: Rank(value: Int.random(in: 0..<1000, using: &random)))
        }
        func steps(_ body: () -> Void) -> Int {
            Rank.comparisons.withLock { $0 = 0 }
            body()
            return Rank.comparisons.withLock { $0 }
        }
        #expect(steps { _ = queue.first } == 0)
        #expect(steps { _ = queue.popFirst() } == 0)
        // Two comparisons at each of 14 halvings, once to find the old place and once the new one.
        #expect(steps { queue.put(Self.call(77), at: Rank(value: 500)) } <= 58)
        #expect(steps { queue.remove(Self.call(77)) } <= 28)
    }

    @Test("gives its calls in order, those of one rank by their ids, each where it was put last")
    func order() {
        var random = SplitMix64(seed: 2)
        var queue = LaneQueue<Int>()
        var expected: [CallID: Int] = [:]
        for _ in 0..<2000 {
            let call = Self.call(Int.random(in: 0..<300, using: &random))
            if Bool.random(using: &random) {
                let rank = Int.random(in: 0..<50, using: &random)
                queue.put(call, at: rank)
                expected[call] = rank
            } else {
                queue.remove(call)
                expected[call] = nil
            }
            #expect(queue.isEmpty == expected.isEmpty)
        }
        #expect(queue.last?.rank == expected.values.max())
        var found: [CallID] = []
        while let call = queue.popFirst() { found.append(call) }
        #expect(found == expected.sorted { ($0.value, $0.key) < ($1.value, $1.key) }.map(\.key))
        #expect(queue == LaneQueue())
    }
}
