import Testing

@testable import Domain

@Suite("Tickets in the core")
struct EndedCallTests {
    private static func delivery(_ creation: TicketQueue.Settings.Creation, name: ZammadName = .default)
        -> Zammad.Settings
    {
        var settings = Zammad.Settings()
        settings.name = name
        settings.tickets.creation = creation
        return settings
    }

    private static func core(_ creation: TicketQueue.Settings.Creation) -> BridgeCore {
        var calls = CallLifecycle.Settings()
        calls.numbers = NumberPlan(countryPrefix: "49", format: .e164)
        return BridgeCore(calls: [calls], delivery: [delivery(creation)])
    }

    private static func poll(_ core: inout BridgeCore, _ seconds: Double, _ calls: ObservedCall...) -> Output {
        core.handle(.polled(CallSnapshot(takenAt: second(seconds), calls: calls)), at: second(seconds))
    }

    private static func step(_ output: Output) -> TicketAttempt? {
        output.effects.lazy.compactMap { if case .ticketStep(let attempt, _) = $0 { attempt } else { nil } }.first
    }

    /// All that concerns tickets.
    private static func tickets(_ output: Output) -> [String] {
        output.news.compactMap { if case .ticket(let news) = $0 { news.text } else { nil } }
            + [step(output)?.text].compactMap(\.self)
    }

    @Test("tell how a call went: who had it, from when to when, and with what number")
    func ended() throws {
        var core = Self.core(.all)
        var named = ObservedCall.inbound(.queue(), .agent("101"))
        named.external?.name = "Eva Beispiel"
        _ = Self.poll(&core, 1, named)
        _ = Self.poll(&core, 5, .inbound(.queue(), .agent("101", .connected)))
        let output = Self.poll(&core, 60)
        let call = try #require(Self.step(output)?.call)
        #expect(
            call
                == EndedCall(
                    callID: CallID(text: "3cx-7-1000"), direction: .inbound, number: "49301234567",
                    digits: "49301234567", name: "Eva Beispiel", agent: Station(dn: "101", name: "Anna"),
                    queue: Station(dn: "800", name: "Support"), outcome: .answered, startedAt: second(1),
                    endedAt: second(60)))
        // The ticket is kept together with the end of the call.
        #expect(output.change.tickets.count == 1 && output.change.calls.count == 1)
    }

    @Test("are made for a missed call and not for one that is answered, with create: missed")
    func missed() {
        var core = Self.core(.missed)
        _ = Self.poll(&core, 1, .inbound(.agent("101")))
        #expect(Self.tickets(Self.poll(&core, 9)) == ["-> 3cx-7-1000 findCustomer"])
        _ = Self.poll(&core, 20, .inbound(.agent("101", .connected), id: "8"))
        #expect(Self.tickets(Self.poll(&core, 30)) == [])
    }

    @Test("are not made for a queue call that nobody answered and that is to be no to-do")
    func abandoned() {
        var core = Self.core(.missed)
        _ = Self.poll(&core, 1, .inbound(.queue()))
        #expect(Self.tickets(Self.poll(&core, 9)) == [])
    }

    @Test("are not made for a caller whom Zammad blocks")
    func blocked() throws {
        var core = Self.core(.all)
        let begun = Self.poll(&core, 1, .inbound(.agent("101")))
        guard case .request(let attempt, _)? = begun.effects.first else { throw ExpectationFailed() }
        _ = core.handle(
            .attemptFinished(attempt.id, .delivered(.reject(reason: "busy")), jitter: 0), at: second(1))
        #expect(Self.tickets(Self.poll(&core, 9)) == [])
    }

    @Test("cost nothing where they are switched off")
    func off() {
        var core = Self.core(.off)
        _ = Self.poll(&core, 1, .inbound(.agent("101")))
        let output = Self.poll(&core, 9)
        #expect(Self.tickets(output) == [] && output.change.tickets.isEmpty)
        #expect(core.tickets.jobs.isEmpty && !core.zammads[0].makesTickets)
    }

    @Test("go on after a restart, with ids that no event has")
    func resumed() throws {
        var saved = SavedCore()
        var core = Self.core(.missed)
        for output in [Self.poll(&core, 1, .inbound(.agent("101"))), Self.poll(&core, 9)] { saved.apply(output.change) }
        let (job, state) = try #require(saved.tickets.values.map { ($0.id, $0.state) }.first)
        guard case .inFlight = state else { throw ExpectationFailed() }
        let events = saved.lanes.values.flatMap { $0.events.map(\.id) }
        #expect(!events.contains(job) && saved.lastID >= job)
        let (later, output) = BridgeCore.resuming(
            saved, calls: CallLifecycle.Settings(), delivery: Self.delivery(.missed), at: second(100))
        #expect(Self.tickets(output) == ["-> 3cx-7-1000 findCustomer"])
        #expect(later.tickets.pendingCount == 1)
    }

    @Test("of a Zammad that is no longer configured wait for it, and the operator may drop them")
    func retired() throws {
        var routed = CallLifecycle.Settings()
        routed.routing = Routing(rules: [.init(zammad: "b", match: CallMatch())])
        var core = BridgeCore(
            calls: [routed], delivery: [Self.delivery(.off, name: "a"), Self.delivery(.missed, name: "b")])
        var saved = SavedCore()
        saved.apply(Self.poll(&core, 1, .inbound(.agent("101"))).change)
        let ended = Self.poll(&core, 9)
        saved.apply(ended.change)
        #expect(Self.step(ended)?.call.zammad == "b")
        let id = try #require(saved.tickets.keys.first)
        // Only `a` is left.
        var (later, output) = BridgeCore.resuming(
            saved, calls: [routed], delivery: [Self.delivery(.off, name: "a")], at: second(100))
        #expect(Self.tickets(output) == [])
        #expect(later.zammads.map(\.duty) == [.working, .retired])
        #expect(later.zammads[1].tickets.pendingCount == 1)
        var copy = later
        let back = copy.handle(
            .settingsChanged(
                calls: [routed], delivery: [Self.delivery(.off, name: "a"), Self.delivery(.missed, name: "b")]),
            at: second(200))
        #expect(Self.tickets(back) == ["-> 3cx-7-1000 findCustomer"])
        output = later.handle(.dropRequested(id), at: second(200))
        #expect(Self.tickets(output) == ["3cx-7-1000 dropped"])
    }

    private struct ExpectationFailed: Error {}
}
