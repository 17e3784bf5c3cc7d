import Testing

@testable import Domain

@Suite("Delivery")
struct EventQueueDeliveryTests {
    @Test("sends a call's events one after the other, in order")
    func oneLane() {
        var story = EventQueueStory()
        expectNoDifference(story.enqueue(.newCall("a"), .answer("a")), ["-> newCall a"])
        expectNoDifference(story.enqueue(.hangup("a", .normalClearing)), [])
        expectNoDifference(story.finish("a", .ok), ["delivered newCall a", "-> answer a"])
        expectNoDifference(story.finish("a", .ok), ["delivered answer a", "-> hangup a normalClearing"])
        expectNoDifference(story.finish("a", .ok), ["delivered hangup a normalClearing"])
        #expect(story.outbox.isIdle)
        #expect(story.outbox.lanes.isEmpty, "a call that is over leaves nothing behind")
        #expect(story.outbox.nextDeadline == nil)
        #expect(story.account == "taken 3 delivered 3 pending 0 dead 0 unconfirmed 0")
    }

    @Test("sends different calls in parallel up to the limit; a slow one holds up itself only")
    func parallel() {
        var story = EventQueueStory { $0.maxParallel = 2 }
        expectNoDifference(
            story.enqueue(.newCall("a"), .newCall("b"), .newCall("c")), ["-> newCall a", "-> newCall b"])
        expectNoDifference(story.enqueue(.hangup("b")), [])
        expectNoDifference(story.finish("b", .ok), ["delivered newCall b", "-> newCall c"], "which goes on")
        expectNoDifference(story.finish("c", .ok), ["delivered newCall c", "-> hangup b cancel"])
        expectNoDifference(story.finish("b", .ok), ["delivered hangup b cancel"])
        #expect(story.underWay.map(\.command.short) == ["newCall a"])
        #expect(story.account == "taken 4 delivered 3 pending 1 dead 0 unconfirmed 0")
    }

    @Test("takes 'already exists' for delivered, and goes on")
    func alreadyKnown() {
        var story = EventQueueStory()
        _ = story.enqueue(.newCall("a"), .answer("a"))
        expectNoDifference(story.finish("a", .alreadyKnown), ["already known newCall a", "-> answer a"])
    }

    @Test("tries a refused event once more, then makes it a dead letter; the call's next event still goes out")
    func refused() {
        var story = EventQueueStory()
        _ = story.enqueue(.newCall("a"), .answer("a"), .hangup("a"))
        _ = story.finish("a", .ok)
        expectNoDifference(story.finish("a", .refused("HTTP 422")), ["postponed answer a: refused"])
        #expect(story.outbox.nextDeadline == Instant(milliseconds: 250))
        expectNoDifference(story.pass(to: 0.2), [])
        expectNoDifference(story.pass(to: 0.25), ["-> answer a"])
        expectNoDifference(
            story.finish("a", .refused("HTTP 422")), ["dead answer a: HTTP 422", "-> hangup a cancel"])
        _ = story.finish("a", .ok)
        #expect(story.account == "taken 3 delivered 2 pending 0 dead 1 unconfirmed 0")
        #expect(story.outbox.lanes.isEmpty)
    }

    @Test("makes all that follows a dead newCall dead letters, also what comes later")
    func deadNewCall() {
        var story = EventQueueStory()
        _ = story.enqueue(.newCall("a"), .answer("a"))
        _ = story.finish("a", .refused("HTTP 422"))
        _ = story.passToDeadline()
        expectNoDifference(
            story.finish("a", .refused("HTTP 422")),
            ["dead newCall a: HTTP 422", "dead answer a: newCall of this call is a dead letter"])
        expectNoDifference(story.enqueue(.hangup("a")), ["dead hangup a cancel: newCall of this call is a dead letter"])
        #expect(story.account == "taken 3 delivered 0 pending 0 dead 3 unconfirmed 0")
        #expect(story.outbox.lanes.isEmpty)
    }

    @Test("tries a newCall at which Zammad fails for ever, and nothing else waits for it")
    func newCallFault() {
        var story = EventQueueStory()
        _ = story.enqueue(.newCall("a"), .newCall("b"))
        for expected in [0.25, 0.5, 1, 2, 4, 8, 15, 15, 15] {
            let before = story.now
            expectNoDifference(
                story.finish("a", .retry("HTTP 500", scope: .event)).last, "postponed newCall a: retry")
            #expect(story.outbox.nextDeadline == before + .milliseconds(Int64(expected * 1000)))
            expectNoDifference(story.passToDeadline(), ["-> newCall a"])
        }
        expectNoDifference(story.finish("b", .ok), ["up", "delivered newCall b"])
        expectNoDifference(story.finish("a", .ok), ["delivered newCall a"])
    }

    @Test("draws its waiting times by full jitter", arguments: [(0.0, 0), (0.5, 125), (0.999, 249), (7, 250), (-1, 0)])
    func jitter(_ jitter: Double, _ expected: Int64) {
        var story = EventQueueStory()
        _ = story.enqueue(.newCall("a"))
        _ = story.finish("a", .retry("HTTP 500", scope: .event), jitter: jitter)
        #expect(story.outbox.nextDeadline == Instant(milliseconds: expected))
    }

    @Test("waits at least as long as Zammad asks for")
    func retryAfter() {
        var story = EventQueueStory()
        _ = story.enqueue(.newCall("a"))
        expectNoDifference(
            story.finish("a", .retry("HTTP 429", scope: .zammad, after: .seconds(7))),
            ["down (1) until 7s", "postponed newCall a: retry"])
        _ = story.passToDeadline()
        expectNoDifference(
            story.finish("a", .retry("HTTP 500", scope: .event, after: .seconds(9))),
            ["failing (1) until 7250ms", "postponed newCall a: retry"])
        #expect(story.outbox.nextDeadline == second(16))
    }

    @Test("gives up on events that are older than wanted, and says so")
    func maxEventAge() {
        var story = EventQueueStory { $0.maxEventAge = .seconds(60) }
        _ = story.enqueue(.newCall("a"), .hangup("a", at: 30))
        _ = story.finish("a", .refusedConnection)
        _ = story.pass(to: 60)
        expectNoDifference(
            story.finish("a", .refusedConnection), ["down (2) until 60250ms", "postponed newCall a: retry"])
        expectNoDifference(
            story.pass(to: 61),
            [
                "dead newCall a: older than max_event_age",
                "dead hangup a cancel: newCall of this call is a dead letter",
            ])
        #expect(story.outbox.nextDeadline == nil)
        #expect(story.account == "taken 2 delivered 0 pending 0 dead 2 unconfirmed 0")
    }

    @Test("begins nothing new once stopped; what is under way may end, and what comes is kept")
    func stop() {
        var story = EventQueueStory()
        _ = story.enqueue(.newCall("a"), .answer("a"))
        story.stop()
        expectNoDifference(story.finish("a", .ok), ["delivered newCall a"])
        expectNoDifference(story.enqueue(.newCall("b")), [])
        expectNoDifference(story.pass(to: 100), [])
        #expect(story.outbox.nextDeadline == nil)
        #expect(story.account == "taken 3 delivered 1 pending 2 dead 0 unconfirmed 0")
    }

    @Test("ignores the end of an attempt that it does not know, or knows to have ended")
    func spurious() {
        var story = EventQueueStory()
        _ = story.enqueue(.newCall("a"))
        var outbox = story.outbox
        #expect(outbox.attemptFinished(99, .ok, jitter: 0, at: second(0)) == Output())
        expectNoDifference(outbox, story.outbox)
        let attempt = story.underWay[0]
        _ = outbox.attemptFinished(attempt.id, .ok, jitter: 0, at: second(0))
        let once = outbox
        #expect(outbox.attemptFinished(attempt.id, .ok, jitter: 0, at: second(0)) == Output())
        expectNoDifference(outbox, once)
        #expect(outbox.timePassed(at: second(5)) == Output())
        expectNoDifference(outbox, once)
    }
}
