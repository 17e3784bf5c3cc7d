import Testing

@testable import Domain

/// Calls that wait because Zammad takes nothing.
@Suite("A backlog")
struct EventQueueBacklogTests {
    private static let fault = DeliveryOutcome.retry("HTTP 500", scope: .event)

    /// A Zammad at which every request fails after so many seconds, on virtual time.
    private struct BrokenZammad {
        var outbox = EventQueue(settings: Zammad.Settings())
        var now = second(0)
        var requests = 0
        var steps = 0
        private var underWay: [(at: Instant, attempt: DeliveryAttempt)] = []
        let outcome: DeliveryOutcome
        let delay: Duration

        init(_ outcome: DeliveryOutcome, after delay: Duration) {
            self.outcome = outcome
            self.delay = delay
        }

        mutating func take(_ output: Output) {
            for case .request(let attempt, _) in output.effects {
                requests += 1
                underWay.append((now + delay, attempt))
            }
        }

        mutating func run(until end: Instant) {
            while let next = [underWay.first?.at, outbox.nextDeadline].compactMap(\.self).min(), next <= end {
                steps += 1
                now = max(now, next)
                if let (at, attempt) = underWay.first, at <= now {
                    underWay.removeFirst()
                    take(outbox.attemptFinished(attempt.id, outcome, jitter: 0.5, at: now))
                } else {
                    take(outbox.timePassed(at: now))
                }
            }
        }
    }

    @Test(
        "of thousands of calls costs a few requests and steps a minute while Zammad fails at everything, however it does",
        arguments: [
            (fault, Duration.milliseconds(10)), (.timeout, .seconds(15)), (.timeout, .milliseconds(10)),
            (.misconfigured("HTTP 401"), .milliseconds(10)), (.refusedConnection, .milliseconds(1)),
        ])
    func storm(_ outcome: DeliveryOutcome, after delay: Duration) {
        var zammad = BrokenZammad(outcome, after: delay)
        let calls = 3000
        for call in 0..<calls {
            zammad.take(zammad.outbox.enqueue([.newCall("\(call)"), .hangup("\(call)")], at: zammad.now))
        }
        zammad.run(until: second(60))
        let before = (zammad.requests, zammad.steps)
        zammad.run(until: second(660))
        // One pause is 7.5 s here, and up to three calls probe at the end of it.
        #expect(zammad.requests - before.0 <= 3 * 81 && zammad.requests - before.0 >= 40)
        #expect(zammad.steps - before.1 <= 10 * 81)
        #expect(zammad.outbox.account.pending == 2 * calls)
        #expect(!zammad.outbox.health.isUp)
    }

    @Test("is told by calls that go on first, then by those that are over, each the oldest first and back to back")
    func order() {
        var story = EventQueueStory { $0.maxParallel = 1 }
        _ = story.enqueue(.newCall("first", at: 0))
        _ = story.finish("first", .refusedConnection)
        _ = story.enqueue(.newCall("b", at: 3), .newCall("c", at: 4), .newCall("a", at: 5), .hangup("b", at: 6))
        _ = story.enqueue(.hangup("first", at: 7), .answer("a", at: 8), .newCall("d", at: 9), .hangup("d", at: 10))
        var sent = story.passToDeadline().filter { $0.hasPrefix("->") }
        while let call = story.underWay.first?.command.callID.text {
            sent += story.finish(call, .ok).filter { $0.hasPrefix("->") }
        }
        expectNoDifference(
            sent,
            [
                "-> newCall c", "-> newCall a", "-> answer a", "-> newCall first", "-> hangup first cancel",
                "-> newCall b", "-> hangup b cancel", "-> newCall d", "-> hangup d cancel",
            ])
    }

    @Test("tells of an answer without opening the agent's screen once the call is over")
    func lateAnswer() {
        var story = EventQueueStory()
        for (call, user) in [("a", "Anna Muster"), ("b", "anna"), ("c", "voicemail")] {
            var answer = CallCommand.answer(call, user: user)
            answer.answeringNumber = "101"
            answer.userID = 7
            _ = story.enqueue(.newCall(call), answer)
            _ = story.finish(call, .timeout)
            _ = story.enqueue(.hangup(call, .normalClearing))
        }
        _ = story.passToDeadline()
        for (call, shown) in [("a", "Anna Muster"), ("b", "anna (101)"), ("c", "voicemail")] {
            _ = story.finish(call, .ok)
            let answer = story.underWay.first { $0.command.callID.text == call }?.command
            #expect(answer?.event == .answer && answer?.answeringNumber == nil && answer?.userID == nil)
            #expect(answer?.users == [shown], "what may be a login is made a name")
        }
    }

    @Test(
        "tells of an answer as ever while the call goes on, and without opening anything when it is told again at the end"
    )
    func answerToldAgain() {
        var story = EventQueueStory()
        var answer = CallCommand.answer("a", user: "anna")
        answer.answeringNumber = "101"
        _ = story.enqueue(.newCall("a"), answer)
        _ = story.finish("a", .ok)
        #expect(story.underWay.first?.command == answer)
        _ = story.finish("a", .ok)
        _ = story.enqueue(.hangup("a", .normalClearing))
        expectNoDifference(story.finish("a", .fault), ["-> probe newCall a"])
        expectNoDifference(story.finish("a", .ok), ["-> replayAnswer answer a"])
        #expect(story.underWay.first?.command.answeringNumber == nil)
        #expect(story.underWay.first?.command.users == ["anna (101)"])
    }

    @Test("shows the events that wait longest without looking at more than the first of each call")
    func oldest() {
        var outbox = EventQueue(settings: Zammad.Settings())
        outbox.duty = .retired
        for call in 0..<100 { _ = outbox.enqueue([.newCall("\(call)"), .answer("\(call)")], at: second(0)) }
        for call in 0..<100 { _ = outbox.enqueue([.hangup("\(call)")], at: second(0)) }
        let some = OutboxListing(outbox, mostPending: 20).entries
        #expect(some.prefix(20).map(\.id) == Array(1...20))
        #expect(some.allSatisfy { Int($0.command.callID.text) ?? 100 < 20 })
        #expect(OutboxListing(outbox, mostPending: 1000).entries.map(\.id) == Array(1...300))
    }
}
