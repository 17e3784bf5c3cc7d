import Testing

@testable import Domain

@Suite("Whether a look shows the same call")
struct CallIdentityTests {
    @Test("another number, or the other way round without one, under the same PBX id is another call")
    func reused() {
        let rings = ObservedCall.inbound(.agent("101"))
        let others: [ObservedCall] = [
            .inbound(.agent("101"), from: "0301234568"),
            .inbound(.agent("101"), from: "+493099999999"),
            .outbound(.agent("101", .dialing), to: "0301234568"),
            .outbound(.agent("101", .dialing), to: nil),
        ]
        for other in others {
            var story = LifecycleStory()
            _ = story.poll(rings, at: 0)
            let lines = story.poll(other, at: 1)
            #expect(lines.first == "ringing.anotherCall -> ended", "\(other)")
            // One that goes out waits for its number.
            let callID = other.awaitsNumber ? nil : CallID(text: "3cx-7-1000")
            #expect(story.machine.calls["7"]?.reported?.callID == callID)
        }
    }

    @Test(
        "the same number in another writing is not another call",
        arguments: ["+49301234567", "0049301234567", "49301234567", "301234567", "+49 30 1234567", "030/123 45-67"])
    func otherWriting(_ number: String) {
        for (first, then) in [(customer, number), (number, customer)] {
            var story = LifecycleStory()
            _ = story.poll(.inbound(.agent("101"), from: first), at: 0)
            expectNoDifference(
                story.poll(.inbound(.agent("101"), from: then), at: 1),
                ["7: ringing 3cx-7-0 since 0s in \(first) at 101/Anna"])
        }
    }

    @Test(
        "a number that shows up later, or is hidden for a while, is not another call's",
        arguments: [nil, "", "anonymous", "unavailable"] as [String?])
    func anonymous(_ hidden: String?) {
        var story = LifecycleStory()
        expectNoDifference(
            story.poll(.inbound(.agent("101"), from: hidden), at: 0),
            [
                "unknown.ringing -> ringing", "  newCall 3cx-7-0 @0s in anonymous>101 [Anna] a=101",
                "7: ringing 3cx-7-0 since 0s in nil at 101/Anna",
            ])
        let shown = ["7: ringing 3cx-7-0 since 0s in 0301234567 at 101/Anna"]
        expectNoDifference(story.poll(.inbound(.agent("101")), at: 1), shown)
        expectNoDifference(story.poll(.inbound(.agent("101"), from: hidden), at: 2), shown)
        expectNoDifference(
            story.poll(at: 3),
            ["ending.graceElapsed -> ended", "  hangup 3cx-7-0 @3s in 0301234567>101 a=101 c=cancel"])
    }

    @Test("a direction that is not shown for a while changes nothing")
    func directionHidden() {
        var story = LifecycleStory()
        _ = story.poll(.inbound(.agent("101")), at: 0)
        expectNoDifference(
            story.poll(.undirected(.agent("101")), at: 1), ["7: ringing 3cx-7-0 since 0s in 0301234567 at 101/Anna"])
    }

    @Test("the same party the other way round is the same call: rows are turned round when a call is handed over")
    func turnedRound() {
        let stories: [(ObservedCall, ObservedCall, String)] = [
            (
                .inbound(.agent("101", .connected)), .outbound(.agent("102", .connected), to: "+49301234567"),
                "in 0301234567>102 [Bert]"
            ),
            (
                .inbound(.agent("101", .connected), from: nil), .outbound(.agent("102", .connected), to: nil),
                "in anonymous>102 [Bert]"
            ),
            (.outbound(.agent("101", .connected)), .inbound(.agent("102", .connected)), "out 102>0301234567"),
        ]
        for (first, then, told) in stories {
            var story = LifecycleStory()
            _ = story.poll(first, at: 0)
            let lines = story.poll(then, at: 1)
            #expect(
                lines.dropLast() == ["answered.otherAgentConnected -> answered", "  answer 3cx-7-0 @1s \(told) a=102"])
        }
    }

    @Test("a call that is not told yet goes the way it was first seen to go")
    func turnedRoundBeforeItIsTold() {
        var story = LifecycleStory()
        _ = story.poll(.inbound(.agent("900", .connected, isMonitored: false)), at: 0)
        let lines = story.poll(.outbound(.agent("101", .connected)), at: 1)
        #expect(lines.dropFirst().first == "  newCall 3cx-7-1000 @1s in 0301234567>101 [Anna] a=101")
        // Somebody else's call under the id is judged by itself, and so is one after the first is gone.
        for (number, isGone) in [("0409999999", false), (customer, true)] {
            var other = LifecycleStory()
            _ = other.poll(.inbound(.agent("900", .connected, isMonitored: false)), at: 0)
            if isGone { _ = other.poll(at: 0.5) }
            let lines = other.poll(.outbound(.agent("101", .connected), to: number), at: 1)
            #expect(lines.dropFirst().first == "  newCall 3cx-7-1000 @1s out 101>\(number) [Anna] a=101")
        }
    }

    @Test("a call that shows no outside party for a moment goes on, and is over if it does not within two seconds")
    func becameInternal() {
        let call = "3cx-7-0 since 0s in 0301234567 at 101/Anna"
        for isBack in [true, false] {
            var story = LifecycleStory()
            _ = story.poll(.inbound(.agent("101", .connected)), at: 0)
            expectNoDifference(
                story.poll(.internal(.agent("101", .connected)), at: 1),
                ["answered.turnedInternal -> ending", "7: ending(1s-3s) answered(101/Anna) \(call)"])
            #expect(story.machine.nextDeadline == second(3))
            if isBack {
                expectNoDifference(
                    story.poll(.inbound(.agent("101", .connected)), at: 2.5),
                    ["ending.agentConnected -> answered", "7: answered(101/Anna) \(call)"])
            } else {
                _ = story.poll(.internal(.agent("101", .connected), .agent("102", .connected)), at: 2.5)
                expectNoDifference(
                    story.feed(.timePassed, at: 3),
                    [
                        "ending.graceElapsed -> ended",
                        "  hangup 3cx-7-0 @1s in 0301234567>101 a=101 c=normalClearing",
                    ])
            }
        }
    }

    @Test("whoever gets the id of a call that shows no outside party is another call")
    func becameAnotherOnTheWay() {
        var story = LifecycleStory()
        _ = story.poll(.inbound(.agent("101", .connected)), at: 0)
        _ = story.poll(.internal(.agent("101", .connected)), at: 1)
        let lines = story.poll(.inbound(.agent("102"), from: "0409999999"), at: 2)
        #expect(lines.first == "ending.anotherCall -> ended")
    }

    @Test("calls of no interest are ignored, each for its reason")
    func ignored() {
        var story = LifecycleStory()
        let calls: [ObservedCall] = [
            .internal(.agent("101"), .agent("102"), id: "1"),
            .inbound(.agent("900", isMonitored: false), id: "2"),
            .undirected(.agent("101"), id: "3"),
        ]
        let decisions = story.poll(calls, at: 0)
        expectNoDifference(
            decisions.suffix(3),
            ["1: ignored(internalCall)", "2: ignored(noMonitoredDN)", "3: ignored(directionUnknown)"])
        // A change that makes no difference is no news.
        expectNoDifference(
            story.poll(
                [.internal(.agent("101", .connected), .agent("102", .connected), id: "1")] + calls.dropFirst(), at: 1),
            ["1: ignored(internalCall)", "2: ignored(noMonitoredDN)", "3: ignored(directionUnknown)"])
        expectNoDifference(story.poll([], at: 2), [])
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
        _ = story.poll(.inbound(.agent("101")), at: 0)
        let call = "3cx-7-0 since 0s in 0301234567 at 101/Anna"
        expectNoDifference(
            story.poll(.inbound(.agent("900", isMonitored: false)), at: 1), ["7: ringing \(call)"])
        expectNoDifference(
            story.poll(.inbound(.agent("900", .connected, name: "Gwen", isMonitored: false)), at: 2),
            [
                "ringing.agentConnected -> answered", "  answer 3cx-7-0 @2s in 0301234567>900 [Gwen] a=900",
                "7: answered(900/Gwen) \(call)",
            ])
        expectNoDifference(
            story.poll(at: 3),
            ["ending.graceElapsed -> ended", "  hangup 3cx-7-0 @3s in 0301234567>900 a=900 c=normalClearing"])
    }
}

extension PBXCallID: ExpressibleByStringLiteral {
    /// An id as a test writes it.
    public init(stringLiteral value: String) {
        self.init(value)
    }
}
