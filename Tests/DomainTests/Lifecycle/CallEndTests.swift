import Testing

@testable import Domain

@Suite("The end of a call")
struct CallEndTests {
    private let call = "3cx-7-0 since 0s in 0301234567 at 101/Anna"

    @Test("comes at once without a grace")
    func withoutGrace() {
        var story = LifecycleStory()
        _ = story.poll(.inbound(.agent("101")), at: 0)
        expectNoDifference(
            story.poll(at: 5),
            ["ending.graceElapsed -> ended", "  hangup 3cx-7-0 @5s in 0301234567>101 a=101 c=cancel"])
        #expect(story.machine.nextDeadline == nil)
    }

    @Test("waits for the grace, and keeps the instant at which the call vanished")
    func withGrace() {
        var story = LifecycleStory { $0.grace = .seconds(2) }
        _ = story.poll(.inbound(.agent("101", .connected)), at: 0)
        expectNoDifference(
            story.poll(at: 5),
            ["answered.vanished -> ending", "7: ending(5s-7s) answered(101/Anna) \(call)"])
        #expect(story.machine.nextDeadline == second(7))
        expectNoDifference(
            story.feed(.timePassed, at: 6.999), ["7: ending(5s-7s) answered(101/Anna) \(call)"])
        expectNoDifference(
            story.feed(.timePassed, at: 7),
            ["ending.graceElapsed -> ended", "  hangup 3cx-7-0 @5s in 0301234567>101 a=101 c=normalClearing"])
        expectNoDifference(story.feed(.timePassed, at: 8), [])
    }

    @Test(
        "waits for the whole grace unless the call was answered, whatever looks confirm",
        arguments: [ObservedCall.inbound(.agent("101")), .inbound(.queue()), .inbound(.voicemail(isMonitored: true))])
    func confirmedUnanswered(_ call: ObservedCall) {
        var story = LifecycleStory { $0.grace = .seconds(2) }
        _ = story.poll(call, at: 0)
        _ = story.poll(at: 5)
        let before = story.state
        expectNoDifference(story.feed(.observed(.confirmedGone("7")), at: 6), before)
        #expect(story.machine.nextDeadline == second(7))
    }

    @Test("is not confirmed of a call that is listed, that was not reported, or that nobody knows")
    func confirmedListed() {
        var story = LifecycleStory { $0.grace = .seconds(2) }
        _ = story.poll(.inbound(.agent("101", .connected)), .internal(.agent("102"), .agent("103"), id: "8"), at: 0)
        let before = story.state
        expectNoDifference(story.feed(.observed(.confirmedGone("7", "8", "9")), at: 1), before)
        #expect(story.machine.impossibleSteps == 0)
    }

    @Test("waits longer where the source lists legs, which come and go within one call")
    func legGrace() {
        var machine = CallLifecycle(settings: CallLifecycle.Settings())
        let polls = [[ObservedCall.inbound(.agent("101"))], []].enumerated().map { index, calls in
            CallSnapshot(takenAt: second(Double(index)), calls: calls, listsLegs: true)
        }
        _ = machine.handle(
            .observed(SnapshotDiff(from: CallSnapshot(takenAt: second(0), calls: []), to: polls[0])), at: second(0))
        let decisions = machine.handle(.observed(SnapshotDiff(from: polls[0], to: polls[1])), at: second(1))
        expectNoDifference(decisions.flatMap(\.lines), ["ringing.vanished -> ending"])
        #expect(machine.calls["7"]?.text == "ending(1s-3s) ringing \(call)")
        #expect(machine.nextDeadline == second(3))
    }

    @Test("does not come if the call is listed again in time, and the next grace is whole")
    func cameBack() {
        var story = LifecycleStory { $0.grace = .seconds(2) }
        _ = story.poll(.inbound(.agent("101")), at: 0)
        _ = story.poll(at: 1)
        expectNoDifference(
            story.poll(.inbound(.agent("101")), at: 2.5),
            ["ending.ringing -> ringing", "7: ringing \(call)"])
        #expect(story.machine.nextDeadline == nil)
        expectNoDifference(
            story.poll(at: 3), ["ringing.vanished -> ending", "7: ending(3s-5s) ringing \(call)"])
    }

    @Test("does not come while nobody looks, however long: the grace stands still", arguments: [1.0, 3600, 1_000_000])
    func viewLost(_ blind: Double) {
        var story = LifecycleStory { $0.grace = .seconds(2) }
        _ = story.poll(.inbound(.agent("101")), at: 0)
        _ = story.poll(at: 1)
        expectNoDifference(story.feed(.viewLost, at: 2), ["7: ending(1s-3s) ringing \(call)"])
        #expect(story.machine.nextDeadline == nil)
        expectNoDifference(story.feed(.timePassed, at: 2 + blind / 2), ["7: ending(1s-3s) ringing \(call)"])
        expectNoDifference(story.feed(.viewLost, at: 2 + blind / 2), ["7: ending(1s-3s) ringing \(call)"])
        let until = second(3 + blind)
        expectNoDifference(
            story.feed(.viewRestored, at: 2 + blind), ["7: ending(1s-\(until.text)) ringing \(call)"])
        #expect(story.machine.nextDeadline == until)
        expectNoDifference(
            story.feed(.timePassed, at: 3 + blind),
            ["ending.graceElapsed -> ended", "  hangup 3cx-7-0 @1s in 0301234567>101 a=101 c=cancel"])
    }

    @Test("is called off by the very look that restores the view")
    func restoredByItsOwnPoll() {
        var story = LifecycleStory()
        _ = story.poll(.inbound(.agent("101")), at: 0)
        _ = story.feed(.viewLost, at: 1)
        expectNoDifference(
            story.poll(at: 2), ["7: ending(2s-2s) ringing \(call)"], "without a grace, and with nobody looking")
        expectNoDifference(story.feed(.viewRestored, at: 9), ["7: ending(2s-10s) ringing \(call)"])
        expectNoDifference(
            story.poll(.inbound(.agent("101")), at: 9), ["ending.ringing -> ringing", "7: ringing \(call)"])
    }

    @Test("names the cause that follows from how the call went")
    func causes() {
        let queued = ObservedCall.inbound(.queue())
        let cases: [(String, Bool, [ObservedCall], String)] = [
            ("ringing", false, [.inbound(.agent("101"))], "in 0301234567>101 a=101 c=cancel"),
            ("answered", false, [.inbound(.agent("101", .connected))], "in 0301234567>101 a=101 c=normalClearing"),
            ("outbound", false, [.outbound(.agent("101", .dialing))], "out 101>0301234567 a=101 c=cancel"),
            (
                "outbound, answered", false, [.outbound(.agent("101", .connected))],
                "out 101>0301234567 a=101 c=normalClearing"
            ),
            ("queue", false, [queued], "in 0301234567>800 a=800 c=forwarded"),
            ("queue, logged", true, [queued], "in 0301234567>800 a=800 c=cancel"),
            (
                "queue, an agent rang", true, [queued, .inbound(.agent("101"))], "in 0301234567>800 a=800 c=cancel"
            ),
            (
                "an agent rang, then queue", false, [.inbound(.agent("101")), queued],
                "in 0301234567>800 a=800 c=forwarded"
            ),
            (
                "queue, answered", false, [queued, .inbound(.queue(), .agent("101", .connected))],
                "in 0301234567>101 a=101 c=normalClearing"
            ),
            (
                "voicemail", false, [.inbound(.agent("101")), .inbound(.voicemail())],
                "in 0301234567>101 a=101 c=voicemail"
            ),
            ("queue, voicemail", false, [queued, .inbound(.voicemail())], "in 0301234567>800 a=800 c=voicemail"),
        ]
        for (name, logged, polls, expected) in cases {
            var story = LifecycleStory { $0.helpdesks = [.default: .init(logMissedQueueCalls: logged)] }
            for (index, call) in polls.enumerated() { _ = story.poll(call, at: Double(index)) }
            expectNoDifference(
                story.poll(at: 9).last, "  hangup 3cx-7-0 @9s \(expected)", name)
        }
    }

    @Test("is the end of ten thousand calls at once, each with its own hangup, in order")
    func tenThousand() {
        let calls = (1...10_000).map { ObservedCall.inbound(.agent("101"), id: "\($0)", from: "030\(1_000_000 + $0)") }
        var story = LifecycleStory()
        #expect(story.poll(calls, at: 0).count == 30_000)
        let lines = story.poll([], at: 1)
        let expected = calls.flatMap { call in
            [
                "ending.graceElapsed -> ended",
                "  hangup 3cx-\(call.id)-0 @1s in \(call.external?.number ?? "")>101 a=101 c=cancel",
            ]
        }
        #expect(lines == expected)
        #expect(story.machine.calls.isEmpty)
    }
}
