import Testing

@testable import Domain

@Suite("When the operator changes the settings, the core")
struct SettingsChangeTests {
    @Test("keeps the live calls and their ids, and says what comes next under the new settings")
    func liveCall() {
        var story = BridgeStory()
        _ = story.poll(.inbound(.agent("101")), at: 0)
        _ = story.finish(.ok, at: 0.1)
        var calls = CallLifecycle.Settings()
        calls.instance = "other"
        calls.helpdesks = [.default: .init(agentUserIDs: ["101": 7])]
        calls.grace = .seconds(3)
        let before = story.core.lifecycle.calls
        let change = BridgeCore.Input.settingsChanged(calls: [calls], delivery: [Zammad.Settings()])
        expectNoDifference(story.handle(change, at: second(1)), [])
        #expect(story.core.lifecycle.calls == before)
        #expect(story.outputs.last?.change.calls.isEmpty == true)

        expectNoDifference(
            story.poll(.inbound(.agent("101", .connected)), at: 2).last, "-> answer 3cx-7-0", "the id is the same")
        #expect(story.underWay.last?.command.userID == 7)
        _ = story.finish(.ok, at: 2.1)
        expectNoDifference(story.poll(at: 3), ["answered.vanished -> ending"])
        #expect(story.core.nextDeadline == second(6), "the new grace")
        #expect(story.poll(.inbound(.agent("101"), id: "8"), at: 4).contains("-> newCall other-8-4000"))
    }

    @Test("asks a Zammad at once that refused everything or was down", arguments: [true, false])
    func probesAtOnce(isMisconfigured: Bool) {
        var story = BridgeStory()
        _ = story.poll(.inbound(.agent("101")), at: 0)
        let outcome: DeliveryOutcome =
            isMisconfigured ? .misconfigured("wrong token") : .retry("HTTP 503", scope: .zammad, after: .seconds(600))
        _ = story.finish(outcome, at: 1)
        #expect(story.core.nextDeadline == second(isMisconfigured ? 16 : 601))
        let change = BridgeCore.Input.settingsChanged(
            calls: [story.core.lifecycle.settings], delivery: [story.core.outbox.settings])
        expectNoDifference(story.handle(change, at: second(2)), ["-> newCall 3cx-7-0"])
        #expect(!story.core.outbox.health.isUp, "until it has answered")
        expectNoDifference(story.finish(.ok, at: 3), ["up", "delivered newCall 3cx-7-0"])
    }

    @Test("delivers as many at once as the new settings allow, and gives up what they call too old")
    func delivery() {
        var story = BridgeStory()
        let calls = (1...4).map { ObservedCall.inbound(.agent("101"), id: "\($0)") }
        let snapshot = CallSnapshot(takenAt: second(0), calls: calls)
        var narrow = Zammad.Settings()
        narrow.maxParallel = 1
        func change(_ delivery: Zammad.Settings) -> BridgeCore.Input {
            .settingsChanged(calls: [CallLifecycle.Settings()], delivery: [delivery])
        }
        _ = story.handle(change(narrow), at: second(0))
        _ = story.handle(.polled(snapshot), at: second(0))
        #expect(story.underWay.count == 1)
        var wide = narrow
        wide.maxParallel = 2
        expectNoDifference(story.handle(change(wide), at: second(1)), ["-> newCall 3cx-2-0"])
        var strict = wide
        strict.maxEventAge = .seconds(5)
        expectNoDifference(story.handle(change(strict), at: second(10)), [], "two are under way already")
        expectNoDifference(
            story.finish(.ok, at: 11),
            [
                "delivered newCall 3cx-1-0", "dead newCall 3cx-3-0: older than max_event_age",
                "dead newCall 3cx-4-0: older than max_event_age",
            ])
    }

    @Test("starts nothing once it stops")
    func stopping() {
        var story = BridgeStory()
        _ = story.poll(.inbound(.agent("101")), at: 0)
        _ = story.finish(.refusedConnection, at: 0)
        _ = story.handle(.stopping, at: second(1))
        let change = BridgeCore.Input.settingsChanged(
            calls: [CallLifecycle.Settings()], delivery: [Zammad.Settings()])
        expectNoDifference(story.handle(change, at: second(2)), [])
        #expect(story.core.outbox.account.pending == 1)
    }
}
