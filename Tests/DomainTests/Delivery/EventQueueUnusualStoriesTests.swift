import Testing

@testable import Domain

/// Faults that random worlds have found, and faults of the same kind that their traces suggested.
@Suite("The events of a Zammad, in unusual stories:")
struct EventQueueUnusualStoriesTests {
    @Test("after a restart the queue knows of the requests that it has begun")
    func resumedRequestsAreUnderWay() {
        var story = EventQueueStory()
        expectNoDifference(story.enqueue(.newCall("a")), ["-> newCall a"])
        expectNoDifference(story.restart(), ["postponed newCall a: ambiguous", "-> newCall a"])
        #expect(story.outbox.attemptsUnderWay == 1)
        expectNoDifference(story.pass(to: 60), [])
    }

    @Test("an answer waits as long as Zammad fails at everything, and is delivered then")
    func longSpellOfFailures() {
        var story = EventQueueStory()
        _ = story.enqueue(.newCall("a"))
        _ = story.finish("a", .ok)
        expectNoDifference(story.enqueue(.answer("a")), ["-> answer a"])
        expectNoDifference(story.finish("a", .fault), ["-> probe newCall a"])
        for _ in 0..<50 {
            let lines = story.finish("a", .retry("HTTP 500", scope: .event))
            #expect(lines.contains("postponed answer a: retry"))
            #expect(!lines.contains { $0.hasPrefix("->") })
            expectNoDifference(story.passToDeadline(), ["-> probe newCall a"])
        }
        #expect(story.account == "taken 2 delivered 1 pending 1 dead 0 unconfirmed 0")
        _ = story.finish("a", .alreadyKnown)
        expectNoDifference(story.passToDeadline(), ["-> answer a"])
        expectNoDifference(story.finish("a", .ok).first, "delivered answer a")
        #expect(story.outbox.isIdle)
        #expect(story.account == "taken 2 delivered 2 pending 0 dead 0 unconfirmed 0")
    }

    @Test("when the reply to a probe is lost, the answer is told again before the hangup")
    func probeInDoubt() {
        var story = EventQueueStory()
        _ = story.enqueue(.newCall("a"), .answer("a"), .hangup("a", .normalClearing))
        _ = story.finish("a", .ok)
        _ = story.finish("a", .ok)
        expectNoDifference(story.finish("a", .fault), ["-> probe newCall a"])
        expectNoDifference(story.finish("a", .timeout), ["postponed hangup a normalClearing: ambiguous"])
        expectNoDifference(story.passToDeadline(), ["-> probe newCall a"])
        expectNoDifference(story.finish("a", .alreadyKnown), ["-> replayAnswer answer a"])
        expectNoDifference(story.finish("a", .ok), ["-> hangup a normalClearing"])
    }

    @Test("while Zammad is down and every lane waits, the queue does not ask to be woken in the past")
    func noBusyWaiting() {
        var story = EventQueueStory()
        _ = story.enqueue(.newCall("a"), .hangup("a"))
        _ = story.finish("a", .ok)
        _ = story.enqueue(.newCall("b"))
        _ = story.finish("b", .timeout, jitter: 0.8)
        // Down, with a probe at once, whose outcome stays open.
        _ = story.finish("a", .refusedConnection, jitter: 0)
        expectNoDifference(story.pass(to: 0), ["-> probe newCall a"])
        _ = story.finish("a", .timeout, jitter: 0.8)
        #expect(story.account == "taken 3 delivered 1 pending 2 dead 0 unconfirmed 0")
        expectNoDifference(story.pass(to: 0), [])
        #expect(story.passToDeadline().contains { $0.hasPrefix("->") })
    }

    @Test("an event that the operator sends again does not take the place of the request under way")
    func retryWhileUnderWay() {
        var story = EventQueueStory()
        _ = story.enqueue(.newCall("a"), .answer("a"))
        _ = story.finish("a", .ok)
        _ = story.finish("a", .refused("HTTP 422"))
        _ = story.passToDeadline()
        expectNoDifference(story.finish("a", .refused("HTTP 422")), ["dead answer a: HTTP 422"])
        expectNoDifference(story.enqueue(.hangup("a")), ["-> hangup a cancel"])
        expectNoDifference(story.retryFirstSettled(), [])
        expectNoDifference(story.finish("a", .ok), ["delivered hangup a cancel", "-> answer a"])
    }

    @Test("a Zammad that takes every newCall and forgets it is asked ever more rarely; then the event is given up")
    func forgetfulZammad() {
        var story = EventQueueStory()
        _ = story.enqueue(.newCall("a"), .hangup("a"))
        _ = story.finish("a", .ok)
        var waits: [Duration] = []
        while story.outbox.account.pending > 0, waits.count < 60 {
            if story.underWay.isEmpty {
                let before = story.now
                _ = story.passToDeadline()
                waits.append(story.now - before)
            }
            let isProbe = story.underWay.first?.command.event == .newCall
            _ = story.finish("a", isProbe ? .ok : .fault, jitter: 0.5)
        }
        #expect(waits.count >= 4 && waits.allSatisfy { $0 > .zero } && waits == waits.sorted())
        #expect(story.account == "taken 2 delivered 1 pending 0 dead 1 unconfirmed 0")
    }

    @Test("a dead letter that is sent again after its call leaves no lane behind")
    func retriedLaneGoes() {
        var story = EventQueueStory()
        _ = story.enqueue(.newCall("a"), .hangup("a"))
        _ = story.finish("a", .refused("HTTP 422"))
        _ = story.passToDeadline()
        _ = story.finish("a", .refused("HTTP 422"))
        #expect(story.account == "taken 2 delivered 0 pending 0 dead 2 unconfirmed 0")
        #expect(story.outbox.lanes.isEmpty)
        expectNoDifference(story.retryFirstSettled(), ["-> newCall a"])
        expectNoDifference(story.finish("a", .ok), ["delivered newCall a"])
        #expect(story.outbox.lanes.isEmpty)
    }

    @Test("events that a damaged journal has lost are named, and the account closes with what is there")
    func lostEvents() {
        var story = EventQueueStory()
        _ = story.enqueue(.newCall("a"), .hangup("a"), .newCall("b"))
        expectNoDifference(
            story.restart { $0.lanes[CallID(text: "a")] = nil }, ["postponed newCall b: ambiguous", "-> newCall b"])
        #expect(story.outbox.account.dropped == ["lost from the journal": 2])
        #expect(story.account == "taken 3 delivered 0 pending 1 dead 0 unconfirmed 0")
    }
}
