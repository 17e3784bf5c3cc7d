import Domain
import Ports
import Synchronization
import Testing

@testable import Adapters

@Suite("Polling", .timeLimit(.minutes(10)))
struct PollingCallSourceTests {
    /// A view that succeeds or fails by a plan, the last entry of which is repeated.
    private final class PlannedView: PhoneSystemView {
        let interface = PhoneSystemInterface.legacy
        let name = "planned"
        private let clock: SteppedClock
        private let plan: [Bool]
        private let polls = Mutex(0)
        private let duration: Duration

        init(_ plan: [Bool], clock: SteppedClock, duration: Duration = .zero) {
            self.plan = plan
            self.clock = clock
            self.duration = duration
        }

        func drop(_ call: PBXCallID) async -> CallDropOutcome { .gone }

        func poll() async throws(PollFailure) -> PollResult {
            let number = polls.withLock { polls in
                defer { polls += 1 }
                return polls
            }
            clock.advance(by: duration)
            guard plan[min(number, plan.count - 1)] else {
                throw PollFailure(.unreachable, "look \(number)", at: "nowhere", remedy: "wait")
            }
            return PollResult(
                snapshot: CallSnapshot(takenAt: clock.now(), calls: []), notices: [Notice(.debug, "look \(number)")])
        }
    }

    /// What a source reports until it has said `count` things, and how long it slept between them.
    private static func run(
        _ plan: [Bool], count: Int, interval: Duration = .milliseconds(500), duration: Duration = .zero
    ) async -> (reports: [CallSourceReport], sleeps: [Duration]) {
        let clock = SteppedClock()
        let view = PlannedView(plan, clock: clock, duration: duration)
        let source = PollingCallSource(view: view, clock: clock, pollInterval: interval, jitter: { 0 })
        let receiver = ReportRecorder()
        let task = Task { await source.run { await receiver.receive($0) } }
        await receiver.wait(for: count)
        task.cancel()
        await task.value
        return (Array(receiver.reports.prefix(count)), Array(clock.sleeps.prefix(count - 1)))
    }

    @Test("looks at the interval and hands over what was seen and said")
    func steady() async {
        let (reports, sleeps) = await Self.run([true], count: 4)
        #expect(sleeps == Array(repeating: .milliseconds(500), count: 3))
        let start = Instant(milliseconds: 1_770_109_200_000)
        #expect(
            reports
                == (0..<4).map { number in
                    .polled(
                        CallSnapshot(takenAt: start + .milliseconds(500 * Int64(number)), calls: []),
                        notices: [Notice(.debug, "look \(number)")])
                })
    }

    @Test("counts the interval from start to start, and does not catch up")
    func slowPolls() async {
        let slow = await Self.run([true], count: 3, duration: .milliseconds(300))
        #expect(slow.sleeps == [.milliseconds(200), .milliseconds(200)])
        let tooSlow = await Self.run([true], count: 3, duration: .milliseconds(800))
        #expect(tooSlow.sleeps == [])
    }

    @Test("slows down while looks fail, and is back at once when one succeeds")
    func backoff() async {
        let plan = [true] + Array(repeating: false, count: 9) + [true, true, false, true]
        let (reports, sleeps) = await Self.run(plan, count: 14)
        #expect(reports.map(\.isFailure) == plan.map { !$0 })
        // The second wait of 4 s is interrupted when the view is 10 s old.
        let seconds: [Double] = [0.5, 1, 1, 2, 4, 1.5, 2.5, 4, 4, 4, 4, 0.5, 0.5]
        #expect(sleeps == seconds.map { .milliseconds(Int64($0 * 1000)) })
        guard case .pollFailed(let failure, let instant) = reports[1] else {
            Issue.record("no failure but \(reports[1])")
            return
        }
        #expect(failure.what == "look 1")
        #expect(instant == Instant(milliseconds: 1_770_109_200_500))
    }

    @Test("never looks more often than the interval, also after a failure")
    func longInterval() async {
        let (_, sleeps) = await Self.run([false, false, true], count: 4, interval: .seconds(3))
        #expect(sleeps == [.seconds(3), .seconds(3), .seconds(3)])
    }

    @Test("ends promptly when cancelled while it waits")
    func cancelledWhileWaiting() async {
        let clock = SteppedClock(leaps: false)
        let source = PollingCallSource(
            view: PlannedView([true], clock: clock), clock: clock, pollInterval: .seconds(3600))
        let receiver = ReportRecorder()
        let task = Task { await source.run { await receiver.receive($0) } }
        while clock.sleeps.isEmpty { await Task.yield() }
        task.cancel()
        await task.value
        #expect(receiver.reports.count == 1)
    }

    @Test(
        "ends promptly when cancelled while 3CX is silent, and reports no failure",
        arguments: [
            ("POST /api/login", .legacy), ("GET /api/activeCalls", .legacy), ("POST /connect/token", .callcontrol),
            ("GET /callcontrol", .callcontrol), (XAPIWorld.token, .xapi), (XAPIWorld.members, .xapi),
            (XAPIWorld.calls, .xapi),
        ] as [(String, BridgeConfiguration.PhoneSystemAPI)]
    )
    func cancelledWhilePolling(_ route: String, _ interface: BridgeConfiguration.PhoneSystemAPI) async throws {
        let view: any PhoneSystemView
        let transport: ScriptedTransport
        switch interface {
        case .legacy:
            let world = try LegacyWorld([route: [.silence]])
            (view, transport) = (world.view, world.transport)
        case .callcontrol:
            let world = try CallControlWorld([route: [.silence]])
            (view, transport) = (world.view, world.transport)
        case .xapi:
            let world = try XAPIWorld([route: [.silence]])
            (view, transport) = (world.view, world.transport)
        case .auto: return
        }
        let source = PollingCallSource(view: view, clock: SteppedClock(), pollInterval: .milliseconds(500))
        let receiver = ReportRecorder()
        let task = Task { await source.run { await receiver.receive($0) } }
        while transport.count(route) == 0 { await Task.yield() }
        task.cancel()
        await task.value
        #expect(receiver.reports.isEmpty)
    }

    @Test("over the view of a 3CX before v20 keeps the contract of every source of calls")
    func legacyContract() async throws {
        try await checkCallSourceContract {
            let world = try LegacyWorld([
                LegacyWorld.calls: [
                    .json(ActiveCallsSamples.empty), .status(502), .json(ActiveCallsSamples.internalCall),
                ]
            ])
            return PollingCallSource(view: world.view, clock: world.clock, pollInterval: .milliseconds(500))
        }
    }

    @Test("over the view of XAPI keeps the contract of every source of calls")
    func xapiContract() async throws {
        try await checkCallSourceContract {
            let world = try XAPIWorld([
                XAPIWorld.calls: [.json(XAPISamples.empty), .status(502), .json(XAPISamples.queueWaiting)]
            ])
            return PollingCallSource(view: world.view, clock: world.clock, pollInterval: .milliseconds(500))
        }
    }

    @Test("over the events of a 3CX v20 keeps the contract of every source of calls")
    func eventsContract() async throws {
        try await checkCallSourceContract {
            let world = try CallControlWorld([
                CallControlWorld.calls: [
                    .json(CallControlSamples.idle), .page(), .json(CallControlSamples.queueWaiting),
                ]
            ])
            let view = CallControlView(
                PhoneSystemConnection(
                    PhoneSystemExamples.settings { $0.groups = [] }, transport: world.transport,
                    sockets: ScriptedSockets(.opens(ScriptedSocket())), clock: world.clock))
            return try PollingCallSource(
                view: #require(view), clock: world.clock, pollInterval: .milliseconds(500))
        }
    }

    @Test("over the view of a 3CX v20 keeps the contract of every source of calls")
    func callControlContract() async throws {
        try await checkCallSourceContract {
            let world = try CallControlWorld([
                CallControlWorld.calls: [
                    .json(CallControlSamples.idle), .page(), .json(CallControlSamples.queueWaiting),
                ]
            ])
            return PollingCallSource(view: world.view, clock: world.clock, pollInterval: .milliseconds(500))
        }
    }
}
