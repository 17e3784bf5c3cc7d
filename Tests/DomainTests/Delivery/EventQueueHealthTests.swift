import Testing

@testable import Domain

@Suite("While Zammad cannot be reached, or is misconfigured,")
struct EventQueueHealthTests {
    @Test("one call after the other probes, with pauses that grow with the calls that failed, and then all goes out")
    func down() {
        var story = EventQueueStory()
        expectNoDifference(story.enqueue(.newCall("a"), .answer("a")), ["-> newCall a"])
        expectNoDifference(
            story.finish("a", .refusedConnection), ["down (1) until 250ms", "postponed newCall a: retry"])
        expectNoDifference(story.enqueue(.newCall("b"), .newCall("c"), .newCall("d"), .newCall("e")), [])
        expectNoDifference(story.enqueue(.newCall("f"), .newCall("g"), .newCall("h"), .newCall("i")), [])
        expectNoDifference(story.pass(to: 0.2), [])
        var next = second(0.25)
        for (index, call) in ["b", "c", "d", "e", "f", "g", "h", "i"].enumerated() {
            #expect(story.outbox.nextDeadline == next)
            expectNoDifference(story.passToDeadline(), ["-> newCall \(call)"])
            #expect(story.outbox.nextDeadline == nil, "the probe's end decides")
            let lines = story.finish(call, .refusedConnection)
            next = story.now + .milliseconds([500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000][index])
            expectNoDifference(
                lines, ["down (\(index + 2)) until \(next.text)", "postponed newCall \(call): retry"])
        }
        // By then the waits of all are over, and all have failed once.
        expectNoDifference(story.passToDeadline(), ["-> newCall a"])
        expectNoDifference(
            story.finish("a", .ok),
            ["up", "delivered newCall a", "-> answer a"]
                + ["b", "c", "d", "e", "f", "g", "h", "i"].map { "-> newCall \($0)" })
    }

    @Test("the hangup of a missed call is no trial: its newCall is sent in its place until Zammad answers")
    func noTrialOfWhatCannotBeRepeated() {
        var story = EventQueueStory()
        _ = story.enqueue(.newCall("a"))
        _ = story.finish("a", .ok)
        _ = story.enqueue(.newCall("b"))
        _ = story.finish("b", .refusedConnection)
        expectNoDifference(story.enqueue(.hangup("a")), [])
        expectNoDifference(story.passToDeadline(), ["-> probe newCall a"])
        #expect(story.finish("a", .timeout).last == "postponed hangup a cancel: ambiguous")
        #expect(story.account == "taken 3 delivered 1 pending 2 dead 0 unconfirmed 0")
        for _ in 0..<10 where !story.outbox.isUnderWay("a") {
            if story.outbox.isUnderWay("b") { _ = story.finish("b", .refusedConnection) }
            _ = story.passToDeadline()
        }
        let back = story.finish("a", .alreadyKnown)
        #expect(back.first == "up" && back.contains("-> hangup a cancel"))
        #expect(story.finish("a", .ok).first == "delivered hangup a cancel")
    }

    @Test("a call that has probed does not wait any longer when it is back")
    func released() {
        var story = EventQueueStory()
        _ = story.enqueue(.newCall("a"))
        _ = story.finish("a", .refusedConnection)
        for _ in 0..<10 {
            _ = story.passToDeadline()
            _ = story.finish("a", .refusedConnection)
        }
        expectNoDifference(story.enqueue(.newCall("b")), [])
        expectNoDifference(story.passToDeadline(), ["-> newCall b"], "before the 15 s are over that the other waits")
        expectNoDifference(story.finish("b", .ok), ["up", "delivered newCall b", "-> newCall a"])
    }

    @Test("requests that were under way when it began to fail do not make the pause longer")
    func parallelFailures() {
        var story = EventQueueStory()
        _ = story.enqueue(.newCall("a"), .newCall("b"), .newCall("c"), .newCall("d"))
        expectNoDifference(
            story.finish("a", .refusedConnection), ["down (1) until 250ms", "postponed newCall a: retry"])
        expectNoDifference(
            story.finish("b", .retry("reset", scope: .zammad)), ["postponed newCall b: retry"], "and are no news")
        expectNoDifference(
            story.finish("c", .retry("HTTP 503", scope: .zammad, after: .seconds(3))),
            ["down (1) until 3s", "postponed newCall c: retry"])
        expectNoDifference(story.finish("d", .timeout), ["postponed newCall d: ambiguous"])
        expectNoDifference(story.passToDeadline(), ["-> newCall a"])
        expectNoDifference(
            story.finish("a", .ok), ["up", "delivered newCall a", "-> newCall b", "-> newCall c", "-> newCall d"])
    }

    @Test("a call waits 15 s after a reply that says so, others probe meanwhile, and all resumes when it is repaired")
    func misconfigured() {
        var story = EventQueueStory()
        _ = story.enqueue(.newCall("a"))
        let refusal = DeliveryOutcome.misconfigured("HTTP 401")
        expectNoDifference(
            story.finish("a", refusal), ["misconfigured (1) until 250ms", "postponed newCall a: misconfigured"])
        #expect(story.outbox.nextDeadline == second(15))
        expectNoDifference(story.enqueue(.newCall("b"), .answer("b"), .newCall("c")), [])
        for (call, until) in [("b", "750ms"), ("c", "1750ms")] {
            expectNoDifference(story.passToDeadline(), ["-> newCall \(call)"])
            #expect(story.finish(call, refusal).first?.hasSuffix("until \(until)") == true)
        }
        #expect(story.outbox.nextDeadline == second(15))
        expectNoDifference(story.passToDeadline(), ["-> newCall a"])
        expectNoDifference(
            story.finish("a", refusal), ["misconfigured (4) until 16s", "postponed newCall a: misconfigured"])
        expectNoDifference(story.passToDeadline(), ["-> newCall b"])
        expectNoDifference(
            story.finish("b", .ok), ["up", "delivered newCall b", "-> newCall a", "-> answer b", "-> newCall c"])
        #expect(story.account == "taken 4 delivered 1 pending 3 dead 0 unconfirmed 0")
    }

    @Test(
        "an event that is refused by itself, however long, holds up no other call for more than a moment",
        arguments: [.misconfigured("HTTP 403"), .retry("HTTP 503", scope: .zammad), .retry("HTTP 500", scope: .event)]
            as [DeliveryOutcome])
    func poison(_ refusal: DeliveryOutcome) {
        var story = EventQueueStory { $0.maxParallel = 1 }
        _ = story.enqueue(.newCall("poison"))
        for round in 0..<20 {
            _ = story.finish("poison", refusal)
            let began = story.now
            var lines = story.enqueue(.newCall("\(round)"))
            if lines.isEmpty { lines = story.passToDeadline() }
            expectNoDifference(lines, ["-> newCall \(round)"])
            #expect(story.now <= began + .milliseconds(250))
            #expect(story.finish("\(round)", .ok).contains("delivered newCall \(round)"))
            #expect(story.outbox.health.isUp)
            if story.underWay.isEmpty { expectNoDifference(story.passToDeadline(), ["-> newCall poison"]) }
        }
    }

    @Test("Zammad fails when three requests in a row did, on whatever call, and no fewer; a success begins anew")
    func failing() {
        var story = EventQueueStory()
        _ = story.enqueue(.newCall("a"), .newCall("b"), .newCall("c"), .newCall("d"))
        let fault = DeliveryOutcome.retry("HTTP 500", scope: .event)
        expectNoDifference(story.finish("a", fault), ["postponed newCall a: retry"])
        expectNoDifference(story.finish("b", .timeout), ["postponed newCall b: ambiguous"])
        expectNoDifference(story.finish("c", .ok), ["delivered newCall c"])
        _ = story.enqueue(.answer("c"))
        expectNoDifference(story.finish("d", fault), ["postponed newCall d: retry"])
        _ = story.pass(to: 0.25)
        expectNoDifference(story.finish("a", .timeout), ["postponed newCall a: ambiguous"])
        #expect(story.outbox.health.isUp)
        expectNoDifference(story.finish("b", fault), ["failing (1) until 1250ms", "postponed newCall b: retry"])
        #expect(story.outbox.health.trouble?.since == second(0), "since the first of the three")
        expectNoDifference(story.finish("d", fault), ["postponed newCall d: retry"])
        // While the answer is under way there may be two more.
        expectNoDifference(story.enqueue(.newCall("e"), .newCall("f"), .newCall("g")), [])
        expectNoDifference(story.pass(to: 1.25), ["-> newCall e", "-> newCall f"])
        expectNoDifference(story.finish("e", fault).first, "failing (2) until 3250ms")
        expectNoDifference(story.finish("f", fault), ["postponed newCall f: retry"])
        expectNoDifference(
            story.finish("c", .ok),
            ["up", "delivered answer c"] + ["a", "b", "d", "e", "f", "g"].map { "-> newCall \($0)" })
    }

    @Test("a call that Zammad may have lost is no failure of Zammad")
    func lostCalls() {
        var story = EventQueueStory()
        for call in ["a", "b", "c", "d"] {
            _ = story.enqueue(.newCall(call))
            _ = story.finish(call, .ok)
            _ = story.enqueue(.answer(call))
        }
        for call in ["a", "b", "c", "d"] {
            expectNoDifference(story.finish(call, .fault), ["-> probe newCall \(call)"])
        }
        #expect(story.outbox.health.isUp)
    }

    @Test("a request that hangs does not let the next probe come at once")
    func hangingProbe() {
        var story = EventQueueStory()
        _ = story.enqueue(.newCall("a"), .newCall("b"), .answer("b"))
        _ = story.finish("a", .refusedConnection)
        expectNoDifference(story.finish("b", .ok), ["up", "delivered newCall b", "-> answer b"])
        expectNoDifference(story.passToDeadline(), ["-> newCall a"])
        _ = story.finish("a", .refusedConnection)
        _ = story.pass(to: 0.75)
        expectNoDifference(
            story.finish("b", .timeout, jitter: 0.5),
            ["failing (1) until 1s", "postponed answer b: ambiguous"])
        expectNoDifference(story.passToDeadline(), ["-> newCall a", "-> answer b"])
    }

    @Test("a wait that ends later is the deadline if no lane could probe before: nothing wakes for nothing")
    func noLaneToProbe() {
        var story = EventQueueStory { $0.maxEventAge = .seconds(1) }
        _ = story.enqueue(.newCall("a", at: 100), .newCall("b"))
        _ = story.finish("a", .retry("HTTP 500", scope: .event, after: .seconds(50)))
        _ = story.finish("b", .refusedConnection)
        expectNoDifference(story.pass(to: 2), ["dead newCall b: older than max_event_age"])
        #expect(!story.outbox.health.isUp)
        #expect(story.outbox.nextDeadline == second(50))
        expectNoDifference(story.passToDeadline(), ["-> newCall a"])
    }

    @Test(
        "a reply that is of this one event shows that it is back",
        arguments: [.ok, .alreadyKnown, .refused("x")] as [DeliveryOutcome])
    func back(_ outcome: DeliveryOutcome) {
        var story = EventQueueStory()
        _ = story.enqueue(.newCall("a"))
        _ = story.finish("a", .refusedConnection)
        _ = story.passToDeadline()
        #expect(story.finish("a", outcome).first == "up")
        #expect(story.outbox.health == .up)
    }
}

extension EventQueue {
    fileprivate func isUnderWay(_ callID: String) -> Bool {
        if case .inFlight? = lanes[CallID(text: callID)]?.status { true } else { false }
    }
}
