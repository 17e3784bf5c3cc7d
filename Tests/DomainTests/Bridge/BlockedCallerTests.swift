import Testing

@testable import Domain

@Suite("A caller whom Zammad blocks")
struct BlockedCallerTests {
    private static let reject = DeliveryOutcome.delivered(.reject(reason: "busy"))
    private static let rings = ObservedCall.inbound(.agent("101"))
    private static let talks = ObservedCall.inbound(.agent("101", .connected))

    private func core(dropping: Bool = true) -> BridgeCore {
        var delivery = Zammad.Settings()
        delivery.dropsBlockedCallers = dropping
        return BridgeCore(delivery: [delivery])
    }

    private func drops(_ lines: [String]) -> [String] { lines.filter { $0.hasPrefix("drop ") } }

    @Test("is disconnected in the PBX once, and the entry ends without a to-do")
    func dropped() throws {
        var story = BridgeStory(continuing: core())
        _ = story.poll(Self.rings, at: 0)
        expectNoDifference(drops(story.finish(Self.reject, at: 0.1)), ["drop 7"])
        _ = story.poll(at: 1)
        #expect(story.underWay.first?.command.cause == .forwarded)
        expectNoDifference(drops(story.finish(.ok, at: 1.1)), [])
    }

    @Test("is left alone where that is not wanted")
    func off() {
        var story = BridgeStory(continuing: core(dropping: false))
        _ = story.poll(Self.rings, at: 0)
        expectNoDifference(drops(story.finish(Self.reject, at: 0.1)), [])
    }

    @Test("is not cut off when an agent has answered meanwhile, nor when the call is over")
    func tooLate() {
        var story = BridgeStory(continuing: core())
        _ = story.poll(Self.rings, at: 0)
        _ = story.poll(Self.talks, at: 1)
        expectNoDifference(drops(story.finish(Self.reject, at: 2)), [])
        story = BridgeStory(continuing: core())
        _ = story.poll(Self.rings, at: 0)
        _ = story.poll(at: 1)
        expectNoDifference(drops(story.finish(Self.reject, at: 2)), [])
    }

    @Test("is not disconnected a second time, whatever Zammad says again, also after a restart")
    func once() throws {
        var lifecycle = core().lifecycle
        var diff = SnapshotDiff()
        diff.appeared = [Self.rings]
        _ = lifecycle.handle(.observed(diff), at: second(0))
        let callID = CallID(text: "3cx-7-0")
        let drop = CallDrop(callID: callID, pbxCallID: PBXCallID("7"), phoneSystem: .default)
        #expect(lifecycle.askToDrop(callID) == drop)
        #expect(lifecycle.askToDrop(callID) == nil)
        let kept = lifecycle.takeChanges().compactMapValues { $0 }
        var next = CallLifecycle(settings: CallLifecycle.Settings(), resuming: kept, at: second(5))
        #expect(next.askToDrop(callID) == nil)
    }
}
