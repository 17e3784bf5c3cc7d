import Testing

@testable import Domain

/// Faults that the simulation has found, and faults of the same kind that a look at its traces suggested.
@Suite("EventQueue: faults found by simulation")
struct EventQueueFaultsFoundBySimulationTests {
    private static let failing = DeliveryOutcome.unknownCall("HTTP 500: Error ID 1")
    private static let start = Instant(milliseconds: 1_700_000_000_000)

    private static func command(
        _ event: CallCommand.Event, _ id: String = "a", cause: HangupCause? = nil
    ) -> CallCommand {
        CallCommand(
            event: event, callID: CallID(text: id), at: start, direction: .inbound, from: "4930", to: "101",
            cause: event == .hangup ? cause ?? .normalClearing : nil)
    }

    private static func attempts(_ output: Output) -> [DeliveryAttempt] {
        output.effects.compactMap { if case .request(let attempt, _) = $0 { attempt } else { nil } }
    }

    /// Lets time pass until the outbox makes its next request.
    private static func nextAttempt(_ outbox: inout EventQueue, _ now: inout Instant) throws -> DeliveryAttempt {
        now = max(now, try #require(outbox.nextDeadline))
        return try #require(attempts(outbox.timePassed(at: now)).first)
    }

    @Test("after a restart the outbox knows of the requests that it has begun")
    func resumedRequestsAreUnderWay() throws {
        var before = EventQueue(settings: Zammad.Settings())
        _ = before.enqueue([Self.command(.newCall)], at: Self.start)
        var change = CoreChange()
        before.takeChanges(into: &change)
        var saved = SavedCore()
        saved.apply(change)

        var (outbox, output) = EventQueue.resuming(saved, settings: Zammad.Settings(), at: Self.start)
        #expect(Self.attempts(output).count == 1)
        #expect(outbox.attemptsUnderWay == 1)
        #expect(outbox.timePassed(at: Self.start + .seconds(60)) == Output())
    }

    @Test("an answer waits as long as Zammad fails at everything, and is delivered then")
    func longSpellOfFailures() throws {
        var now = Self.start
        var outbox = EventQueue(settings: Zammad.Settings())
        var attempt = try #require(Self.attempts(outbox.enqueue([Self.command(.newCall)], at: now)).first)
        _ = outbox.attemptFinished(attempt.id, .delivered(.plain), jitter: 0.5, at: now)
        attempt = try #require(Self.attempts(outbox.enqueue([Self.command(.answer)], at: now)).first)
        attempt = try #require(
            Self.attempts(outbox.attemptFinished(attempt.id, Self.failing, jitter: 0.5, at: now)).first)
        for _ in 0..<50 {
            #expect(attempt.purpose == .probe)
            let output = outbox.attemptFinished(
                attempt.id, .retry("HTTP 500: Error ID 2", scope: .event), jitter: 0.5, at: now)
            #expect(outbox.account.pending == 1)
            #expect(Self.attempts(output).isEmpty)
            attempt = try Self.nextAttempt(&outbox, &now)
        }
        _ = outbox.attemptFinished(attempt.id, .alreadyKnown, jitter: 0.5, at: now)
        attempt = try Self.nextAttempt(&outbox, &now)
        #expect(attempt.purpose == .deliver)
        _ = outbox.attemptFinished(attempt.id, .delivered(.plain), jitter: 0.5, at: now)
        #expect(outbox.isIdle)
        #expect(outbox.account.delivered == 2)
        #expect(outbox.account.deadLetters == 0)
    }

    @Test("when the reply to a probe is lost, the answer is told again before the hangup")
    func probeInDoubt() throws {
        var now = Self.start
        var outbox = EventQueue(settings: Zammad.Settings())
        var attempt = try #require(
            Self.attempts(
                outbox.enqueue([Self.command(.newCall), Self.command(.answer), Self.command(.hangup)], at: now)
            ).first)
        for _ in 0..<2 {
            attempt = try #require(
                Self.attempts(outbox.attemptFinished(attempt.id, .delivered(.plain), jitter: 0.5, at: now)).first)
        }
        attempt = try #require(
            Self.attempts(outbox.attemptFinished(attempt.id, Self.failing, jitter: 0.5, at: now)).first)
        #expect(attempt.purpose == .probe)
        _ = outbox.attemptFinished(attempt.id, .ambiguous("timeout"), jitter: 0.5, at: now)
        attempt = try Self.nextAttempt(&outbox, &now)
        #expect(attempt.purpose == .probe)
        attempt = try #require(
            Self.attempts(outbox.attemptFinished(attempt.id, .alreadyKnown, jitter: 0.5, at: now)).first)
        #expect(attempt.purpose == .replayAnswer)
        #expect(attempt.command.event == .answer)
        attempt = try #require(
            Self.attempts(outbox.attemptFinished(attempt.id, .delivered(.plain), jitter: 0.5, at: now)).first)
        #expect(attempt.purpose == .deliver)
        #expect(attempt.command.event == .hangup)
    }

    @Test("while Zammad is down and every lane waits, the outbox does not ask to be woken in the past")
    func noBusyWaiting() throws {
        let now = Self.start
        var outbox = EventQueue(settings: Zammad.Settings())
        let opening = try #require(
            Self.attempts(outbox.enqueue([Self.command(.newCall), Self.command(.hangup, cause: .cancel)], at: now))
                .first)
        let hangup = try #require(
            Self.attempts(outbox.attemptFinished(opening.id, .delivered(.plain), jitter: 0, at: now)).first)
        let other = try #require(Self.attempts(outbox.enqueue([Self.command(.newCall, "b")], at: now)).first)
        _ = outbox.attemptFinished(other.id, .ambiguous("timeout"), jitter: 0.8, at: now)
        // Down, with a probe at once, whose outcome stays open.
        _ = outbox.attemptFinished(hangup.id, .retry("refused", scope: .zammad), jitter: 0, at: now)
        let probe = try #require(Self.attempts(outbox.timePassed(at: now)).first)
        _ = outbox.attemptFinished(probe.id, .ambiguous("timeout"), jitter: 0.8, at: now)
        #expect(outbox.account.unconfirmed == 0)
        let next = try #require(outbox.nextDeadline)
        #expect(next > now)
        #expect(outbox.timePassed(at: now) == Output())
        #expect(!Self.attempts(outbox.timePassed(at: next)).isEmpty)
    }

    @Test("an event that the operator sends again does not take the place of the request under way")
    func retryWhileUnderWay() throws {
        var now = Self.start
        var outbox = EventQueue(settings: Zammad.Settings())
        let opening = try #require(
            Self.attempts(outbox.enqueue([Self.command(.newCall), Self.command(.answer)], at: now)).first)
        var attempt = try #require(
            Self.attempts(outbox.attemptFinished(opening.id, .delivered(.plain), jitter: 0.5, at: now)).first)
        _ = outbox.attemptFinished(attempt.id, .refused("HTTP 422"), jitter: 0.5, at: now)
        attempt = try Self.nextAttempt(&outbox, &now)
        _ = outbox.attemptFinished(attempt.id, .refused("HTTP 422"), jitter: 0.5, at: now)
        let dead = try #require(outbox.settled.keys.first)
        let hangup = try #require(Self.attempts(outbox.enqueue([Self.command(.hangup)], at: now)).first)

        #expect(outbox.retry(dead, at: now) == Output())
        let output = outbox.attemptFinished(hangup.id, .delivered(.plain), jitter: 0.5, at: now)
        guard case .delivered(let event, _)? = output.news.first else { return #expect(Bool(false), "\(output)") }
        #expect(event.command.event == .hangup)
        #expect(Self.attempts(output).map(\.command.event) == [.answer])
        #expect(outbox.account.isClosed)
    }

    @Test(
        "a Zammad that takes every newCall and forgets it is asked ever more rarely, and in the end the event is a dead letter"
    )
    func forgetfulZammad() throws {
        var now = Self.start
        var outbox = EventQueue(settings: Zammad.Settings())
        var attempt = try #require(
            Self.attempts(outbox.enqueue([Self.command(.newCall), Self.command(.hangup)], at: now)).first)
        attempt = try #require(
            Self.attempts(outbox.attemptFinished(attempt.id, .delivered(.plain), jitter: 0.5, at: now)).first)
        var waits: [Duration] = []
        while outbox.account.pending > 0, waits.count < 60 {
            let outcome: DeliveryOutcome = attempt.command.event == .newCall ? .delivered(.plain) : Self.failing
            let output = outbox.attemptFinished(attempt.id, outcome, jitter: 0.5, at: now)
            if let next = Self.attempts(output).first {
                attempt = next
            } else if outbox.account.pending > 0 {
                let before = now
                attempt = try Self.nextAttempt(&outbox, &now)
                waits.append(now - before)
            }
        }
        #expect(waits.count >= 4 && waits.allSatisfy { $0 > .zero } && waits == waits.sorted())
        #expect(outbox.account.deadLetters == 1)
        #expect(outbox.account.isClosed)
    }

    @Test("a dead letter that is sent again after its call leaves no lane behind")
    func retriedLaneGoes() throws {
        var now = Self.start
        var outbox = EventQueue(settings: Zammad.Settings())
        var attempt = try #require(
            Self.attempts(outbox.enqueue([Self.command(.newCall), Self.command(.hangup)], at: now)).first)
        for _ in 0..<2 {
            let output = outbox.attemptFinished(attempt.id, .refused("HTTP 422"), jitter: 0.5, at: now)
            guard outbox.account.pending > 0 else { break }
            attempt = try Self.attempts(output).first ?? Self.nextAttempt(&outbox, &now)
        }
        #expect(outbox.account.deadLetters == 2)
        #expect(outbox.lanes.isEmpty)
        let dead = try #require(outbox.settled.keys.min())
        attempt = try #require(Self.attempts(outbox.retry(dead, at: now)).first)
        _ = outbox.attemptFinished(attempt.id, .delivered(.plain), jitter: 0.5, at: now)
        #expect(outbox.lanes.isEmpty)
        #expect(outbox.account.isClosed)
    }

    @Test("events that a damaged journal has lost are named, and the account closes with what is there")
    func lostEvents() {
        var before = EventQueue(settings: Zammad.Settings())
        _ = before.enqueue(
            [Self.command(.newCall), Self.command(.hangup), Self.command(.newCall, "b")], at: Self.start)
        var change = CoreChange()
        before.takeChanges(into: &change)
        var saved = SavedCore()
        saved.apply(change)
        saved.lanes[CallID(text: "a")] = nil
        let (outbox, _) = EventQueue.resuming(saved, settings: Zammad.Settings(), at: Self.start)
        #expect(outbox.account.pending == 1)
        #expect(outbox.account.dropped == ["lost from the journal": 2])
        #expect(outbox.account.isClosed)
    }
}
