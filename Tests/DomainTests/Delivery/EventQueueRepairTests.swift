import Testing

@testable import Domain

@Suite("A call that Zammad may not know")
struct EventQueueRepairTests {
    /// A call whose `newCall` is delivered and whose next event is under way.
    private func opened(_ commands: CallCommand...) -> EventQueueStory {
        var story = EventQueueStory()
        _ = story.enqueue(.newCall("a"))
        _ = story.finish("a", .ok)
        for command in commands { _ = story.enqueue(command) }
        return story
    }

    @Test("is told again if Zammad takes its newCall a second time")
    func lost() {
        var story = opened(.answer("a"))
        expectNoDifference(story.finish("a", .fault), ["-> probe newCall a"])
        expectNoDifference(story.finish("a", .ok), ["-> answer a"])
        expectNoDifference(story.finish("a", .ok), ["delivered answer a"])
    }

    @Test("is told again with its answer before the hangup, or it would become a missed call")
    func lostAfterAnswer() {
        var story = opened(.answer("a"), .hangup("a", .normalClearing))
        _ = story.finish("a", .ok)
        expectNoDifference(story.finish("a", .fault), ["-> probe newCall a"])
        expectNoDifference(story.finish("a", .ok), ["-> replayAnswer answer a"])
        expectNoDifference(story.finish("a", .ok), ["-> hangup a normalClearing"])
        expectNoDifference(story.finish("a", .ok), ["delivered hangup a normalClearing"])
        #expect(story.account == "taken 3 delivered 3 pending 0 dead 0 unconfirmed 0")
    }

    @Test("lost once more while it is told again is probed once more")
    func lostTwice() {
        var story = opened(.answer("a"), .hangup("a", .normalClearing))
        _ = story.finish("a", .ok)
        _ = story.finish("a", .fault)
        _ = story.finish("a", .ok)
        expectNoDifference(story.finish("a", .fault), ["postponed hangup a normalClearing: unknown call"])
        expectNoDifference(story.passToDeadline(), ["-> probe newCall a"])
        expectNoDifference(story.finish("a", .ok), ["-> replayAnswer answer a"])
    }

    @Test("is told its answer again also if the reply to the second newCall was lost")
    func lostReply() {
        var story = opened(.answer("a"), .hangup("a", .normalClearing))
        _ = story.finish("a", .ok)
        _ = story.finish("a", .fault)
        _ = story.finish("a", .timeout)
        expectNoDifference(story.passToDeadline(), ["-> probe newCall a"])
        expectNoDifference(story.finish("a", .alreadyKnown), ["-> replayAnswer answer a"])
        expectNoDifference(story.finish("a", .ok), ["-> hangup a normalClearing"])
    }

    @Test("is told its answer again also if the next one became a dead letter")
    func deadSecondAnswer() {
        var story = opened(.answer("a"), .answer("a", user: "Bert"), .hangup("a", .normalClearing))
        _ = story.finish("a", .ok)
        _ = story.finish("a", .fault)
        expectNoDifference(story.finish("a", .ok), ["-> answer a"])
        _ = story.finish("a", .refused("HTTP 422"))
        _ = story.passToDeadline()
        expectNoDifference(
            story.finish("a", .refused("HTTP 422")), ["dead answer a: HTTP 422", "-> replayAnswer answer a"])
    }

    @Test("may be known after all: then it is Zammad's fault, tried again with backoff, and at last a dead letter")
    func fault() {
        var story = opened(.answer("a"), .hangup("a"))
        for attempt in 1...5 {
            expectNoDifference(story.finish("a", .fault), ["-> probe newCall a"], "\(attempt)")
            expectNoDifference(story.finish("a", .alreadyKnown), ["postponed answer a: already known"])
            expectNoDifference(story.passToDeadline(), ["-> answer a"])
        }
        _ = story.finish("a", .fault)
        expectNoDifference(
            story.finish("a", .alreadyKnown),
            ["dead answer a: Zammad knows the call and still fails at this event", "-> hangup a cancel"])
    }

    @Test("is not asked for without a pause by a Zammad that takes every newCall and no hangup")
    func endless() {
        var story = opened(.hangup("a"))
        var lines: [String] = []
        while !story.outbox.isIdle, lines.count < 100 {
            if let attempt = story.underWay.first {
                lines += story.finish("a", attempt.command.event == .newCall ? .ok : .fault)
            } else {
                lines += story.passToDeadline()
            }
        }
        #expect(lines.last == "dead hangup a cancel: HTTP 500")
        #expect(lines.count { $0.hasPrefix("postponed") } == 5)
        #expect(story.outbox.lanes.isEmpty)
    }

    @Test("stays to be probed while Zammad is away")
    func downWhileProbing() {
        var story = opened(.answer("a"))
        _ = story.finish("a", .fault)
        expectNoDifference(
            story.finish("a", .refusedConnection), ["down (1) until 250ms", "postponed answer a: retry"])
        expectNoDifference(story.passToDeadline(), ["-> probe newCall a"])
        expectNoDifference(story.finish("a", .timeout), ["failing (1) until 500ms", "postponed answer a: ambiguous"])
        expectNoDifference(story.passToDeadline(), ["-> probe newCall a"])
    }

    @Test("keeps its patience for a fault apart from that for an outage")
    func faultAfterLongOutage() {
        var story = opened(.answer("a"))
        for _ in 1...20 {
            _ = story.finish("a", .refusedConnection)
            _ = story.passToDeadline()
        }
        expectNoDifference(story.finish("a", .fault), ["-> probe newCall a"])
        expectNoDifference(
            story.finish("a", .retry("HTTP 500", scope: .event)).last, "postponed answer a: retry")
        expectNoDifference(story.passToDeadline(), ["-> probe newCall a"])
    }

    @Test("keeps its patience for a refusal apart from that for a fault")
    func refusalAfterFault() {
        var story = opened(.answer("a"))
        _ = story.finish("a", .fault)
        _ = story.finish("a", .alreadyKnown)
        _ = story.passToDeadline()
        expectNoDifference(story.finish("a", .refused("HTTP 422")), ["postponed answer a: refused"])
        _ = story.passToDeadline()
        expectNoDifference(story.finish("a", .refused("HTTP 422")), ["dead answer a: HTTP 422"])
    }

    @Test("begins anew with the next event after a dead letter")
    func repairEndsWithItsEvent() {
        var story = opened(.answer("a"), .hangup("a"))
        _ = story.finish("a", .fault)
        _ = story.finish("a", .refused("HTTP 422"))
        expectNoDifference(story.passToDeadline(), ["-> probe newCall a"])
        expectNoDifference(
            story.finish("a", .refused("HTTP 422")), ["dead answer a: HTTP 422", "-> hangup a cancel"])
    }
}
