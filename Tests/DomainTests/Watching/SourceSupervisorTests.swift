import Domain
import Testing

@Suite("The supervisor of a source")
struct SourceSupervisorTests {
    // MARK: - Stories

    @Test("polls from start to start while all is well")
    func polls() {
        var story = Story()
        story.expect(.connecting(since: at(0), nil), nextPoll: 0)
        story.tell(.polled(startedAt: at(0)), at: 120, .next(500, .live(since: at(120), lastPoll: at(120))))
        story.tell(.polled(startedAt: at(500)), at: 700, .next(1000), then: .live(since: at(120), lastPoll: at(700)))
        // A slow answer: the next poll is due at once, not twice.
        story.tell(.polled(startedAt: at(1000)), at: 2600, .next(2600), then: .live(since: at(120), lastPoll: at(2600)))
    }

    @Test("says that looks take long, and takes them one after the other")
    func slowPolls() {
        var story = Story()
        story.tell(.polled(startedAt: at(0)), at: 100, .next(500, .live(since: at(100), lastPoll: at(100))))
        let slow = SourceHealth.degraded(since: at(6500), lastPoll: at(6500), .slow)
        story.tell(.polled(startedAt: at(500)), at: 6500, .next(6500, slow))
        story.tell(
            .polled(startedAt: at(6500)), at: 12_500, .next(12_500),
            then: .degraded(since: at(6500), lastPoll: at(12_500), .slow))
        story.tell(
            .polled(startedAt: at(12_500)), at: 12_600,
            .next(13_000, .live(since: at(12_600), lastPoll: at(12_600))))
    }

    @Test("looks at once and a moment later when an end is in doubt, also between two rare looks")
    func endDoubted() {
        var story = Story()
        story.tell(.polled(startedAt: at(0)), at: 10, .next(500, .live(since: at(10), lastPoll: at(10))))
        story.tell(.pushBegan, at: 100, .next(500))
        story.tell(.polled(startedAt: at(500)), at: 510, .next(30_500), then: .live(since: at(10), lastPoll: at(510)))
        story.tell(.endDoubted, at: 5000, .next(5000))
        story.tell(.polled(startedAt: at(5000)), at: 5020, .next(5300), then: .live(since: at(10), lastPoll: at(5020)))
        story.tell(
            .polled(startedAt: at(5300)), at: 5320, .next(35_300), then: .live(since: at(10), lastPoll: at(5320)))
        // However many end at once, not more than ten polls a second.
        story.tell(.endDoubted, at: 5330, .next(5400))
        story.tell(.endDoubted, at: 5390, .next(5400))
        story.tell(.polled(startedAt: at(5400)), at: 5410, .next(5690), then: .live(since: at(10), lastPoll: at(5410)))
    }

    @Test("comes back within seconds when the PBX restarts its web server")
    func shortOutage() {
        var story = Story()
        story.tell(.polled(startedAt: at(0)), at: 100, .next(500, .live(since: at(100), lastPoll: at(100))))
        let first = SourceHealth.degraded(since: at(510), lastPoll: at(100), .failing(failed(1, .unreachable)))
        story.tell(.pollFailed(.unreachable, startedAt: at(500)), at: 510, .next(1510, first))
        story.expectDeadline(1510)
        story.tell(
            .pollFailed(.unreachable, startedAt: at(1510)), at: 1520, .next(2520),
            then: .degraded(since: at(510), lastPoll: at(100), .failing(failed(2, .unreachable))))
        story.tell(.polled(startedAt: at(2520)), at: 2600, .next(3020, .live(since: at(2600), lastPoll: at(2600))))
        story.expectDeadline(3020)
    }

    @Test("tells that the view is stale at the instant at which it becomes so, and for how long it has been")
    func longOutage() {
        var story = Story()
        story.tell(.polled(startedAt: at(0)), at: 0, .next(500, .live(since: at(0), lastPoll: at(0))))
        let first = SourceHealth.degraded(since: at(500), lastPoll: at(0), .failing(failed(1, .unreachable)))
        story.tell(.pollFailed(.unreachable, startedAt: at(500)), at: 500, .next(1500, first))
        for (count, now, next): (Int, Int64, Int64) in [
            (2, 1500, 2500), (3, 2500, 4500), (4, 4500, 8500), (5, 8500, 12_500),
        ] {
            story.tell(
                .pollFailed(.unreachable, startedAt: at(now)), at: now, .next(next),
                then: .degraded(since: at(500), lastPoll: at(0), .failing(failed(count, .unreachable))))
        }
        story.expectDeadline(10_000)
        story.tell(.timePassed, at: 9999, .next(12500))
        let stale = SourceHealth.unavailable(since: at(10_000), .taken(at: at(0)), failed(5, .unreachable))
        story.tell(.timePassed, at: 10_000, .next(12500, stale))
        story.expectDeadline(12_500)
        #expect(story.supervisor.health.staleness(at: at(12_345)) == .milliseconds(12_345))
        story.tell(
            .pollFailed(.unreachable, startedAt: at(12500)), at: 12500, .next(16500),
            then: .unavailable(since: at(10_000), .taken(at: at(0)), failed(6, .unreachable)))
        story.tell(.polled(startedAt: at(16500)), at: 16600, .next(17000, .live(since: at(16600), lastPoll: at(16600))))
        #expect(story.supervisor.health.staleness(at: at(16700)) == .milliseconds(100))
    }

    @Test("keeps trying while the PBX is down from the start, for weeks")
    func downFromTheStart() {
        var story = Story()
        let first = SourceHealth.connecting(since: at(0), failed(1, .unreachable))
        story.tell(.pollFailed(.unreachable, startedAt: at(0)), at: 5000, .next(6000, first))
        let stale = SourceHealth.unavailable(since: at(11_000), .none(since: at(0)), failed(2, .unreachable))
        story.tell(.pollFailed(.unreachable, startedAt: at(6000)), at: 11_000, .next(12_000, stale))
        var polls = 2
        while let next = story.supervisor.nextPoll, next < at(14 * 86_400_000) {
            polls += 1
            let output = story.supervisor.handle(.pollFailed(.unreachable, startedAt: next), at: next, jitter: 0)
            #expect(output.healthChange == nil)
        }
        #expect(polls == 302_400)
        #expect(
            story.supervisor.health
                == .unavailable(since: at(11_000), .none(since: at(0)), failed(302_400, .unreachable)))
        #expect(story.supervisor.health.staleness(at: at(14 * 86_400_000)) == .seconds(14 * 86_400))
    }

    @Test("tries a rejected login after 1, 5 and then every 15 minutes, for ever, and forgets it when it is accepted")
    func rejectedLogin() {
        var story = Story()
        let first = SourceHealth.connecting(since: at(0), failed(1, .credentialsRefused))
        story.tell(.pollFailed(.credentialsRefused, startedAt: at(0)), at: 0, .next(60_000, first))
        story.expectDeadline(10_000)
        let stale = SourceHealth.unavailable(since: at(10_000), .none(since: at(0)), failed(1, .credentialsRefused))
        story.tell(.timePassed, at: 10_000, .next(60_000, stale))
        var now: Int64 = 60_000
        for (count, wait): (Int, Int64) in [(2, 300_000), (3, 900_000), (4, 900_000), (5, 900_000)] {
            story.tell(
                .pollFailed(.credentialsRefused, startedAt: at(now)), at: now, .next(now + wait),
                then: .unavailable(since: at(10_000), .none(since: at(0)), failed(count, .credentialsRefused)))
            now += wait
        }
        story.tell(.polled(startedAt: at(now)), at: now, .next(now + 500, .live(since: at(now), lastPoll: at(now))))
        now += 500
        let again = SourceHealth.degraded(
            since: at(now), lastPoll: at(now - 500), .failing(failed(1, .credentialsRefused)))
        story.tell(.pollFailed(.credentialsRefused, startedAt: at(now)), at: now, .next(now + 60_000, again))
    }

    @Test(
        "goes on counting rejected logins when looks fail for another reason in between, and does not hurry for events")
    func rejectedNowAndThen() {
        var supervisor = SourceSupervisor(settings: .init(pollInterval: .milliseconds(500)), at: at(0))
        var now: Int64 = 0
        var waits: [Int64] = []
        for fault in [
            SourceFault.credentialsRefused, .unreachable, .credentialsRefused, .unreachable, .credentialsRefused,
        ] {
            _ = supervisor.handle(.pollFailed(fault, startedAt: at(now)), at: at(now), jitter: 0)
            if fault == .credentialsRefused { _ = supervisor.handle(.pushBegan, at: at(now), jitter: 0) }
            let next = supervisor.nextPoll?.milliseconds ?? 0
            waits.append(next - now)
            now = next
        }
        #expect(waits == [60_000, 1000, 300_000, 1000, 900_000])
    }

    @Test("begins the waiting times anew when looks fail for another reason, and says the reason")
    func anotherReason() {
        var story = Story()
        var now: Int64 = 0
        for wait: Int64 in [1000, 1000, 2000, 4000] {
            _ = story.supervisor.handle(.pollFailed(.unreachable, startedAt: at(now)), at: at(now), jitter: 0)
            now += wait
        }
        story.expect(.connecting(since: at(0), failed(4, .unreachable)), nextPoll: 8000)
        let refused = FailedPolls(count: 5, alike: 1, fault: .credentialsRefused)
        story.tell(
            .pollFailed(.credentialsRefused, startedAt: at(8000)), at: 8000,
            .next(68_000, .connecting(since: at(0), refused)))
        let back = FailedPolls(count: 6, alike: 1, fault: .unreachable)
        story.tell(
            .pollFailed(.unreachable, startedAt: at(68_000)), at: 68_000,
            .next(69_000, .unavailable(since: at(68_000), .none(since: at(0)), back)))
        story.tell(
            .pollFailed(.malformedAnswer, startedAt: at(69_000)), at: 69_000,
            .next(
                70_000,
                .unavailable(
                    since: at(68_000), .none(since: at(0)), FailedPolls(count: 7, alike: 1, fault: .malformedAnswer))))
    }

    @Test("takes incomplete looks for a young view that is impaired, from every state")
    func incompletePolls() {
        var story = Story()
        story.tell(
            .pollIncomplete(startedAt: at(0)), at: 10,
            .next(500, .degraded(since: at(10), lastPoll: at(10), .incomplete)))
        story.tell(
            .pollIncomplete(startedAt: at(500)), at: 510, .next(1000),
            then: .degraded(since: at(10), lastPoll: at(510), .incomplete))
        story.expectDeadline(1000)
        // However long: what can be read is read.
        story.tell(
            .pollIncomplete(startedAt: at(60_000)), at: 60_010, .next(60_500),
            then: .degraded(since: at(10), lastPoll: at(60_010), .incomplete))
        let failing = SourceHealth.degraded(since: at(10), lastPoll: at(60_010), .failing(failed(1, .unreachable)))
        story.tell(.pollFailed(.unreachable, startedAt: at(60_500)), at: 60_500, .next(61_500, failing))
        story.tell(
            .pollIncomplete(startedAt: at(61_500)), at: 61_510,
            .next(62_000, .degraded(since: at(10), lastPoll: at(61_510), .incomplete)))
        story.tell(
            .polled(startedAt: at(62_000)), at: 62_010,
            .next(62_500, .live(since: at(62_010), lastPoll: at(62_010))))
        story.tell(
            .pollIncomplete(startedAt: at(62_500)), at: 62_510,
            .next(63_000, .degraded(since: at(62_510), lastPoll: at(62_510), .incomplete)))
    }

    @Test("an incomplete look ends an outage in part")
    func incompleteAfterOutage() {
        var story = Story()
        story.tell(
            .pollFailed(.unreachable, startedAt: at(0)), at: 20_000,
            .next(21_000, .unavailable(since: at(20_000), .none(since: at(0)), failed(1, .unreachable))))
        story.tell(
            .pollIncomplete(startedAt: at(21_000)), at: 21_050,
            .next(21_500, .degraded(since: at(21_050), lastPoll: at(21_050), .incomplete)))
    }

    @Test("a look that hangs until the view is stale makes it unavailable at once")
    func hangingPoll() {
        var story = Story()
        story.tell(.polled(startedAt: at(0)), at: 0, .next(500, .live(since: at(0), lastPoll: at(0))))
        story.tell(
            .pollFailed(.unreachable, startedAt: at(500)), at: 10_500,
            .next(11_500, .unavailable(since: at(10_500), .taken(at: at(0)), failed(1, .unreachable))))
    }

    @Test("where looks are rare, one that is lost does not make the view stale")
    func rarePolls() {
        var story = Story(pollInterval: .seconds(60))
        story.tell(.polled(startedAt: at(0)), at: 0, .next(60_000, .live(since: at(0), lastPoll: at(0))))
        // No retry sooner than the poll interval.
        story.tell(
            .pollFailed(.unreachable, startedAt: at(60_000)), at: 60_000,
            .next(120_000, .degraded(since: at(60_000), lastPoll: at(0), .failing(failed(1, .unreachable)))))
        story.expectDeadline(120_000)
        story.tell(
            .pollFailed(.unreachable, startedAt: at(120_000)), at: 120_000,
            .next(180_000, .unavailable(since: at(120_000), .taken(at: at(0)), failed(2, .unreachable))))
    }

    @Test("no call ends by the absence of a view, however long, nor one that was missing just before")
    func callsOutliveTheView() {
        var core = BridgeCore()
        var supervisor = SourceSupervisor(settings: .init(pollInterval: .milliseconds(500)), at: at(0))
        let calls = ["1", "2"].map { id in
            let leg = CallLeg(dn: "101", role: .agent, state: .ringing, isMonitored: true)
            return ObservedCall(
                id: PBXCallID(id), direction: .inbound, external: ExternalParty(number: "03012345"), legs: [leg])
        }
        func seen(_ calls: [ObservedCall], _ now: Instant) -> BridgeCore.Input {
            .polled(CallSnapshot(takenAt: now, calls: calls, listsLegs: true))
        }
        func hangups(_ output: Output) -> [PBXCallID] {
            output.decisions.filter { $0.commands.contains { $0.event == .hangup } }.map(\.pbxCallID)
        }
        _ = core.handle(seen(calls, at(0)), at: at(0))
        _ = supervisor.handle(.polled(startedAt: at(0)), at: at(0), jitter: 0)
        // The second call is gone, for less than its grace of two seconds when the view is lost.
        #expect(hangups(core.handle(seen([calls[0]], at(500)), at: at(500))) == [])
        _ = supervisor.handle(.polled(startedAt: at(500)), at: at(500), jitter: 0)

        let end = at(86_400_000)
        while let now = supervisor.nextDeadline, now < end {
            let isPoll = now == supervisor.nextPoll
            let fact = SourceSupervisor.Input.pollFailed(.unreachable, startedAt: now)
            _ = supervisor.handle(isPoll ? fact : .timePassed, at: now, jitter: 0)
            #expect(core.handle(isPoll ? .pollFailed() : .timePassed, at: now).decisions == [])
        }
        #expect(supervisor.health.name == "unavailable")
        #expect(core.handle(.timePassed, at: end).decisions == [])

        // Only polls end the call that is gone, after what was left of its grace.
        #expect(hangups(core.handle(seen([calls[0]], end), at: end)) == [])
        let later = end + .seconds(2)
        #expect(hangups(core.handle(seen([calls[0]], later), at: later)) == [PBXCallID("2")])
    }

    // MARK: - Tables

    struct Waiting: Sendable, CustomTestStringConvertible {
        var fault: SourceFault
        var shortest: [Int64]
        var longest: [Int64]
        var testDescription: String { fault.rawValue }

        private static let passing: ([Int64], [Int64]) = (
            [1000, 1000, 2000, 4000, 4000, 4000], [1250, 1250, 2500, 5000, 5000, 5000]
        )
        private static let standing: ([Int64], [Int64]) = (
            [2000, 5000, 5000, 5000], [2000, 5000, 5000, 5000]
        )

        static let all = SourceFault.allCases.map { fault in
            let (shortest, longest) =
                switch fault {
                case .unreachable, .malformedAnswer, .interfaceMissing: passing
                case .credentialsRefused:
                    (
                        [60_000, 300_000, 900_000, 900_000] as [Int64], [60_000, 300_000, 900_000, 900_000] as [Int64]
                    )
                case .permissionMissing, .configuration: standing
                }
            return Waiting(fault: fault, shortest: shortest, longest: longest)
        }
    }

    @Test("waits by the kind of the failure and by jitter", arguments: Waiting.all)
    func waiting(_ row: Waiting) {
        for (jitter, expected) in [(0.0, row.shortest), (1.0, row.longest)] {
            var supervisor = SourceSupervisor(settings: .init(pollInterval: .milliseconds(500)), at: at(0))
            var now = at(0)
            var waits: [Int64] = []
            for _ in expected {
                let output = supervisor.handle(.pollFailed(row.fault, startedAt: now), at: now, jitter: jitter)
                guard let next = output.nextPoll else { break }
                waits.append((next - now).milliseconds)
                now = next
            }
            #expect(waits == expected, "jitter \(jitter)")
        }
    }

    @Test(
        "takes jitter that is no number between 0 and 1 for the nearest one",
        arguments: [
            (-1.0, 1000), (.nan, 1000), (-.infinity, 1000), (0.5, 1125), (7, 1250), (.infinity, 1250),
        ] as [(Double, Int64)])
    func oddJitter(_ jitter: Double, _ wait: Int64) {
        var supervisor = SourceSupervisor(settings: .init(pollInterval: .milliseconds(500)), at: at(0))
        let output = supervisor.handle(.pollFailed(.unreachable, startedAt: at(0)), at: at(0), jitter: jitter)
        #expect(output.nextPoll == at(wait))
    }

    /// One supervisor in every state.
    static let everyState: [SourceSupervisor] = {
        let connecting = SourceSupervisor(settings: .init(pollInterval: .milliseconds(500)), at: at(0))
        func after(_ inputs: [(SourceSupervisor.Input, Int64)]) -> SourceSupervisor {
            var supervisor = connecting
            for (input, now) in inputs { _ = supervisor.handle(input, at: at(now), jitter: 0) }
            return supervisor
        }
        return [
            connecting,
            after([(.pollFailed(.unreachable, startedAt: at(0)), 0)]),
            after([(.polled(startedAt: at(0)), 0)]),
            after([(.pollIncomplete(startedAt: at(0)), 0)]),
            after([(.polled(startedAt: at(0)), 0), (.pollFailed(.configuration, startedAt: at(500)), 500)]),
            after([(.pollFailed(.credentialsRefused, startedAt: at(0)), 0), (.timePassed, 10_000)]),
            after([
                (.polled(startedAt: at(0)), 0), (.pollFailed(.permissionMissing, startedAt: at(500)), 500),
                (.timePassed, 10_000),
            ]),
            after([(.polled(startedAt: at(0)), 0), (.stopping, 100)]),
        ]
    }()

    @Test("stops from every state, remembers its view, and is deaf from then on", arguments: everyState.indices)
    func stops(_ index: Int) {
        var supervisor = Self.everyState[index]
        let view = supervisor.health.lastView
        let wasStopping = supervisor.health.name == "stopping"
        let output = supervisor.handle(.stopping, at: at(20_000), jitter: 0.5)
        let stopped = SourceHealth.stopping(since: at(wasStopping ? 100 : 20_000), view)
        #expect(output == SourceSupervisor.Output(nextPoll: nil, healthChange: wasStopping ? nil : stopped))
        let inputs: [SourceSupervisor.Input] = [
            .stopping, .timePassed, .polled(startedAt: at(30_000)), .pollIncomplete(startedAt: at(30_000)),
            .pollFailed(.unreachable, startedAt: at(30_000)),
        ]
        for input in inputs {
            #expect(supervisor.handle(input, at: at(30_000), jitter: 0.5) == SourceSupervisor.Output(nextPoll: nil))
            #expect(supervisor.health == stopped)
            #expect(supervisor.nextDeadline == nil)
        }
    }

    @Test("a look that was not asked for, or is told again, changes nothing", arguments: everyState.indices)
    func spurious(_ index: Int) {
        let before = Self.everyState[index]
        guard let nextPoll = before.nextPoll else { return }
        let early = Instant(milliseconds: nextPoll.milliseconds - 1)
        let inputs: [SourceSupervisor.Input] = [
            .polled(startedAt: early), .pollIncomplete(startedAt: early), .pollFailed(.unreachable, startedAt: early),
        ]
        for input in inputs {
            var supervisor = before
            let output = supervisor.handle(input, at: at(100_000), jitter: 0.5)
            #expect(output == SourceSupervisor.Output(nextPoll: nextPoll))
            #expect(supervisor == before)
        }
        var twice = before
        _ = twice.handle(.polled(startedAt: nextPoll), at: nextPoll, jitter: 0.5)
        let once = twice
        _ = twice.handle(.polled(startedAt: nextPoll), at: nextPoll, jitter: 0.5)
        #expect(twice == once)
    }

    @Test("time that passes too early changes nothing", arguments: everyState.indices)
    func earlyTime(_ index: Int) {
        let before = Self.everyState[index]
        var supervisor = before
        let output = supervisor.handle(.timePassed, at: at(9999), jitter: 0.5)
        #expect(output == SourceSupervisor.Output(nextPoll: before.nextPoll))
        #expect(supervisor == before)
    }

    @Test("a failure that only an operator can end is named so", arguments: SourceFault.allCases)
    func needsOperator(_ fault: SourceFault) {
        let settings = SourceSupervisor.Settings(pollInterval: .milliseconds(500))
        var supervisor = SourceSupervisor(settings: settings, at: at(0))
        let output = supervisor.handle(.pollFailed(fault, startedAt: at(0)), at: at(0), jitter: 0)
        let isSlow = output.nextPoll.map { $0 >= at(2000) }
        #expect(isSlow == fault.needsOperator)
    }
}

private func at(_ milliseconds: Int64) -> Instant { Instant(milliseconds: milliseconds) }

/// So many failures in a row, all for the same reason.
private func failed(_ count: Int, _ fault: SourceFault) -> FailedPolls {
    FailedPolls(count: count, alike: count, fault: fault)
}

extension SourceSupervisor.Output {
    fileprivate static func next(_ milliseconds: Int64, _ healthChange: SourceHealth? = nil) -> Self {
        Self(nextPoll: at(milliseconds), healthChange: healthChange)
    }
}

/// A supervisor, told one thing after the other, without jitter.
private struct Story {
    var supervisor: SourceSupervisor

    init(pollInterval: Duration = .milliseconds(500)) {
        supervisor = SourceSupervisor(settings: .init(pollInterval: pollInterval), at: at(0))
    }

    /// Expects the output and the whole state: the one that the output tells, else `then`, else the one before.
    mutating func tell(
        _ input: SourceSupervisor.Input, at now: Int64, _ expected: SourceSupervisor.Output, then: SourceHealth? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let health = expected.healthChange ?? then ?? supervisor.health
        let output = supervisor.handle(input, at: at(now), jitter: 0)
        #expect(output == expected, sourceLocation: sourceLocation)
        #expect(supervisor.health == health, sourceLocation: sourceLocation)
        #expect(supervisor.nextPoll == expected.nextPoll, sourceLocation: sourceLocation)
    }

    func expect(_ health: SourceHealth, nextPoll: Int64, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(supervisor.health == health, sourceLocation: sourceLocation)
        #expect(supervisor.nextPoll == at(nextPoll), sourceLocation: sourceLocation)
    }

    func expectDeadline(_ milliseconds: Int64, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(supervisor.nextDeadline == at(milliseconds), sourceLocation: sourceLocation)
    }
}
