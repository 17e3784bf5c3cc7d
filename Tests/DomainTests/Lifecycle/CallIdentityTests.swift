import Testing

@testable import Domain

@Suite("Whether a look shows the same call")
struct CallIdentityTests {
    @Test("another number or the other way round under the same PBX id is another call")
    func reused() {
        let rings = ObservedCall.inbound(.agent("101"))
        let others: [ObservedCall] = [
            .inbound(.agent("101"), from: "0301234568"),
            .inbound(.agent("101"), from: "+493099999999"),
            .outbound(.agent("101", .dialing)),
        ]
        for other in others {
            var story = LifecycleStory()
            _ = story.look(rings, at: 0)
            let lines = story.look(other, at: 1)
            #expect(lines.first == "ringing.anotherCall -> ended", "\(other)")
            #expect(story.machine.calls["7"]?.reported?.callID == CallID(text: "3cx-7-1000"))
        }
    }

    @Test(
        "the same number in another writing is not another call",
        arguments: ["+49301234567", "0049301234567", "49301234567", "301234567", "+49 30 1234567", "030/123 45-67"])
    func otherWriting(_ number: String) {
        for (first, then) in [(customer, number), (number, customer)] {
            var story = LifecycleStory()
            _ = story.look(.inbound(.agent("101"), from: first), at: 0)
            expectNoDifference(
                story.look(.inbound(.agent("101"), from: then), at: 1),
                ["7: ringing 3cx-7-0 since 0s in \(first) at 101/Anna"])
        }
    }

    @Test(
        "a number that shows up later, or is hidden for a while, is not another call's",
        arguments: [nil, "", "anonymous", "unavailable"] as [String?])
    func anonymous(_ hidden: String?) {
        var story = LifecycleStory()
        expectNoDifference(
            story.look(.inbound(.agent("101"), from: hidden), at: 0),
            [
                "unknown.ringing -> ringing", "  newCall 3cx-7-0 @0s in anonymous>101 [Anna] a=101",
                "7: ringing 3cx-7-0 since 0s in nil at 101/Anna",
            ])
        let shown = ["7: ringing 3cx-7-0 since 0s in 0301234567 at 101/Anna"]
        expectNoDifference(story.look(.inbound(.agent("101")), at: 1), shown)
        expectNoDifference(story.look(.inbound(.agent("101"), from: hidden), at: 2), shown)
        expectNoDifference(
            story.look(at: 3),
            ["lingering.graceElapsed -> ended", "  hangup 3cx-7-0 @3s in 0301234567>101 a=101 c=cancel"])
    }

    @Test("a direction that is not shown for a while changes nothing")
    func directionHidden() {
        var story = LifecycleStory()
        _ = story.look(.inbound(.agent("101")), at: 0)
        expectNoDifference(
            story.look(.undirected(.agent("101")), at: 1), ["7: ringing 3cx-7-0 since 0s in 0301234567 at 101/Anna"])
    }

    @Test("a call that turns into an internal one has ended, and the internal one is ignored")
    func becameInternal() {
        var story = LifecycleStory()
        _ = story.look(.inbound(.agent("101", .connected)), at: 0)
        expectNoDifference(
            story.look(.internal(.agent("101", .connected)), at: 1),
            [
                "answered.anotherCall -> ended", "  hangup 3cx-7-0 @1s in 0301234567>101 a=101 c=normalClearing",
                "unknown.irrelevant -> untracked", "7: untracked(internalCall)",
            ])
    }

    @Test("calls of no interest are ignored, each for its reason")
    func untracked() {
        var story = LifecycleStory()
        let calls: [ObservedCall] = [
            .internal(.agent("101"), .agent("102"), id: "1"),
            .inbound(.agent("900", isMonitored: false), id: "2"),
            .undirected(.agent("101"), id: "3"),
        ]
        let decisions = story.look(calls, at: 0)
        expectNoDifference(
            decisions.suffix(3),
            ["1: untracked(internalCall)", "2: untracked(noMonitoredDN)", "3: untracked(directionUnknown)"])
        // A change that makes no difference is no news.
        expectNoDifference(
            story.look(
                [.internal(.agent("101", .connected), .agent("102", .connected), id: "1")] + calls.dropFirst(), at: 1),
            ["1: untracked(internalCall)", "2: untracked(noMonitoredDN)", "3: untracked(directionUnknown)"])
        expectNoDifference(story.look([], at: 2), [])
    }

    @Test("an ignored call's reason is told")
    func reasons() {
        var machine = CallLifecycle(settings: CallLifecycle.Settings())
        var diff = SnapshotDiff()
        diff.appeared = [.internal(.agent("101"))]
        #expect(machine.handle(.observed(diff), at: second(0)).map(\.reason) == ["no external party takes part"])
    }

    @Test("an outgoing call has reasons of its own, with the agent who calls")
    func outgoingReasons() {
        var machine = CallLifecycle(settings: CallLifecycle.Settings())
        var diff = SnapshotDiff()
        diff.appeared = [.outbound(.agent("101")), .outbound(.agent("102", .connected), id: "8")]
        #expect(
            machine.handle(.observed(diff), at: second(0)).map(\.reason) == [
                "Anna calls an outside number", "a call by Bert, already answered when first seen",
            ])
        var answered = SnapshotDiff()
        answered.changed = [.outbound(.agent("101", .connected))]
        #expect(
            machine.handle(.observed(answered), at: second(1)).map(\.reason) == ["the outside party answered Anna"])
    }

    @Test("a call that leaves the monitored DNs is followed until it ends, also when somebody else answers it")
    func leftMonitored() {
        var story = LifecycleStory()
        _ = story.look(.inbound(.agent("101")), at: 0)
        let call = "3cx-7-0 since 0s in 0301234567 at 101/Anna"
        expectNoDifference(
            story.look(.inbound(.agent("900", isMonitored: false)), at: 1), ["7: ringing \(call)"])
        expectNoDifference(
            story.look(.inbound(.agent("900", .connected, name: "Gwen", isMonitored: false)), at: 2),
            [
                "ringing.agentConnected -> answered", "  answer 3cx-7-0 @2s in 0301234567>900 [Gwen] a=900",
                "7: answered(900/Gwen) \(call)",
            ])
        expectNoDifference(
            story.look(at: 3),
            ["lingering.graceElapsed -> ended", "  hangup 3cx-7-0 @3s in 0301234567>900 a=900 c=normalClearing"])
    }
}

extension PBXCallID: ExpressibleByStringLiteral {
    /// An id as a test writes it.
    public init(stringLiteral value: String) {
        self.init(value)
    }
}
