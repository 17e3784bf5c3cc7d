import Testing

@testable import Domain

@Suite("The loop around the core")
struct WriteAheadLoopTests {
    private typealias Loop = WriteAheadLoop<String>

    private func loop() -> Loop {
        Loop(BridgeCore())
    }

    private func poll(_ id: String, at seconds: Double) -> BridgeCore.Input {
        .polled(CallSnapshot(takenAt: second(seconds), calls: [.inbound(.agent("101"), id: id)]))
    }

    @Test("takes together what comes while a batch is kept, and nothing before that one is kept")
    func order() throws {
        var loop = loop()
        let nothing = loop.take(at: second(0))
        #expect(nothing == nil)
        loop.arrived(poll("7", at: 0), "first")
        let taken = loop.take(at: second(0))
        let first = try #require(taken)
        #expect(first.steps.map(\.note) == ["first"] && first.at == second(0))
        #expect(first.effects.count == 1 && !first.change.isEmpty)
        loop.arrived(poll("8", at: 1), "second")
        loop.arrived(.timePassed, "third")
        let early = loop.take(at: second(1))
        #expect(early == nil, "the first is with the journal")
        #expect(loop.core.phoneSystems[0].lifecycle.calls.map { "\($0.key)" } == ["7"])
        loop.kept()
        let takenNext = loop.take(at: second(2))
        let next = try #require(takenNext)
        #expect(next.steps.map(\.note) == ["second", "third"])
        expectNoDifference(
            next.news, next.steps.flatMap(\.output.news), "what is said of a batch is what is said of its inputs")
        #expect(next.effects == next.steps.flatMap(\.output.effects))
        loop.kept()
        let last = loop.take(at: second(3))
        #expect(last == nil)
    }

    @Test("keeps no more than 256 inputs in one entry, and all of them in their order")
    func limit() {
        var loop = loop()
        for number in 0..<600 { loop.arrived(.timePassed, "\(number)") }
        var sizes: [Int] = []
        var notes: [String] = []
        while let batch = loop.take(at: second(0)) {
            sizes.append(batch.steps.count)
            notes += batch.steps.map(\.note)
            loop.kept()
        }
        #expect(sizes == [256, 256, 88])
        #expect(notes == (0..<600).map(String.init))
    }

    @Test("keeps what resuming has brought before anything else")
    func resumed() {
        let (core, output) = BridgeCore.resuming(
            SavedCore(), calls: CallLifecycle.Settings(), delivery: Zammad.Settings(), at: second(0))
        var (loop, first) = Loop.resuming(core, output, at: second(0))
        #expect(first.steps.isEmpty && first.change == output.change)
        loop.arrived(poll("7", at: 1), "look")
        let early = loop.take(at: second(1))
        loop.kept()
        let next = loop.take(at: second(1))
        #expect(early == nil && next?.steps.map(\.note) == ["look"])
    }

    @Test("does nothing any more once something could not be kept, and gives back what waits")
    func failed() {
        var loop = loop()
        loop.arrived(poll("7", at: 0), "kept in vain")
        _ = loop.take(at: second(0))
        loop.arrived(.timePassed, "waits")
        let waiting = loop.failed()
        loop.arrived(.timePassed, "too late")
        loop.kept()
        let late = loop.take(at: second(1))
        let still = loop.failed()
        #expect(waiting == ["waits"] && late == nil && still == [])
    }
}
