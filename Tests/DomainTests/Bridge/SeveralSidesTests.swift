import Testing

@testable import Domain

/// Several phone systems and several Zammads in one core.
@Suite("The core with several phone systems and Zammads")
struct SeveralSidesTests {
    private static let names: [ZammadName] = ["support", "sales"]

    private static func phones(_ name: PhoneSystemName, rules: [Routing.Rule]? = nil) -> CallLifecycle.Settings {
        var settings = CallLifecycle.Settings()
        settings.name = name
        settings.instance = name.shown ?? "3cx"
        settings.routing = Routing(rules: rules ?? Self.rules)
        return settings
    }

    /// Queue 800 for support, all else for sales.
    private static let rules: [Routing.Rule] = {
        var match = CallMatch()
        match.queues = [NumberPattern("800")].compactMap(\.self)
        return [Routing.Rule(zammad: "support", match: match), Routing.Rule(zammad: "sales")]
    }()

    private static func zammad(_ name: ZammadName) -> Zammad.Settings {
        var settings = Zammad.Settings()
        settings.name = name
        return settings
    }

    private var core = BridgeCore(calls: [phones("north"), phones("south")], delivery: names.map(zammad))

    private func attempts(_ output: Output) -> [DeliveryAttempt] {
        output.effects.compactMap { if case .request(let attempt, _) = $0 { attempt } else { nil } }
    }

    private func peer(_ name: ZammadName, of core: BridgeCore) throws -> Zammad {
        try #require(core.zammads.first { $0.name == name })
    }

    private static func poll(_ calls: ObservedCall..., at seconds: Double) -> CallSnapshot {
        CallSnapshot(takenAt: second(seconds), calls: calls)
    }

    @Test("ids of two phone systems never collide, and what one does not show ends at that one alone")
    func ids() {
        var core = core
        let poll = Self.poll(.inbound(.agent("101")), at: 0)
        let north = core.handle(.polled(poll, at: "north"), at: second(0))
        let south = core.handle(.polled(poll, at: "south"), at: second(0))
        #expect(attempts(north).map(\.command.callID.text) == ["north-7-0"])
        #expect(attempts(south).map(\.command.callID.text) == ["south-7-0"])
        #expect(Set((attempts(north) + attempts(south)).map(\.id)).count == 2, "no two requests have one id")
        #expect(north.change.calls.keys.map(\.phoneSystem) == ["north"])
        let end = core.handle(.polled(Self.poll(at: 1), at: "north"), at: second(1))
        #expect(end.decisions.map(\.phoneSystem) == ["north"])
        #expect(core.phoneSystems.map(\.lifecycle.calls.count) == [0, 1])
    }

    @Test("a Zammad that is down holds up its own calls alone, and its own events wait for it")
    func isolation() throws {
        var core = core
        let poll = Self.poll(.inbound(.queue("800"), id: "1"), .inbound(.agent("101"), id: "2"), at: 0)
        let begun = attempts(core.handle(.polled(poll, at: "north"), at: second(0)))
        #expect(begun.map(\.command.zammad) == ["support", "sales"])
        let down = DeliveryOutcome.retry("refused", scope: .zammad)
        let failed = core.handle(.attemptFinished(begun[0].id, down, jitter: 1), at: second(0))
        #expect(failed.news.contains { if case .healthChanged(_, "support") = $0 { true } else { false } })
        _ = core.handle(.attemptFinished(begun[1].id, .delivered(.plain), jitter: 1), at: second(0))
        let more = Self.poll(
            .inbound(.queue("800"), id: "1"), .inbound(.agent("101"), id: "2"), .inbound(.queue("800"), id: "3"),
            .inbound(.agent("102"), id: "4"), at: 0.1)
        let next = attempts(core.handle(.polled(more, at: "north"), at: second(0.1)))
        #expect(next.map(\.command.callID.text) == ["north-4-100"])
        #expect(try peer("support", of: core).account.pending == 2)
        #expect(try !peer("support", of: core).health.isUp && peer("sales", of: core).health.isUp)
        #expect(core.account.addsUp && core.account.taken == 4)
    }

    @Test("a call stays with its Zammad although a later look fits another")
    func forLife() {
        var core = core
        let first = core.handle(.polled(Self.poll(.inbound(.agent("101")), at: 0), at: "north"), at: second(0))
        #expect(attempts(first).map(\.command.zammad) == ["sales"])
        let queue = Self.poll(.inbound(.queue("800"), .agent("102", .connected)), at: 1)
        let later = core.handle(.polled(queue, at: "north"), at: second(1))
        #expect(later.decisions.flatMap(\.commands).map(\.zammad) == ["sales"])
    }

    @Test("a call that no Zammad takes is not reported, says why, and is when it comes to somebody who is")
    func untaken() {
        var core = BridgeCore(
            calls: [Self.phones(.default, rules: [Self.rules[0]])], delivery: [Self.zammad("support")])
        let first = core.handle(.polled(Self.poll(.inbound(.agent("101")), at: 0)), at: second(0))
        #expect(first.decisions.map(\.to) == [.ignored])
        #expect(first.decisions.map(\.reason) == [IgnoredReason.noZammad.explanation])
        let later = core.handle(.polled(Self.poll(.inbound(.queue("800")), at: 1)), at: second(1))
        #expect(later.decisions.flatMap(\.commands).map(\.event) == [.newCall])
    }

    @Test("each Zammad is told what its own settings want")
    func ownSettings() {
        var settings = Self.phones(.default)
        settings.helpdesks = ["support": .init(), "sales": .init()]
        settings.helpdesks["support"]?.logMissedQueueCalls = true
        settings.helpdesks["support"]?.sendQueue = true
        settings.routing = Routing(rules: [Self.rules[0], Self.rules[1]])
        var core = BridgeCore(calls: [settings], delivery: Self.names.map(Self.zammad))
        _ = core.handle(.polled(Self.poll(.inbound(.queue("800"), id: "1"), at: 0)), at: second(0))
        let support = core.handle(.polled(Self.poll(at: 1)), at: second(1)).decisions.flatMap(\.commands)
        #expect(support.map(\.cause) == [.cancel] && support.map(\.queue) == ["800"])
        _ = core.handle(.polled(Self.poll(.inbound(.queue("801"), id: "2"), at: 2)), at: second(2))
        let sales = core.handle(.polled(Self.poll(at: 3)), at: second(3)).decisions.flatMap(\.commands)
        #expect(sales.map(\.cause) == [.forwarded] && sales.map(\.queue) == [nil])
    }

    @Test("events of a Zammad that is taken out of the configuration wait, and go on when it is put back")
    func removedZammad() throws {
        var core = core
        let first = attempts(
            core.handle(.polled(Self.poll(.inbound(.queue("800")), at: 0), at: "north"), at: second(0)))
        let down = DeliveryOutcome.retry("refused", scope: .zammad)
        _ = core.handle(.attemptFinished(first[0].id, down, jitter: 1), at: second(0))
        let without = BridgeCore.Input.settingsChanged(
            calls: core.phoneSystems.map(\.lifecycle.settings), delivery: [Self.zammad("sales")])
        #expect(core.handle(without, at: second(1)).lines.isEmpty)
        #expect(try peer("support", of: core).duty == .retired)
        #expect(core.nextDeadline == nil, "nothing is tried for it")
        #expect(core.handle(.timePassed, at: second(600)).lines.isEmpty)
        #expect(core.account.pending == 1)
        let again = BridgeCore.Input.settingsChanged(
            calls: core.phoneSystems.map(\.lifecycle.settings), delivery: Self.names.map(Self.zammad))
        #expect(attempts(core.handle(again, at: second(700))).map(\.command) == [first[0].command])
        #expect(core.zammads.map(\.name) == Self.names)
    }

    @Test("the operator may drop what waits for a Zammad that is gone, and nothing that is under way or on its way")
    func dropping() throws {
        var core = core
        let first = attempts(
            core.handle(.polled(Self.poll(.inbound(.queue("800")), at: 0), at: "north"), at: second(0)))
        #expect(core.handle(.dropRequested(first[0].eventID), at: second(0)).lines.isEmpty)
        let down = DeliveryOutcome.retry("refused", scope: .zammad)
        _ = core.handle(.attemptFinished(first[0].id, down, jitter: 1), at: second(0))
        #expect(core.handle(.dropRequested(first[0].eventID), at: second(0)).lines.isEmpty, "it will be sent")
        let without = BridgeCore.Input.settingsChanged(
            calls: core.phoneSystems.map(\.lifecycle.settings), delivery: [Self.zammad("sales")])
        _ = core.handle(without, at: second(1))
        let dropped = core.handle(.dropRequested(first[0].eventID), at: second(2))
        #expect(dropped.news.count == 1)
        #expect(core.account.pending == 0 && core.account.addsUp)
        #expect(core.account.dropped == ["by the operator": 1])
    }

    @Test("the calls of a phone system that is taken out of the configuration end, each in its way")
    func removedPhones() {
        var core = core
        let poll = Self.poll(.inbound(.agent("101"), id: "1"), .inbound(.agent("102", .connected), id: "2"), at: 0)
        _ = core.handle(.polled(poll, at: "south"), at: second(0))
        _ = core.handle(.polled(poll, at: "north"), at: second(0))
        let without = BridgeCore.Input.settingsChanged(
            calls: [Self.phones("north")], delivery: Self.names.map(Self.zammad))
        let output = core.handle(without, at: second(5))
        #expect(output.decisions.flatMap(\.commands).map(\.cause) == [.cancel, .normalClearing])
        #expect(Set(output.decisions.map(\.reason)) == ["its phone system is no longer in the configuration"])
        #expect(
            Set(output.change.calls.keys) == [
                CallKey(PBXCallID("1"), of: "south"), CallKey(PBXCallID("2"), of: "south"),
            ])
        #expect(core.phoneSystems.map(\.lifecycle.calls.count) == [2])
        let unheard = core.handle(.polled(poll, at: "south"), at: second(6))
        #expect(unheard.decisions.isEmpty && unheard.lines.isEmpty && unheard.change.isEmpty)
    }

    @Test(
        "what an earlier process left under default names is of the first; what nobody has any more ends, or waits"
    )
    func resuming() throws {
        var only = BridgeCore()
        var saved = SavedCore()
        saved.apply(only.handle(.polled(Self.poll(.inbound(.agent("101")), at: 0)), at: second(0)).change)
        let (core, output) = BridgeCore.resuming(
            saved, calls: [Self.phones("north"), Self.phones("south")], delivery: Self.names.map(Self.zammad),
            at: second(9))
        #expect(core.phoneSystems.map(\.lifecycle.calls.count) == [1, 0])
        #expect(try peer("support", of: core).account.pending == 1)
        saved.apply(output.change)
        #expect(saved.accounts.keys.sorted() == ["support"] && saved.account.pending == 1)
        #expect(saved.calls.keys.map(\.phoneSystem) == ["north"])

        let (later, orphaned) = BridgeCore.resuming(
            saved, calls: [Self.phones("west")], delivery: [Self.zammad("sales")], at: second(20))
        #expect(orphaned.decisions.map(\.phoneSystem) == ["north"])
        #expect(orphaned.decisions.flatMap(\.commands).map(\.event) == [.hangup])
        saved.apply(orphaned.change)
        #expect(saved.calls.isEmpty)
        #expect(later.account.pending == 2 && later.account.addsUp)
    }
}
