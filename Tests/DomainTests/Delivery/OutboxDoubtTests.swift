import Testing

@testable import Domain

@Suite("A request whose fate is unknown")
struct OutboxDoubtTests {
    @Test("is made again for newCall and answer, where that does no harm")
    func harmless() {
        var story = OutboxStory()
        _ = story.enqueue(.newCall("a"), .answer("a"))
        expectNoDifference(story.finish("a", .timeout), ["postponed newCall a: ambiguous"])
        expectNoDifference(story.passToDeadline(), ["-> newCall a"])
        expectNoDifference(story.finish("a", .alreadyKnown), ["already known newCall a", "-> answer a"])
        expectNoDifference(story.finish("a", .timeout), ["postponed answer a: ambiguous"])
        expectNoDifference(story.passToDeadline(), ["-> answer a"])
        #expect(story.outbox.health == .up)
    }

    @Test("is never made again for the hangup of an unanswered inbound call: that could clear its to-do")
    func missedCall() {
        for cause in [HangupCause.cancel, .normalClearing] {
            var story = OutboxStory()
            _ = story.enqueue(.newCall("a"), .hangup("a", cause))
            _ = story.finish("a", .ok)
            expectNoDifference(
                story.finish("a", .timeout), ["unconfirmed hangup a \(cause.rawValue): timed out"])
            expectNoDifference(story.pass(to: 1000), [])
            #expect(story.account == "taken 2 delivered 1 pending 0 dead 0 unconfirmed 1")
            #expect(story.outbox.lanes.isEmpty)
        }
    }

    @Test(
        "is made again for that hangup if it is sure not to have arrived",
        arguments: [.refusedConnection, .refused("x")] as [DeliveryOutcome])
    func notArrived(_ outcome: DeliveryOutcome) {
        var story = OutboxStory()
        _ = story.enqueue(.newCall("a"), .hangup("a"))
        _ = story.finish("a", .ok)
        _ = story.finish("a", outcome)
        expectNoDifference(story.passToDeadline(), ["-> hangup a cancel"])
        expectNoDifference(story.finish("a", .timeout).last, "unconfirmed hangup a cancel: timed out")
    }

    @Test("is made again for every other hangup")
    func otherHangups() {
        let calls: [[CallCommand]] = [
            [.newCall("a"), .answer("a"), .hangup("a", .normalClearing)],
            [.newCall("a"), .answer("a", user: "voicemail"), .hangup("a", .normalClearing)],
            [.newCall("a"), .hangup("a", .forwarded)],
            [.newCall("a", .outbound), .hangup("a", .cancel, .outbound)],
        ]
        for commands in calls {
            var story = OutboxStory()
            for command in commands { _ = story.enqueue(command) }
            for _ in commands.dropLast() { _ = story.finish("a", .ok) }
            let hangup = commands.last?.short ?? ""
            expectNoDifference(story.finish("a", .timeout), ["postponed \(hangup): ambiguous"])
            expectNoDifference(story.passToDeadline(), ["-> \(hangup)"])
            expectNoDifference(story.finish("a", .ok), ["delivered \(hangup)"])
            #expect(story.outbox.lanes.isEmpty)
        }
    }

    @Test("leaves the hangup unsent twice also if the answer before it never reached Zammad")
    func deadAnswer() {
        var story = OutboxStory()
        _ = story.enqueue(.newCall("a"), .answer("a"), .hangup("a", .normalClearing))
        _ = story.finish("a", .ok)
        _ = story.finish("a", .refused("x"))
        _ = story.passToDeadline()
        _ = story.finish("a", .refused("x"))
        expectNoDifference(story.finish("a", .timeout), ["unconfirmed hangup a normalClearing: timed out"])
    }

    @Test("may be a probe or a replay before such a hangup: these are made again")
    func probing() {
        var story = OutboxStory()
        _ = story.enqueue(.newCall("a"), .hangup("a"))
        _ = story.finish("a", .ok)
        expectNoDifference(story.finish("a", .fault), ["-> probe newCall a"])
        expectNoDifference(story.finish("a", .timeout), ["postponed hangup a cancel: ambiguous"])
        expectNoDifference(story.passToDeadline(), ["-> probe newCall a"])
        expectNoDifference(story.finish("a", .ok), ["-> hangup a cancel"])
    }

    @Test("does not arise for a blocked caller's hangup, which is sent as forwarded so that no row rings on")
    func blockedCaller() {
        var story = OutboxStory()
        _ = story.enqueue(.newCall("a"), .hangup("a"))
        expectNoDifference(
            story.finish("a", .delivered(.reject(reason: "busy"))), ["delivered newCall a", "-> hangup a forwarded"])
        expectNoDifference(story.finish("a", .timeout), ["postponed hangup a cancel: ambiguous"])
        expectNoDifference(story.passToDeadline(), ["-> hangup a forwarded"])
        _ = story.finish("a", .ok)
        _ = story.enqueue(.newCall("b"), .answer("b"), .hangup("b", .normalClearing))
        _ = story.finish("b", .delivered(.reject(reason: "busy")))
        expectNoDifference(story.finish("b", .ok), ["delivered answer b", "-> hangup b normalClearing"])
    }
}
