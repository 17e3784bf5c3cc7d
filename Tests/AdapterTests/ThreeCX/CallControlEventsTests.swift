import Domain
import Ports
import Testing

@testable import Adapters
@testable import Wire

@Suite("The events of a 3CX v20", .timeLimit(.minutes(10)))
struct CallControlEventsTests {
    private static let ringing = CallControlText.participant(id: 5, "Ringing")
    private static let connected = CallControlText.participant(id: 5, "Connected")
    private static let participant = "GET /callcontrol/101/participants/5"
    private static let idle = CallControlText.answer(CallControlText.station("101"), CallControlText.station("102"))
    private static let start = Instant(milliseconds: 1_770_109_200_000)

    /// A source at work on a scripted PBX and a clock that the test moves.
    private struct Stage {
        let transport: ScriptedTransport
        let sockets: ScriptedSockets
        let clock = ManualClock(start)
        let reports = EventBox<CallSourceReport>()
        let running: Task<Void, Never>

        /// `group`: with XAPI, and that group to watch.
        init(
            _ sockets: ScriptedSockets, _ script: [String: [ScriptedTransport.Step]] = [:], group: String? = nil
        ) throws {
            self.sockets = sockets
            let base: [String: [ScriptedTransport.Step]] = [
                CallControlWorld.token: [CallControlWorld.minted("one"), CallControlWorld.minted("two")],
                CallControlWorld.calls: [.json(idle)],
            ]
            transport = ScriptedTransport(base.merging(script) { $1 })
            let settings = PhoneSystemExamples.settings(legacy: false) { $0.groups = group.map { [$0] } ?? [] }
            let connection = PhoneSystemConnection(settings, transport: transport, sockets: sockets, clock: clock)
            let view = CallControlView(connection, isJoined: group != nil, jitter: { 0 })
            let source = PollingCallSource(
                view: try #require(view), clock: clock, pollInterval: .milliseconds(500), jitter: { 0 })
            running = Task { [reports] in await source.run { await reports.record($0) } }
        }

        /// Moves the clock on, in steps of half a second, until that many polls have been asked for.
        func waitForPolls(_ count: Int, inStepsOf step: Duration = .milliseconds(500)) async throws {
            try await pass(inStepsOf: step) { transport.count(CallControlWorld.calls) >= count }
        }

        /// Moves the clock on so many times by half a second, each time until the poll that is then due has been asked
        /// for.
        func polls(_ count: Int) async throws {
            for _ in 0..<count {
                let known = transport.count(CallControlWorld.calls)
                clock.advance(to: clock.now() + .milliseconds(500))
                try await pass(inStepsOf: .zero) { transport.count(CallControlWorld.calls) > known }
            }
        }

        /// Until the socket is open, and the poll has been taken from which on its events count: the second one.
        func follow() async throws {
            _ = try await notice("3CX pushes events")
            try await waitForPolls(2)
            _ = try await snapshots(2) { _ in true }
        }

        /// Moves the clock on in steps, of half a second mostly, until something is so.
        func pass(inStepsOf step: Duration = .milliseconds(500), until isDone: () async -> Bool) async throws {
            for _ in 0..<2000 {
                for _ in 0..<200 {
                    if await isDone() { return }
                    await Task.yield()
                }
                clock.advance(to: clock.now() + step)
            }
            Issue.record("not reached by \(clock.now())")
        }

        func snapshots(_ count: Int, where matches: @escaping @Sendable (CallSnapshot) -> Bool) async throws
            -> [CallSnapshot]
        {
            let reports = try await reports.wait(count: count) {
                if case .polled(let snapshot, _) = $0 { matches(snapshot) } else { false }
            }
            return reports.compactMap { if case .polled(let snapshot, _) = $0 { snapshot } else { nil } }.filter(
                matches)
        }

        func notice(_ text: String) async throws -> Notice {
            let report = try await reports.wait(for: text) {
                if case .notice(let notice) = $0 { notice.text.contains(text) } else { false }
            }
            guard case .notice(let notice) = report else { throw CancellationError() }
            return notice
        }

        func stop() async {
            running.cancel()
            await running.value
        }
    }

    @Test("are followed from the second look on: each asks for its participant alone, and nothing polls meanwhile")
    func followed() async throws {
        let socket = ScriptedSocket()
        let stage = try Stage(ScriptedSockets(.opens(socket)), [Self.participant: [.json(Self.ringing)]])
        let request = try await stage.sockets.requests.wait(count: 1)[0]
        #expect(request.url == "https://pbx.example.net/callcontrol/ws")
        #expect(request.headers.first("Authorization") == "Bearer one")
        try await stage.follow()
        let before = stage.clock.now()

        socket.send(1, type: 0, id: 5)
        let ringing = try await stage.snapshots(1) { $0.calls.first?.legs.first?.state == .ringing }[0]
        #expect(ringing.listsLegs && ringing.isComplete)
        #expect(ringing.calls.map(\.direction) == [.inbound])
        stage.transport.script(Self.participant, .json(Self.connected))
        socket.send(2, type: 0, id: 5)
        _ = try await stage.snapshots(1) { $0.calls.first?.legs.first?.state == .connected }
        socket.send(3, type: 1, id: 5)
        _ = try await stage.snapshots(3) { $0.calls.isEmpty }
        #expect(stage.clock.now() == before)
        #expect(stage.transport.count(CallControlWorld.calls) == 2)
        #expect(stage.transport.count(Self.participant) == 2)

        try await stage.waitForPolls(3)
        #expect(stage.clock.now() - before <= .seconds(1), "an answered call without legs is looked after")
        _ = try await stage.snapshots(1) { $0.confirmedGone.map(\.text) == ["7"] }
        let confirmed = stage.clock.now()
        try await stage.waitForPolls(4)
        #expect(stage.clock.now() - confirmed >= .milliseconds(29_500), "a full look every 30 s")
        await stage.stop()
        #expect(socket.isClosed)
    }

    @Test("that show an answered call without legs for a moment, as in a transfer, do not end it")
    func transferred() async throws {
        let socket = ScriptedSocket()
        let stage = try Stage(ScriptedSockets(.opens(socket)))
        try await stage.follow()
        socket.send(1, type: 0, id: 5, attached: Self.connected)
        _ = try await stage.snapshots(1) { !$0.calls.isEmpty }
        socket.send(2, type: 1, id: 5)
        _ = try await stage.snapshots(3) { $0.calls.isEmpty }
        // The poll that comes at once shows nothing either.
        try await stage.waitForPolls(3, inStepsOf: .milliseconds(100))
        let next = CallControlText.participant(id: 6, "Connected")
        stage.transport.script(
            CallControlWorld.calls,
            .json(CallControlText.answer(CallControlText.station("101"), CallControlText.station("102", next))))
        socket.send(3, type: 0, dn: "102", id: 6, attached: next)
        _ = try await stage.snapshots(1) { $0.calls.first?.legs.map(\.dn) == ["102"] }
        try await stage.waitForPolls(4, inStepsOf: .milliseconds(100))
        _ = try await stage.snapshots(2) { $0.calls.first?.legs.map(\.dn) == ["102"] }
        for case .polled(let snapshot, _) in await stage.reports.events { #expect(snapshot.confirmedGone.isEmpty) }
        await stage.stop()
    }

    @Test(
        "that do not come although looks show calls: 3CX is polled, the socket opened anew, and trusted after a minute")
    func mute() async throws {
        let (first, second) = (ScriptedSocket(), ScriptedSocket())
        let stage = try Stage(
            ScriptedSockets(.opens(first), .opens(second)), [Self.participant: [.json(Self.connected)]])
        try await stage.follow()
        stage.transport.script(CallControlWorld.calls, .json(CallControlText.on101(Self.ringing)))
        try await stage.waitForPolls(3)
        _ = try await stage.snapshots(1) { !$0.calls.isEmpty }
        // It is polled at once, and found mute by the poll that comes 2 s later.
        try await stage.polls(4)
        try await stage.pass(inStepsOf: .zero) { first.isClosed }
        #expect(try await stage.notice("does not report what happens").level == .warning)

        try await stage.pass { await stage.sockets.requests.events.count >= 2 }
        let reopened = stage.clock.now()
        stage.transport.script(CallControlWorld.calls, .json(CallControlText.on101(Self.connected)))
        second.send(1, type: 0, id: 5)
        try await stage.pass {
            await stage.reports.events.contains {
                if case .polled(let snapshot, _) = $0 {
                    snapshot.calls.first?.legs.first?.state == .connected
                } else {
                    false
                }
            }
        }
        // It is on probation.
        try await stage.polls(100)
        #expect(stage.clock.now() - reopened >= .seconds(50))
        // Looks are rare again: the source sleeps for long.
        try await stage.pass {
            await stage.clock.sleeps.events.last.map { $0 - stage.clock.now() > .seconds(10) } ?? false
        }
        #expect(stage.clock.now() - reopened >= .seconds(55))
        let trusted = stage.transport.count(CallControlWorld.calls)
        let end = stage.clock.now() + .seconds(8)
        try await stage.pass { stage.clock.now() >= end }
        #expect(stage.transport.count(CallControlWorld.calls) == trusted)
        await stage.stop()
    }

    @Test("that bring their participant along ask for nothing", arguments: 0..<4)
    func attached(_ shape: Int) async throws {
        let attached = [
            Self.ringing, #"{"RequestID":null,"Path":"/x","StatusCode":200,"Response":\#(Self.ringing)}"#,
            #"{"body":\#(Self.ringing)}"#, #"{"data":\#(Self.ringing)}"#,
        ][shape]
        let socket = ScriptedSocket()
        let stage = try Stage(ScriptedSockets(.opens(socket)))
        try await stage.follow()
        socket.send(1, type: 0, id: 5, attached: attached)
        _ = try await stage.snapshots(1) { $0.calls.first?.external?.number == "+493023125001" }
        #expect(stage.transport.count(Self.participant) == 0)
        let gone = [#"{"StatusCode":404,"Response":null}"#, CallControlText.participant(id: 5, "Terminated")]
        socket.send(2, type: 0, id: 5, attached: gone[shape % 2])
        _ = try await stage.snapshots(3) { $0.calls.isEmpty }
        #expect(stage.transport.count(Self.participant) == 0)
        await stage.stop()
    }

    @Test("refused in any way are said once with what to do, and 3CX is polled meanwhile", arguments: [403, 404, 502])
    func refused(_ status: Int) async throws {
        let failure = WebSocketFailure(.refused(status: status), detail: "refused with \(status)")
        let socket = ScriptedSocket()
        let stage = try Stage(
            ScriptedSockets(.fails(failure), .fails(failure), .fails(failure), .opens(socket)))
        let notice = try await stage.notice("3CX does not push events: HTTP \(status)")
        #expect(notice.level == .warning)
        #expect(notice.text.contains("polled every 0.5 s"))
        #expect(notice.text.contains("proxy"))
        try await stage.pass { await stage.sockets.requests.events.count >= 4 }
        // After 1, 2 and 4 s, with polls all the time.
        #expect(stage.clock.now() - Self.start >= .seconds(7))
        #expect(stage.transport.count(CallControlWorld.calls) >= 14)
        _ = try await stage.notice("3CX pushes events")
        let said = await stage.reports.events.filter {
            if case .notice(let notice) = $0 { notice.text.contains("does not push") } else { false }
        }
        #expect(said.count == 1)
        #expect(stage.transport.count(CallControlWorld.token) == 1)
        await stage.stop()
    }

    @Test("refused with 401 are asked for with a new token")
    func refusedToken() async throws {
        let stage = try Stage(ScriptedSockets(.fails(WebSocketFailure(.refused(status: 401), detail: "HTTP 401"))))
        try await stage.pass { await stage.sockets.requests.events.count >= 2 }
        let bearers = await stage.sockets.requests.events.map { $0.headers.first("Authorization") }
        #expect(bearers == ["Bearer one", "Bearer two"])
        await stage.stop()
    }

    @Test("that end leave the calls as they are; polling goes on at once, and the socket comes back")
    func dropped() async throws {
        let (first, second) = (ScriptedSocket(), ScriptedSocket())
        let ringing = CallControlText.on101(Self.ringing)
        let stage = try Stage(
            ScriptedSockets(.opens(first), .opens(second)), [Self.participant: [.json(Self.ringing)]])
        try await stage.follow()
        first.send(1, type: 0, id: 5)
        _ = try await stage.snapshots(1) { !$0.calls.isEmpty }
        stage.transport.script(CallControlWorld.calls, .json(ringing))
        first.end()
        let notice = try await stage.notice("the event socket has ended")
        #expect(notice.level == .warning)
        let before = stage.clock.now()
        try await stage.waitForPolls(4)
        #expect(stage.clock.now() - before <= .seconds(1))
        try await stage.pass { await stage.sockets.requests.events.count >= 2 }
        try await stage.waitForPolls(6)
        stage.transport.script(CallControlWorld.calls, .json(Self.idle))
        stage.transport.script(Self.participant, .status(404))
        second.send(1, type: 1, id: 5)
        _ = try await stage.snapshots(3) { $0.calls.isEmpty }
        var shown: [Int] = []
        for case .polled(let snapshot, _) in await stage.reports.events where shown.last != snapshot.calls.count {
            shown.append(snapshot.calls.count)
        }
        #expect(shown == [0, 1, 0], "no look in between was without the call")
        await stage.stop()
    }

    @Test("that leave something open have all looked at, no sooner than the poll interval allows")
    func gap() async throws {
        let socket = ScriptedSocket()
        let stage = try Stage(ScriptedSockets(.opens(socket)))
        try await stage.follow()
        let before = stage.clock.now()
        for number in [3, 9, 20, 40] { socket.send(number, type: 2, id: 5) }
        socket.send("neither JSON nor anything")
        _ = try await stage.notice("events 21 to 39 have not come")
        _ = try await stage.notice("an event cannot be read")
        try await stage.waitForPolls(3)
        #expect(stage.clock.now() - before == .milliseconds(500))
        await stage.stop()
    }

    @Test("wait for a look that works: without one no socket is opened, since it would be refused as well")
    func noPoll() async throws {
        let socket = ScriptedSocket()
        let stage = try Stage(
            ScriptedSockets(.opens(socket)), [CallControlWorld.calls: [.status(500), .status(500), .json(Self.idle)]])
        try await stage.waitForPolls(2)
        #expect(await stage.sockets.requests.events.isEmpty)
        try await stage.pass { await !stage.sockets.requests.events.isEmpty }
        #expect(stage.transport.count(CallControlWorld.calls) >= 3)
        await stage.stop()
    }

    private static let rows = "GET /xapi/v1/ActiveCalls"
    private static let lists = XAPIWorld.lists.merging([rows: [.json(XAPISamples.empty)]]) { $1 }

    @Test("with XAPI leave both alone between full looks, if all that is watched is in sight")
    func wholeInSight() async throws {
        // The members of the group in the samples.
        let watched = ["101", "102", "80", "800"].map { CallControlText.station($0) }.joined(separator: ",")
        let script = Self.lists.merging([CallControlWorld.calls: [.json("[\(watched)]")]]) { $1 }
        let socket = ScriptedSocket()
        let stage = try Stage(ScriptedSockets(.opens(socket)), script, group: "Support")
        try await stage.follow()
        let (before, asked) = (stage.clock.now(), stage.transport.count(Self.rows))
        try await stage.waitForPolls(3)
        #expect(stage.clock.now() - before >= .milliseconds(29_500))
        #expect(stage.transport.count(Self.rows) <= asked + 2)
        await stage.stop()
    }

    @Test("with XAPI have each of the rare looks be a full one, also after one that began late")
    func latePoll() async throws {
        let watched = ["101", "102", "80", "800"].map { CallControlText.station($0) }.joined(separator: ",")
        let script = Self.lists.merging([
            CallControlWorld.token: [CallControlWorld.minted("one")], CallControlWorld.calls: [.json("[\(watched)]")],
        ]) { $1 }
        let (transport, clock) = (ScriptedTransport(script), ManualClock(Self.start))
        let settings = PhoneSystemExamples.settings(legacy: false) { $0.groups = ["Support"] }
        let connection = PhoneSystemConnection(
            settings, transport: transport, sockets: ScriptedSockets(), clock: clock)
        let view = try #require(CallControlView(connection, isJoined: true))
        await view.connected { _ in }
        _ = try await view.poll()
        #expect(await view.isPaceReduced)
        for _ in 0..<3 {
            let asked = transport.count(CallControlWorld.calls)
            clock.advance(to: clock.now() + (settings.reconcileInterval - .milliseconds(20)))
            _ = try await view.poll()
            #expect(transport.count(CallControlWorld.calls) == asked + 1)
        }
    }

    @Test("with XAPI have the rows alone polled, if something watched is out of sight")
    func wholeOutOfSight() async throws {
        let socket = ScriptedSocket()
        let stage = try Stage(ScriptedSockets(.opens(socket)), Self.lists, group: "Support")
        try await stage.follow()
        let (before, asked) = (stage.clock.now(), stage.transport.count(Self.rows))
        let polls = stage.transport.count(CallControlWorld.calls)
        try await stage.pass { stage.transport.count(Self.rows) >= asked + 10 }
        #expect(stage.clock.now() - before <= .seconds(10))
        #expect(stage.transport.count(CallControlWorld.calls) <= polls + 1)
        await stage.stop()
    }

    @Test("with an XAPI that does not answer yet go with polling, until it is known what is to be watched")
    func wholeUnknown() async throws {
        let socket = ScriptedSocket()
        let script = Self.lists.merging([Self.rows: [.status(503)]]) { $1 }
        let stage = try Stage(ScriptedSockets(.opens(socket)), script, group: "Support")
        try await stage.follow()
        let (before, polls) = (stage.clock.now(), stage.transport.count(CallControlWorld.calls))
        try await stage.waitForPolls(polls + 10)
        #expect(stage.clock.now() - before <= .seconds(10))
        #expect(stage.transport.count(Self.rows) <= 3, "it is left alone for a while when it fails")
        await stage.stop()
    }

    @Test("whose participant cannot be asked for have all looked at")
    func unreadable() async throws {
        let socket = ScriptedSocket()
        let stage = try Stage(ScriptedSockets(.opens(socket)), [Self.participant: [.status(500)]])
        try await stage.follow()
        stage.transport.script(CallControlWorld.calls, .json(CallControlText.on101(Self.ringing)))
        socket.send(1, type: 0, id: 5)
        _ = try await stage.notice("participant 5 of 101 cannot be read")
        try await stage.waitForPolls(3)
        _ = try await stage.snapshots(1) { !$0.calls.isEmpty }
        await stage.stop()
    }
}
