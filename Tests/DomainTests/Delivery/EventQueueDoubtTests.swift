import Testing

@testable import Domain

@Suite("A request whose fate is unknown")
struct EventQueueDoubtTests {
    @Test("is made again for newCall and answer, where that does no harm")
    func harmless() {
        var story = EventQueueStory()
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
            var story = EventQueueStory()
            _ = story.enqueue(.newCall("a"), .hangup("a", cause))
            _ = story.finish("a", .ok)
            expectNoDifference(
                story.finish("a", .timeout), ["unconfirmed hangup a \(cause.rawValue): timed out"])
            expectNoDifference(story.pass(to: 1000), [])
            #expect(story.account == "taken 2 delivered 1 pending 0 dead 0 unconfirmed 1")
            #expect(story.outbox.lanes.isEmpty)
        }
    }

    @Test("is looked up in Zammad's caller log where that can be read, once a late arrival is out of the question")
    func lookedUp() {
        var story = EventQueueStory { $0.looksUpDoubts = true }
        _ = story.enqueue(.newCall("a"), .hangup("a"))
        _ = story.finish("a", .ok)
        expectNoDifference(story.finish("a", .timeout), ["postponed hangup a cancel: ambiguous"])
        expectNoDifference(story.pass(to: 29.9), [])
        expectNoDifference(story.passToDeadline(), ["-> lookUp hangup a cancel"])
        #expect(story.now == second(30))
        expectNoDifference(story.finish("a", .ok), ["delivered hangup a cancel"])
        #expect(story.account == "taken 2 delivered 2 pending 0 dead 0 unconfirmed 0")
        #expect(story.outbox.lanes.isEmpty)
    }

    @Test("is sent again if Zammad does not have it, and is in doubt anew if that gets no answer")
    func notStored() {
        var story = EventQueueStory { $0.looksUpDoubts = true }
        _ = story.enqueue(.newCall("a"), .hangup("a"))
        _ = story.finish("a", .ok)
        _ = story.finish("a", .timeout)
        _ = story.passToDeadline()
        expectNoDifference(story.finish("a", .notStored("newCall")), ["-> hangup a cancel"])
        expectNoDifference(story.finish("a", .timeout), ["postponed hangup a cancel: ambiguous"])
        expectNoDifference(story.passToDeadline(), ["-> lookUp hangup a cancel"])
        expectNoDifference(story.finish("a", .notStored("newCall")), ["-> hangup a cancel"])
        expectNoDifference(story.finish("a", .ok), ["delivered hangup a cancel"])
        #expect(story.outbox.lanes.isEmpty)
    }

    /// An answer that was given up, and behind it a hangup in doubt; then the operator has the answer sent again.
    private func answerSentAgain() -> EventQueueStory {
        var story = EventQueueStory { $0.looksUpDoubts = true }
        _ = story.enqueue(.newCall("a"), .answer("a"), .hangup("a"))
        _ = story.finish("a", .ok)
        _ = story.finish("a", .refused("x"), jitter: 0)
        _ = story.pass(to: 0)
        expectNoDifference(
            story.finish("a", .refused("x"), jitter: 0), ["dead answer a: x", "-> hangup a cancel"])
        _ = story.finish("a", .timeout, jitter: 0)
        expectNoDifference(story.retryFirstSettled(), [])
        return story
    }

    @Test("is what is looked up, also where the operator sends an earlier event again meanwhile")
    func earlierEventSentAgain() {
        var story = answerSentAgain()
        expectNoDifference(story.pass(to: 30), ["-> lookUp hangup a cancel"])
        expectNoDifference(story.finish("a", .ok), ["delivered hangup a cancel", "-> answer a"])
    }

    @Test("is over once the operator drops the hangup: what is behind it is delivered, and nothing is looked up")
    func dropped() {
        var story = answerSentAgain()
        // The operator may drop what waits for a Zammad that is no longer configured, and configure it again.
        expectNoDifference(story.dropWhileRetired(3), ["dropped hangup a cancel"])
        expectNoDifference(story.pass(to: 30), ["-> answer a"])
    }

    @Test("stays unconfirmed if Zammad does not say")
    func unverifiable() {
        var story = EventQueueStory { $0.looksUpDoubts = true }
        _ = story.enqueue(.newCall("a"), .hangup("a"))
        _ = story.finish("a", .ok)
        _ = story.finish("a", .timeout)
        _ = story.passToDeadline()
        expectNoDifference(
            story.finish("a", .unverifiable("not shown")), ["unconfirmed hangup a cancel: timed out; not shown"])
        #expect(story.account == "taken 2 delivered 1 pending 0 dead 0 unconfirmed 1")
        #expect(story.outbox.lanes.isEmpty)
    }

    @Test("is asked for again while the question gets no answer, and waits with all others while Zammad is down")
    func askedAgain() {
        var story = EventQueueStory { $0.looksUpDoubts = true }
        _ = story.enqueue(.newCall("a"), .hangup("a"))
        _ = story.finish("a", .ok)
        _ = story.finish("a", .timeout)
        _ = story.passToDeadline()
        for _ in 0..<20 {
            expectNoDifference(
                story.finish("a", .retry("slow", scope: .event)), ["postponed hangup a cancel: retry"])
            expectNoDifference(story.passToDeadline(), ["-> lookUp hangup a cancel"])
        }
        let down = story.finish("a", .refusedConnection)
        expectNoDifference(down.last, "postponed hangup a cancel: retry")
        #expect(!story.outbox.health.isUp)
        expectNoDifference(story.passToDeadline(), ["-> lookUp hangup a cancel"])
        expectNoDifference(story.finish("a", .ok), ["delivered hangup a cancel"])
    }

    @Test("is looked up after a restart as well, not before its time, and not without the token that was there before")
    func resumed() {
        var settings = Zammad.Settings()
        settings.looksUpDoubts = true
        var saved = SavedCore()
        var outbox = EventQueue(settings: settings)
        _ = outbox.enqueue([.newCall("a"), .hangup("a")], at: second(0))
        _ = outbox.attemptFinished(2 + 1, .ok, jitter: 0, at: second(1))
        var change = CoreChange()
        outbox.takeChanges(into: &change)
        saved.apply(change)
        // The hangup is under way, and the process is killed.
        var (resumed, output) = EventQueue.resuming(saved, settings: settings, at: second(5))
        expectNoDifference(output.lines, ["postponed hangup a cancel: ambiguous"])
        #expect(resumed.nextDeadline == second(35))
        change = CoreChange()
        resumed.takeChanges(into: &change)
        saved.apply(change)
        // Once more, while it waits.
        (resumed, output) = EventQueue.resuming(saved, settings: settings, at: second(10))
        expectNoDifference(output.lines, [])
        #expect(resumed.nextDeadline == second(35))
        expectNoDifference(resumed.timePassed(at: second(35)).lines, ["-> lookUp hangup a cancel"])
        (resumed, output) = EventQueue.resuming(saved, settings: Zammad.Settings(), at: second(10))
        let reason = "the bridge ended while the request was under way"
        expectNoDifference(
            resumed.timePassed(at: second(35)).lines, ["unconfirmed hangup a cancel: \(reason)"])
    }

    @Test(
        "is made again for that hangup if it is sure not to have arrived",
        arguments: [.refusedConnection, .refused("x")] as [DeliveryOutcome])
    func notArrived(_ outcome: DeliveryOutcome) {
        var story = EventQueueStory()
        _ = story.enqueue(.newCall("a"), .hangup("a"))
        _ = story.finish("a", .ok)
        _ = story.finish("a", outcome)
        if outcome == .refusedConnection {
            expectNoDifference(story.passToDeadline(), ["-> probe newCall a"])
            expectNoDifference(story.finish("a", .alreadyKnown), ["up", "-> hangup a cancel"])
        } else {
            expectNoDifference(story.passToDeadline(), ["-> hangup a cancel"])
        }
        expectNoDifference(story.finish("a", .timeout).last, "unconfirmed hangup a cancel: timed out")
    }

    @Test("is made again for every other hangup")
    func otherHangups() {
        let calls: [[CallCommand]] = [
            [.newCall("a"), .answer("a"), .hangup("a", .normalClearing)],
            [.newCall("a"), .answer("a", user: "voicemail"), .hangup("a", .voicemail)],
            [.newCall("a"), .hangup("a", .forwarded)],
            [.newCall("a", .outbound), .hangup("a", .cancel, .outbound)],
        ]
        for commands in calls {
            var story = EventQueueStory()
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
        var story = EventQueueStory()
        _ = story.enqueue(.newCall("a"), .answer("a"), .hangup("a", .normalClearing))
        _ = story.finish("a", .ok)
        _ = story.finish("a", .refused("x"))
        _ = story.passToDeadline()
        _ = story.finish("a", .refused("x"))
        expectNoDifference(story.finish("a", .timeout), ["unconfirmed hangup a normalClearing: timed out"])
    }

    @Test("may be a probe or a replay before such a hangup: these are made again")
    func probing() {
        var story = EventQueueStory()
        _ = story.enqueue(.newCall("a"), .hangup("a"))
        _ = story.finish("a", .ok)
        expectNoDifference(story.finish("a", .fault), ["-> probe newCall a"])
        expectNoDifference(story.finish("a", .timeout), ["postponed hangup a cancel: ambiguous"])
        expectNoDifference(story.passToDeadline(), ["-> probe newCall a"])
        expectNoDifference(story.finish("a", .ok), ["-> hangup a cancel"])
    }

    @Test("does not arise for a blocked caller's hangup, which is sent as forwarded so that no row rings on")
    func blockedCaller() {
        var story = EventQueueStory()
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
