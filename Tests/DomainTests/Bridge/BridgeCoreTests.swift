import Testing

@testable import Domain

@Suite("The core")
struct BridgeCoreTests {
    @Test("turns looks into events and events into requests, while looks and requests fail")
    func wholeStory() {
        var story = BridgeStory { $0.grace = .seconds(2) }
        expectNoDifference(
            story.poll(.inbound(.agent("101")), at: 0),
            [
                "unknown.ringing -> ringing", "  newCall 3cx-7-0 @0s in 0301234567>101 [Anna] a=101",
                "-> newCall 3cx-7-0",
            ])
        expectNoDifference(
            story.finish(.refusedConnection, at: 0.1), ["down (1) until 350ms", "postponed newCall 3cx-7-0: retry"])
        #expect(story.core.nextDeadline == Instant(milliseconds: 350))
        expectNoDifference(story.pollFailed(at: 0.2), [])
        expectNoDifference(story.pass(to: 0.35), ["-> newCall 3cx-7-0"])
        expectNoDifference(
            story.poll(.inbound(.agent("101", .connected)), at: 1),
            ["ringing.agentConnected -> answered", "  answer 3cx-7-0 @1s in 0301234567>101 [Anna] a=101"])
        expectNoDifference(story.finish(.ok, at: 1.1), ["up", "delivered newCall 3cx-7-0", "-> answer 3cx-7-0"])
        expectNoDifference(story.finish(.fault, at: 1.2), ["-> probe newCall 3cx-7-0"])
        expectNoDifference(story.finish(.ok, at: 1.3), ["-> answer 3cx-7-0"])
        expectNoDifference(story.finish(.ok, at: 1.4), ["delivered answer 3cx-7-0"])
        expectNoDifference(story.poll(at: 2), ["answered.vanished -> ending"])
        expectNoDifference(story.pollFailed(at: 3), [])
        #expect(story.core.nextDeadline == nil, "blind, and nothing to deliver")
        expectNoDifference(story.pass(to: 100), [])
        expectNoDifference(story.poll(at: 101), [])
        #expect(story.core.nextDeadline == second(102))
        expectNoDifference(
            story.pass(to: 102),
            [
                "ending.graceElapsed -> ended",
                "  hangup 3cx-7-0 @2s in 0301234567>101 a=101 c=normalClearing", "-> hangup 3cx-7-0 normalClearing",
            ])
        expectNoDifference(story.finish(.ok, at: 103), ["delivered hangup 3cx-7-0 normalClearing"])
        #expect(story.core.outbox.isIdle)
        #expect(story.core.nextDeadline == nil)
        #expect(story.core.lifecycle.calls.isEmpty)
    }

    @Test("lets nothing end by the silence of an incomplete look, and ends it with the next complete one")
    func incompletePolls() {
        var story = BridgeStory()
        _ = story.poll(.inbound(.agent("101"), id: "1"), .inbound(.agent("102"), id: "2"), at: 0)
        expectNoDifference(
            story.poll(.inbound(.agent("102", .connected), id: "2"), isComplete: false, at: 1),
            ["ringing.agentConnected -> answered", "  answer 3cx-2-0 @1s in 0301234567>102 [Bert] a=102"])
        expectNoDifference(story.poll(isComplete: false, at: 2), [])
        expectNoDifference(story.pass(to: 50), [])
        expectNoDifference(
            story.poll(.inbound(.agent("102", .connected), id: "2"), at: 60),
            ["ending.graceElapsed -> ended", "  hangup 3cx-1-0 @60s in 0301234567>101 a=101 c=cancel"])
    }

    @Test("shows a call that came and stayed while nobody could look, and one that came back")
    func afterBlindness() {
        var story = BridgeStory { $0.grace = .seconds(2) }
        _ = story.poll(.inbound(.agent("101"), id: "1"), at: 0)
        expectNoDifference(story.poll(at: 1), ["ringing.vanished -> ending"])
        _ = story.pollFailed(at: 2)
        expectNoDifference(
            story.poll(.inbound(.agent("101"), id: "1"), .inbound(.agent("102"), id: "2"), at: 500),
            [
                "ending.ringing -> ringing", "unknown.ringing -> ringing",
                "  newCall 3cx-2-500000 @500s in 0301234567>102 [Bert] a=102", "-> newCall 3cx-2-500000",
            ])
    }

    @Test("begins nothing new once it stops, and still keeps what it sees")
    func stopping() {
        var story = BridgeStory()
        _ = story.handle(.stopping, at: second(0))
        expectNoDifference(
            story.poll(.inbound(.agent("101")), at: 1),
            ["unknown.ringing -> ringing", "  newCall 3cx-7-1000 @1s in 0301234567>101 [Anna] a=101"])
        #expect(story.core.outbox.account.pending == 1)
    }

    @Test("does the same each time it is told the same", arguments: 0..<20)
    func determinism(_ seed: UInt64) {
        let (one, other) = (Self.randomStory(seed: seed), Self.randomStory(seed: seed))
        #expect(one.outputs == other.outputs)
        #expect(one.final == other.final)
        var again = one.initial
        expectNoDifference(one.steps.map { again.handle($0.input, at: $0.at) }, one.outputs)
        #expect(again == one.final)
    }

    @Test("tells each call once, whole and in order, whatever it sees and whatever fails", arguments: 20..<120)
    func commandsOfRandomCalls(_ seed: UInt64) {
        let story = Self.randomStory(seed: seed)
        var events: [CallID: [CallCommand.Event]] = [:]
        for command in story.outputs.flatMap(\.decisions).flatMap(\.commands) {
            events[command.callID, default: []].append(command.event)
        }
        #expect(!events.isEmpty)
        for (id, told) in events {
            #expect(told.first == .newCall, "\(id)")
            #expect(told.last == .hangup, "\(id)")
            #expect(told.dropFirst().dropLast().allSatisfy { $0 == .answer }, "\(id)")
        }
        #expect(story.final.outbox.isIdle)
        #expect(story.final.outbox.lanes.isEmpty)
        #expect(story.final.lifecycle.impossibleSteps == 0)
    }

    private struct RandomStory {
        var initial: BridgeCore
        var final: BridgeCore
        var steps: [BridgeStory.Step]
        var outputs: [Output]
    }

    private static func randomStory(seed: UInt64) -> RandomStory {
        var random = SplitMix64(seed: seed)
        let transfers = TransferPolicy.allCases.randomElement(using: &random) ?? .follow
        let grace = Bool.random(using: &random) ? Duration.seconds(2) : .zero
        var story = BridgeStory {
            $0.transfers = transfers
            $0.grace = grace
        }
        let initial = story.core
        var now = second(0)
        for _ in 0..<80 {
            now = now + .milliseconds(Int.random(in: 1...1500, using: &random))
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<4:
                let calls = (0..<Int.random(in: 0...4, using: &random)).map { _ in call(&random) }
                let isComplete = Int.random(in: 0..<5, using: &random) > 0
                story.handle(
                    .polled(CallSnapshot(takenAt: now, calls: calls, isComplete: isComplete)), at: now)
            case 4: story.handle(.pollFailed(), at: now)
            case 5: story.handle(.timePassed, at: now)
            default:
                guard !story.underWay.isEmpty else { continue }
                let outcomes: [DeliveryOutcome] = [.ok, .ok, .ok, .refusedConnection, .timeout, .fault]
                _ = story.finish(
                    outcomes.randomElement(using: &random) ?? .ok,
                    at: Double(now.milliseconds) / 1000)
            }
        }
        end(&story, after: now)
        return RandomStory(initial: initial, final: story.core, steps: story.steps, outputs: story.outputs)
    }

    /// All calls are over, and everything that was under way ends well.
    private static func end(_ story: inout BridgeStory, after: Instant) {
        var now = after
        story.handle(.polled(CallSnapshot(takenAt: now, calls: [])), at: now)
        for _ in 0..<2000 {
            if !story.underWay.isEmpty {
                _ = story.finish(.ok, at: Double(now.milliseconds) / 1000)
            } else if let deadline = story.core.nextDeadline {
                now = max(now, deadline)
                story.handle(.timePassed, at: now)
            } else {
                return
            }
        }
        Issue.record("the story does not come to an end")
    }

    private static func call(_ random: inout SplitMix64) -> ObservedCall {
        let id = "\(Int.random(in: 1...4, using: &random))"
        let number = ["0301234567", "+49301234567", "0409999999", nil].randomElement(using: &random) ?? nil
        let dn = ["101", "102", "103", "900"].randomElement(using: &random) ?? "101"
        let state: LegState = Bool.random(using: &random) ? .ringing : .connected
        let agent = CallLeg.agent(dn, state, isMonitored: dn != "900")
        switch Int.random(in: 0..<8, using: &random) {
        case 0: return .internal(agent, id: id)
        case 1: return .undirected(agent, id: id)
        case 2: return .outbound(agent, id: id, to: number)
        case 3: return .inbound(.queue(), agent, id: id, from: number)
        case 4: return .inbound(.voicemail(), id: id, from: number)
        default: return .inbound(agent, id: id, from: number)
        }
    }
}
