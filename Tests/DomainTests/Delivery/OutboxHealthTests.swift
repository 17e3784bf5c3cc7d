import Testing

@testable import Domain

@Suite("While Zammad cannot be reached, or is misconfigured,")
struct OutboxHealthTests {
    @Test("one lane probes with growing pauses, the others wait, and then all goes out back to back")
    func down() {
        var story = OutboxStory()
        expectNoDifference(story.enqueue(.newCall("a"), .answer("a")), ["-> newCall a"])
        expectNoDifference(
            story.finish("a", .refusedConnection), ["down (1) until 250ms", "postponed newCall a: retry"])
        expectNoDifference(story.enqueue(.newCall("b")), [])
        expectNoDifference(story.pass(to: 0.2), [])
        var failures = 1
        for (pause, call) in zip([0.25, 0.5, 1, 2, 4, 8, 15, 15, 15], ["a", "b", "a", "b", "a", "b", "a", "b", "a"]) {
            #expect(
                story.outbox.nextDeadline?.milliseconds
                    == (failures == 1 ? 250 : story.now.milliseconds + Int64(pause * 1000)))
            expectNoDifference(story.passToDeadline(), ["-> newCall \(call)"])
            #expect(story.outbox.nextDeadline == nil, "the probe's end decides")
            failures += 1
            let lines = story.finish(call, .refusedConnection)
            #expect(lines.first?.hasPrefix("down (\(failures))") == true)
            #expect(lines.count == 2)
        }
        expectNoDifference(story.passToDeadline(), ["-> newCall b"])
        expectNoDifference(story.finish("b", .ok), ["up", "delivered newCall b", "-> newCall a"])
        expectNoDifference(story.finish("a", .ok), ["delivered newCall a", "-> answer a"])
        expectNoDifference(story.finish("a", .ok), ["delivered answer a"])
        #expect(story.account == "taken 3 delivered 3 pending 0 dead 0 unconfirmed 0")
    }

    @Test("requests that were under way when it began to fail do not make the pause longer")
    func parallelFailures() {
        var story = OutboxStory()
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

    @Test("nothing is sent for 15 s after a reply that says so, then one probe, and all resumes when it is repaired")
    func misconfigured() {
        var story = OutboxStory()
        _ = story.enqueue(.newCall("a"))
        expectNoDifference(
            story.finish("a", .misconfigured("HTTP 401")),
            ["misconfigured until 15s", "postponed newCall a: misconfigured"]
        )
        expectNoDifference(story.enqueue(.newCall("b"), .answer("b"), .newCall("c")), [])
        expectNoDifference(story.pass(to: 14.9), [])
        expectNoDifference(story.passToDeadline(), ["-> newCall a"])
        expectNoDifference(
            story.finish("a", .misconfigured("HTTP 401")),
            ["misconfigured until 30s", "postponed newCall a: misconfigured"]
        )
        expectNoDifference(story.passToDeadline(), ["-> newCall b"])
        expectNoDifference(
            story.finish("b", .ok), ["up", "delivered newCall b", "-> answer b", "-> newCall c", "-> newCall a"])
        #expect(story.account == "taken 4 delivered 1 pending 3 dead 0 unconfirmed 0")
    }

    @Test("an event that a proxy refuses holds up no other call")
    func poison() {
        var story = OutboxStory { $0.maxParallel = 1 }
        _ = story.enqueue(.newCall("poison"), .newCall("b"), .newCall("c"))
        _ = story.finish("poison", .misconfigured("HTTP 403"))
        expectNoDifference(story.passToDeadline(), ["-> newCall b"])
        expectNoDifference(story.finish("b", .ok), ["up", "delivered newCall b", "-> newCall c"])
        expectNoDifference(story.finish("c", .ok), ["delivered newCall c", "-> newCall poison"])
        _ = story.finish("poison", .misconfigured("HTTP 403"))
        #expect(story.account == "taken 3 delivered 2 pending 1 dead 0 unconfirmed 0")
    }

    @Test("a request that hangs does not let the next probe come at once")
    func hangingProbe() {
        var story = OutboxStory()
        _ = story.enqueue(.newCall("a"), .newCall("b"), .answer("b"))
        _ = story.finish("a", .refusedConnection)
        expectNoDifference(story.finish("b", .ok), ["up", "delivered newCall b", "-> answer b", "-> newCall a"])
        _ = story.finish("a", .refusedConnection)
        _ = story.pass(to: 0.25)
        expectNoDifference(
            story.finish("b", .timeout, jitter: 0.5), ["down (2) until 7750ms", "postponed answer b: ambiguous"])
        expectNoDifference(story.pass(to: 1), [])
        expectNoDifference(story.passToDeadline(), ["-> newCall a"])
    }

    @Test("a wait that ends later is the deadline if no lane could probe before: nothing wakes for nothing")
    func noLaneToProbe() {
        var story = OutboxStory { $0.maxEventAge = .seconds(1) }
        _ = story.enqueue(.newCall("a", at: 100), .newCall("b"))
        _ = story.finish("a", .retry("HTTP 500", scope: .event, after: .seconds(50)))
        _ = story.finish("b", .refusedConnection)
        expectNoDifference(story.pass(to: 2), ["dead newCall b: older than max_event_age"])
        #expect(!story.outbox.health.isUp)
        #expect(story.outbox.nextDeadline == second(50))
        expectNoDifference(story.passToDeadline(), ["-> newCall a"])
    }

    @Test(
        "a reply of any other kind shows that it is back",
        arguments: [.ok, .alreadyKnown, .refused("x"), .fault] as [DeliveryOutcome])
    func back(_ outcome: DeliveryOutcome) {
        var story = OutboxStory()
        _ = story.enqueue(.newCall("a"))
        _ = story.finish("a", .refusedConnection)
        _ = story.passToDeadline()
        #expect(story.finish("a", outcome).first == "up")
        #expect(story.outbox.health == .up)
    }
}
