import Domain
import Testing

@Suite("The supervisor of a source")
struct SourceSupervisorTests {
    // MARK: - Stories

    @Test("polls from start to start while all is well")
    func polls() {
        var story = Story()
        story.expect(.connecting(since: at(0), nil), nextLook: 0)
        story.tell(.looked(startedAt: at(0)), at: 120, .next(500, .live(since: at(120), lastLook: at(120))))
        story.tell(.looked(startedAt: at(500)), at: 700, .next(1000), then: .live(since: at(120), lastLook: at(700)))
        // A slow answer: the next look is due at once, not twice.
        story.tell(.looked(startedAt: at(1000)), at: 2600, .next(2600), then: .live(since: at(120), lastLook: at(2600)))
    }

    @Test("says that looks take long, and takes them one after the other")
    func slowLooks() {
        var story = Story()
        story.tell(.looked(startedAt: at(0)), at: 100, .next(500, .live(since: at(100), lastLook: at(100))))
        let slow = SourceHealth.degraded(since: at(6500), lastLook: at(6500), .slow)
        story.tell(.looked(startedAt: at(500)), at: 6500, .next(6500, slow))
        story.tell(
            .looked(startedAt: at(6500)), at: 12_500, .next(12_500),
            then: .degraded(since: at(6500), lastLook: at(12_500), .slow))
        story.tell(
            .looked(startedAt: at(12_500)), at: 12_600,
            .next(13_000, .live(since: at(12_600), lastLook: at(12_600))))
    }

    @Test("looks at once and a moment later when an end is in doubt, also between two rare looks")
    func endDoubted() {
        var story = Story()
        story.tell(.looked(startedAt: at(0)), at: 10, .next(500, .live(since: at(10), lastLook: at(10))))
        story.tell(.pushBegan, at: 100, .next(500))
        story.tell(.looked(startedAt: at(500)), at: 510, .next(30_500), then: .live(since: at(10), lastLook: at(510)))
        story.tell(.endDoubted, at: 5000, .next(5000))
        story.tell(.looked(startedAt: at(5000)), at: 5020, .next(5300), then: .live(since: at(10), lastLook: at(5020)))
        story.tell(
            .looked(startedAt: at(5300)), at: 5320, .next(35_300), then: .live(since: at(10), lastLook: at(5320)))
        // However many end at once, not more than ten looks a second.
        story.tell(.endDoubted, at: 5330, .next(5400))
        story.tell(.endDoubted, at: 5390, .next(5400))
        story.tell(.looked(startedAt: at(5400)), at: 5410, .next(5690), then: .live(since: at(10), lastLook: at(5410)))
    }

    @Test("comes back within seconds when the PBX restarts its web server")
    func shortOutage() {
        var story = Story()
        story.tell(.looked(startedAt: at(0)), at: 100, .next(500, .live(since: at(100), lastLook: at(100))))
        let first = SourceHealth.degraded(since: at(510), lastLook: at(100), .failing(failed(1, .unreachable)))
        story.tell(.lookFailed(.unreachable, startedAt: at(500)), at: 510, .next(1510, first))
        story.expectDeadline(1510)
        story.tell(
            .lookFailed(.unreachable, startedAt: at(1510)), at: 1520, .next(2520),
            then: .degraded(since: at(510), lastLook: at(100), .failing(failed(2, .unreachable))))
        story.tell(.looked(startedAt: at(2520)), at: 2600, .next(3020, .live(since: at(2600), lastLook: at(2600))))
        story.expectDeadline(3020)
    }

    @Test("tells that the view is stale at the instant at which it becomes so, and for how long it has been")
    func longOutage() {
        var story = Story()
        story.tell(.looked(startedAt: at(0)), at: 0, .next(500, .live(since: at(0), lastLook: at(0))))
        let first = SourceHealth.degraded(since: at(500), lastLook: at(0), .failing(failed(1, .unreachable)))
        story.tell(.lookFailed(.unreachable, startedAt: at(500)), at: 500, .next(1500, first))
        for (count, now, next): (Int, Int64, Int64) in [
            (2, 1500, 2500), (3, 2500, 4500), (4, 4500, 8500), (5, 8500, 12_500),
        ] {
            story.tell(
                .lookFailed(.unreachable, startedAt: at(now)), at: now, .next(next),
                then: .degraded(since: at(500), lastLook: at(0), .failing(failed(count, .unreachable))))
        }
        story.expectDeadline(10_000)
        story.tell(.timePassed, at: 9999, .next(12500))
        let stale = SourceHealth.unavailable(since: at(10_000), .taken(at: at(0)), failed(5, .unreachable))
        story.tell(.timePassed, at: 10_000, .next(12500, stale))
        story.expectDeadline(12_500)
        #expect(story.supervisor.health.staleness(at: at(12_345)) == .milliseconds(12_345))
        story.tell(
            .lookFailed(.unreachable, startedAt: at(12500)), at: 12500, .next(16500),
            then: .unavailable(since: at(10_000), .taken(at: at(0)), failed(6, .unreachable)))
        story.tell(.looked(startedAt: at(16500)), at: 16600, .next(17000, .live(since: at(16600), lastLook: at(16600))))
        #expect(story.supervisor.health.staleness(at: at(16700)) == .milliseconds(100))
    }

    @Test("keeps trying while the PBX is down from the start, for weeks")
    func downFromTheStart() {
        var story = Story()
        let first = SourceHealth.connecting(since: at(0), failed(1, .unreachable))
        story.tell(.lookFailed(.unreachable, startedAt: at(0)), at: 5000, .next(6000, first))
        let stale = SourceHealth.unavailable(since: at(11_000), .none(since: at(0)), failed(2, .unreachable))
        story.tell(.lookFailed(.unreachable, startedAt: at(6000)), at: 11_000, .next(12_000, stale))
        var looks = 2
        while let next = story.supervisor.nextLook, next < at(14 * 86_400_000) {
            looks += 1
            let output = story.supervisor.handle(.lookFailed(.unreachable, startedAt: next), at: next, jitter: 0)
            #expect(output.healthChange == nil)
        }
        #expect(looks == 302_400)
        #expect(
            story.supervisor.health
                == .unavailable(since: at(11_000), .none(since: at(0)), failed(302_400, .unreachable)))
        #expect(story.supervisor.health.staleness(at: at(14 * 86_400_000)) == .seconds(14 * 86_400))
    }

    @Test("tries a rejected login after 1, 5 and then every 15 minutes, for ever, and forgets it when it is accepted")
    func rejectedLogin() {
        var story = Story()
        let first = SourceHealth.connecting(since: at(0), failed(1, .credentialsRefused))
        story.tell(.lookFailed(.credentialsRefused, startedAt: at(0)), at: 0, .next(60_000, first))
        story.expectDeadline(10_000)
        let stale = SourceHealth.unavailable(since: at(10_000), .none(since: at(0)), failed(1, .credentialsRefused))
        story.tell(.timePassed, at: 10_000, .next(60_000, stale))
        var now: Int64 = 60_000
        for (count, wait): (Int, Int64) in [(2, 300_000), (3, 900_000), (4, 900_000), (5, 900_000)] {
            story.tell(
                .lookFailed(.credentialsRefused, startedAt: at(now)), at: now, .next(now + wait),
                then: .unavailable(since: at(10_000), .none(since: at(0)), failed(count, .credentialsRefused)))
            now += wait
        }
        story.tell(.looked(startedAt: at(now)), at: now, .next(now + 500, .live(since: at(now), lastLook: at(now))))
        now += 500
        let again = SourceHealth.degraded(
            since: at(now), lastLook: at(now - 500), .failing(failed(1, .credentialsRefused)))
        story.tell(.lookFailed(.credentialsRefused, startedAt: at(now)), at: now, .next(now + 60_000, again))
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
            _ = supervisor.handle(.lookFailed(fault, startedAt: at(now)), at: at(now), jitter: 0)
            if fault == .credentialsRefused { _ = supervisor.handle(.pushBegan, at: at(now), jitter: 0) }
            let next = supervisor.nextLook?.milliseconds ?? 0
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
            _ = story.supervisor.handle(.lookFailed(.unreachable, startedAt: at(now)), at: at(now), jitter: 0)
            now += wait
        }
        story.expect(.connecting(since: at(0), failed(4, .unreachable)), nextLook: 8000)
        let refused = FailedLooks(count: 5, alike: 1, fault: .credentialsRefused)
        story.tell(
            .lookFailed(.credentialsRefused, startedAt: at(8000)), at: 8000,
            .next(68_000, .connecting(since: at(0), refused)))
        let back = FailedLooks(count: 6, alike: 1, fault: .unreachable)
        story.tell(
            .lookFailed(.unreachable, startedAt: at(68_000)), at: 68_000,
            .next(69_000, .unavailable(since: at(68_000), .none(since: at(0)), back)))
        story.tell(
            .lookFailed(.malformedAnswer, startedAt: at(69_000)), at: 69_000,
            .next(
                70_000,
                .unavailable(
                    since: at(68_000), .none(since: at(0)), FailedLooks(count: 7, alike: 1, fault: .malformedAnswer))))
    }

    @Test("takes incomplete looks for a young view that is impaired, from every state")
    func incompleteLooks() {
        var story = Story()
        story.tell(
            .lookIncomplete(startedAt: at(0)), at: 10,
            .next(500, .degraded(since: at(10), lastLook: at(10), .incomplete)))
        story.tell(
            .lookIncomplete(startedAt: at(500)), at: 510, .next(1000),
            then: .degraded(since: at(10), lastLook: at(510), .incomplete))
        story.expectDeadline(1000)
        // However long: what can be read is read.
        story.tell(
            .lookIncomplete(startedAt: at(60_000)), at: 60_010, .next(60_500),
            then: .degraded(since: at(10), lastLook: at(60_010), .incomplete))
        let failing = SourceHealth.degraded(since: at(10), lastLook: at(60_010), .failing(failed(1, .unreachable)))
        story.tell(.lookFailed(.unreachable, startedAt: at(60_500)), at: 60_500, .next(61_500, failing))
        story.tell(
            .lookIncomplete(startedAt: at(61_500)), at: 61_510,
            .next(62_000, .degraded(since: at(10), lastLook: at(61_510), .incomplete)))
        story.tell(
            .looked(startedAt: at(62_000)), at: 62_010,
            .next(62_500, .live(since: at(62_010), lastLook: at(62_010))))
        story.tell(
            .lookIncomplete(startedAt: at(62_500)), at: 62_510,
            .next(63_000, .degraded(since: at(62_510), lastLook: at(62_510), .incomplete)))
    }

    @Test("an incomplete look ends an outage in part")
    func incompleteAfterOutage() {
        var story = Story()
        story.tell(
            .lookFailed(.unreachable, startedAt: at(0)), at: 20_000,
            .next(21_000, .unavailable(since: at(20_000), .none(since: at(0)), failed(1, .unreachable))))
        story.tell(
            .lookIncomplete(startedAt: at(21_000)), at: 21_050,
            .next(21_500, .degraded(since: at(21_050), lastLook: at(21_050), .incomplete)))
    }

    @Test("a look that hangs until the view is stale makes it unavailable at once")
    func hangingLook() {
        var story = Story()
        story.tell(.looked(startedAt: at(0)), at: 0, .next(500, .live(since: at(0), lastLook: at(0))))
        story.tell(
            .lookFailed(.unreachable, startedAt: at(500)), at: 10_500,
            .next(11_500, .unavailable(since: at(10_500), .taken(at: at(0)), failed(1, .unreachable))))
    }

    @Test("where looks are rare, one that is lost does not make the view stale")
    func rareLooks() {
        var story = Story(pollInterval: .seconds(60))
        story.tell(.looked(startedAt: at(0)), at: 0, .next(60_000, .live(since: at(0), lastLook: at(0))))
        // No retry sooner than the poll interval.
        story.tell(
            .lookFailed(.unreachable, startedAt: at(60_000)), at: 60_000,
            .next(120_000, .degraded(since: at(60_000), lastLook: at(0), .failing(failed(1, .unreachable)))))
        story.expectDeadline(120_000)
        story.tell(
            .lookFailed(.unreachable, startedAt: at(120_000)), at: 120_000,
            .next(180_000, .unavailable(since: at(120_000), .taken(at: at(0)), failed(2, .unreachable))))
    }

    @Test("no call ends by the absence of a view, however long, nor one that was missing just before")
    func callsOutliveTheView() {
        var core = BridgeCore(calls: CallLifecycle.Settings(), delivery: Zammad.Settings())
        var supervisor = SourceSupervisor(settings: .init(pollInterval: .milliseconds(500)), at: at(0))
        let calls = ["1", "2"].map { id in
            let leg = CallLeg(dn: "101", role: .agent, state: .ringing, isMonitored: true)
            return ObservedCall(
                id: PBXCallID(id), direction: .inbound, external: ExternalParty(number: "03012345"), legs: [leg])
        }
        func seen(_ calls: [ObservedCall], _ now: Instant) -> BridgeCore.Input {
            .looked(CallSnapshot(takenAt: now, calls: calls, listsLegs: true))
        }
        func hangups(_ output: Output) -> [PBXCallID] {
            output.decisions.filter { $0.commands.contains { $0.event == .hangup } }.map(\.pbxCallID)
        }
        _ = core.handle(seen(calls, at(0)), at: at(0))
        _ = supervisor.handle(.looked(startedAt: at(0)), at: at(0), jitter: 0)
        // The second call is gone, for less than its grace of two seconds when the view is lost.
        #expect(hangups(core.handle(seen([calls[0]], at(500)), at: at(500))) == [])
        _ = supervisor.handle(.looked(startedAt: at(500)), at: at(500), jitter: 0)

        let end = at(86_400_000)
        while let now = supervisor.nextDeadline, now < end {
            let isLook = now == supervisor.nextLook
            let fact = SourceSupervisor.Input.lookFailed(.unreachable, startedAt: now)
            _ = supervisor.handle(isLook ? fact : .timePassed, at: now, jitter: 0)
            #expect(core.handle(isLook ? .lookFailed() : .timePassed, at: now).decisions == [])
        }
        #expect(supervisor.health.name == "unavailable")
        #expect(core.handle(.timePassed, at: end).decisions == [])

        // Only looks end the call that is gone, after what was left of its grace.
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
                let output = supervisor.handle(.lookFailed(row.fault, startedAt: now), at: now, jitter: jitter)
                guard let next = output.nextLook else { break }
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
        let output = supervisor.handle(.lookFailed(.unreachable, startedAt: at(0)), at: at(0), jitter: jitter)
        #expect(output.nextLook == at(wait))
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
            after([(.lookFailed(.unreachable, startedAt: at(0)), 0)]),
            after([(.looked(startedAt: at(0)), 0)]),
            after([(.lookIncomplete(startedAt: at(0)), 0)]),
            after([(.looked(startedAt: at(0)), 0), (.lookFailed(.configuration, startedAt: at(500)), 500)]),
            after([(.lookFailed(.credentialsRefused, startedAt: at(0)), 0), (.timePassed, 10_000)]),
            after([
                (.looked(startedAt: at(0)), 0), (.lookFailed(.permissionMissing, startedAt: at(500)), 500),
                (.timePassed, 10_000),
            ]),
            after([(.looked(startedAt: at(0)), 0), (.stopping, 100)]),
        ]
    }()

    @Test("stops from every state, remembers its view, and is deaf from then on", arguments: everyState.indices)
    func stops(_ index: Int) {
        var supervisor = Self.everyState[index]
        let view = supervisor.health.lastView
        let wasStopping = supervisor.health.name == "stopping"
        let output = supervisor.handle(.stopping, at: at(20_000), jitter: 0.5)
        let stopped = SourceHealth.stopping(since: at(wasStopping ? 100 : 20_000), view)
        #expect(output == SourceSupervisor.Output(nextLook: nil, healthChange: wasStopping ? nil : stopped))
        let inputs: [SourceSupervisor.Input] = [
            .stopping, .timePassed, .looked(startedAt: at(30_000)), .lookIncomplete(startedAt: at(30_000)),
            .lookFailed(.unreachable, startedAt: at(30_000)),
        ]
        for input in inputs {
            #expect(supervisor.handle(input, at: at(30_000), jitter: 0.5) == SourceSupervisor.Output(nextLook: nil))
            #expect(supervisor.health == stopped)
            #expect(supervisor.nextDeadline == nil)
        }
    }

    @Test("a look that was not asked for, or is told again, changes nothing", arguments: everyState.indices)
    func spurious(_ index: Int) {
        let before = Self.everyState[index]
        guard let nextLook = before.nextLook else { return }
        let early = Instant(milliseconds: nextLook.milliseconds - 1)
        let inputs: [SourceSupervisor.Input] = [
            .looked(startedAt: early), .lookIncomplete(startedAt: early), .lookFailed(.unreachable, startedAt: early),
        ]
        for input in inputs {
            var supervisor = before
            let output = supervisor.handle(input, at: at(100_000), jitter: 0.5)
            #expect(output == SourceSupervisor.Output(nextLook: nextLook))
            #expect(supervisor == before)
        }
        var twice = before
        _ = twice.handle(.looked(startedAt: nextLook), at: nextLook, jitter: 0.5)
        let once = twice
        _ = twice.handle(.looked(startedAt: nextLook), at: nextLook, jitter: 0.5)
        #expect(twice == once)
    }

    @Test("time that passes too early changes nothing", arguments: everyState.indices)
    func earlyTime(_ index: Int) {
        let before = Self.everyState[index]
        var supervisor = before
        let output = supervisor.handle(.timePassed, at: at(9999), jitter: 0.5)
        #expect(output == SourceSupervisor.Output(nextLook: before.nextLook))
        #expect(supervisor == before)
    }

    @Test("a failure that only an operator can end is named so", arguments: SourceFault.allCases)
    func needsOperator(_ fault: SourceFault) {
        let settings = SourceSupervisor.Settings(pollInterval: .milliseconds(500))
        var supervisor = SourceSupervisor(settings: settings, at: at(0))
        let output = supervisor.handle(.lookFailed(fault, startedAt: at(0)), at: at(0), jitter: 0)
        let isSlow = output.nextLook.map { $0 >= at(2000) }
        #expect(isSlow == fault.needsOperator)
    }
}

private func at(_ milliseconds: Int64) -> Instant { Instant(milliseconds: milliseconds) }

/// So many failures in a row, all for the same reason.
private func failed(_ count: Int, _ fault: SourceFault) -> FailedLooks {
    FailedLooks(count: count, alike: count, fault: fault)
}

extension SourceSupervisor.Output {
    fileprivate static func next(_ milliseconds: Int64, _ healthChange: SourceHealth? = nil) -> Self {
        Self(nextLook: at(milliseconds), healthChange: healthChange)
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
        #expect(supervisor.nextLook == expected.nextLook, sourceLocation: sourceLocation)
    }

    func expect(_ health: SourceHealth, nextLook: Int64, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(supervisor.health == health, sourceLocation: sourceLocation)
        #expect(supervisor.nextLook == at(nextLook), sourceLocation: sourceLocation)
    }

    func expectDeadline(_ milliseconds: Int64, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(supervisor.nextDeadline == at(milliseconds), sourceLocation: sourceLocation)
    }
}
