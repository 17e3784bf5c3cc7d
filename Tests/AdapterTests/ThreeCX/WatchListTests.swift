import Domain
import Ports
import Testing

@testable import Adapters

@Suite("What is watched, and what stands wrong with it")
struct WatchListTests {
    private static func summary(_ list: WatchList?) -> [String] {
        (list?.stations ?? []).map { "\($0.number) \($0.name ?? "-") \($0.kind)" }
    }

    private static func configuration(_ list: WatchList?) -> [StandingWarning] {
        (list?.warnings ?? []).filter { $0.cause == .configuration }
    }

    @Test("on a 3CX before v20 is told with names that it does not have, also when something else is watched")
    func legacy() async throws {
        let settings = PhoneSystemExamples.settings {
            $0.groups = ["Support", "Suport"]
            $0.queueExtensions = ["80", "81"]
        }
        let world = try LegacyWorld(settings: settings)
        #expect(await world.view.watchList() == nil, "before the first look")
        let poll = try await world.view.poll()
        let list = await world.view.watchList()
        #expect(Self.summary(list).contains { $0.hasPrefix("80 ") && $0.hasSuffix(" queue") })
        let warnings = Self.configuration(list)
        #expect(warnings.count == 2)
        #expect(warnings[0].text.hasPrefix("3CX has no group Suport; its groups are: "))
        #expect(warnings[0].remedy == "correct 3CX.group; did you mean \"Support\"?")
        #expect(warnings[1].text.hasPrefix("3CX has no queue or ring group 81; it has: "))
        #expect(warnings[1].remedy == "correct 3CX.queue_extension; did you mean \"80\"?")
        // The log says the same.
        #expect(Set(warnings.map(\.notice)).isSubset(of: poll.notices))
        world.transport.script("GET /api/QueueList", .json(#"{"list":[{"Number":"80"},{"Number":"81"}]}"#))
        world.transport.script(
            "GET /api/GroupList", .json(#"{"list":[{"Id":28,"Name":"Support"},{"Id":29,"Name":"Suport"}]}"#))
        world.clock.advance(by: .seconds(301))
        _ = try await world.view.poll()
        #expect(Self.configuration(await world.view.watchList()).isEmpty, "as soon as 3CX has them")
    }

    @Test("on XAPI is told with names that it does not have, and with extensions of the configuration")
    func xapi() async throws {
        var settings = PhoneSystemExamples.settings(legacy: false) {
            $0.groups = ["Support", "Suport"]
            $0.include = ["101", "198"].compactMap { NumberPattern($0) }
        }
        settings.agentExtensions = ["101", "197"]
        let world = try XAPIWorld(settings: settings)
        _ = try await world.view.poll()
        let list = try #require(await world.view.watchList())
        #expect(list.stations.map(\.number).contains("101"))
        #expect(list.leftOut.contains("102"))
        #expect(
            Self.configuration(list).map { $0.text.prefix { $0 != ";" } } == [
                "3CX has no group, queue or ring group Suport", "3CX.include names 198, which is not watched",
                "Zammad.agents names extension 197, which 3CX does not have",
            ])
        #expect(list.warnings[0].remedy.hasPrefix("correct 3CX.group; did you mean \"Support\"?"))
    }

    @Test("on call control is told with queues that the API client does not see")
    func callControl() async throws {
        let settings = PhoneSystemExamples.settings(legacy: false) {
            $0.groups = []
            $0.queueExtensions = ["80", "81"]
        }
        let world = try CallControlWorld(settings: settings)
        _ = try await world.view.poll()
        let list = try #require(await world.view.watchList())
        #expect(Self.summary(list).contains("80 - queue"))
        #expect(Self.configuration(list).map(\.text.first) == ["q"])
        #expect(list.warnings[0].text.hasPrefix("queue 81 is not visible to the API client"))
        #expect(list.warnings[0].remedy.hasSuffix("did you mean \"80\"?"))
    }

    @Test("on both together is told with a group of which nothing is left but call control")
    func joined() async throws {
        let settings = PhoneSystemExamples.settings(legacy: false) { $0.groups = ["Suport"] }
        var script = XAPIWorld.lists
        script[XAPIWorld.calls] = [.json(XAPISamples.empty)]
        script[CallControlWorld.calls] = [.json(CallControlSamples.idle)]
        let transport = ScriptedTransport(script)
        let view = AutomaticView(PhoneSystemConnection(settings, transport: transport, clock: SteppedClock()))
        _ = try await view.poll()
        let list = await view.watchList()
        #expect(list?.stations.isEmpty == false)
        let warning = try #require(Self.configuration(list).first)
        #expect(warning.text.hasPrefix("3CX has no group, queue or ring group Suport; it has: "))
        #expect(warning.text.hasSuffix("so that calls are seen on the API client's own extensions and queues alone"))
        #expect(warning.remedy == "correct 3CX.group; did you mean \"Support\"?")
    }

    @Test("is reported when it changes, and not with every look")
    func reported() async throws {
        let world = try LegacyWorld()
        let source = PollingCallSource(view: world.view, clock: world.clock, pollInterval: .milliseconds(500))
        let reports = EventBox<CallSourceReport>()
        let task = Task { await source.run { await reports.record($0) } }
        func lists() async -> Int { await reports.events.count { if case .watching = $0 { true } else { false } } }
        while await reports.events.count < 5 { await Task.yield() }
        #expect(await lists() == 1)
        // What the lists say next is known after `group_refresh`; the clock leaps.
        world.transport.script("GET /api/QueueList", .json(#"{"list":[]}"#))
        while await lists() < 2 { await Task.yield() }
        task.cancel()
        await task.value
    }
}
