import NIOCore
import NIOPosix

/// Phone systems, a helpdesk, and the bridge between them.
struct BenchStage {
    let phoneSystems: [PhoneSystem]
    /// The first, or the only one.
    let phoneSystem: PhoneSystem
    let helpdesk: Helpdesk
    let timeline: Timeline
    let bridge: BridgeUnderBench

    struct Settings {
        var program: String
        var interface = Interface.legacy
        var pollInterval = "0.5"
        var helpdeskDelay: TimeAmount?
        var helpdeskFails = false
        var liveCalls = 0
        var phoneSystems = 1
    }

    static func run<Result>(
        _ settings: Settings, _ body: (BenchStage) async throws -> Result
    ) async throws -> Result {
        let group = MultiThreadedEventLoopGroup.singleton
        let timeline = Timeline()
        let agents = PhoneSystem.agents.prefix(max(50, settings.liveCalls))
        let phoneSystem = PhoneSystem(settings.interface, timeline: timeline, extensions: agents)
        let others = (1..<settings.phoneSystems).map { _ in
            PhoneSystem(settings.interface, timeline: timeline, extensions: agents)
        }
        var pbxServers: [BenchServer] = []
        for system in [phoneSystem] + others { pbxServers.append(try await system.start(on: group)) }
        let helpdesk = Helpdesk(
            timeline: timeline, delay: settings.helpdeskDelay, isFailing: settings.helpdeskFails)
        let zammadServer = try await helpdesk.start(on: group)
        let bridge = try BridgeUnderBench.start(
            BridgeUnderBench.Settings(
                program: settings.program, interface: settings.interface, phoneSystems: pbxServers.map(\.origin),
                helpdesk: zammadServer.origin + Helpdesk.path, pollInterval: settings.pollInterval))
        let stage = BenchStage(
            phoneSystems: [phoneSystem] + others, phoneSystem: phoneSystem, helpdesk: helpdesk, timeline: timeline,
            bridge: bridge)
        let result: Swift.Result<Result, any Error>
        do {
            try await stage.waitUntilReady()
            if settings.liveCalls > 0 { try await stage.beginLiveCalls(settings.liveCalls) }
            result = .success(try await body(stage))
        } catch {
            result = .failure(error)
        }
        try bridge.stop()
        for server in pbxServers { try await server.stop() }
        try await zammadServer.stop()
        return try result.get()
    }

    private func waitUntilReady() async throws {
        try await wait("the second look", within: .seconds(30)) { [phoneSystems] in
            phoneSystems.allSatisfy { $0.polls >= 2 && ($0.interface != .events || $0.isSocketOpen) }
        }
    }

    /// Calls that are answered and stay so.
    private func beginLiveCalls(_ count: Int) async throws {
        let calls = (0..<count).map { BenchCall(id: $0, agent: PhoneSystem.agents.lowerBound + $0, isConnected: true) }
        phoneSystem.change(calls.map { ($0, .newCall) })
        try await wait("\(count) calls at the helpdesk", within: .seconds(120)) { [timeline] in
            timeline.posts >= 2 * count
        }
        timeline.forget()
    }

    /// Polls every millisecond: what is waited for has its own time stamp.
    func wait(_ what: String, within limit: Duration, until isDone: () -> Bool) async throws {
        let end = ContinuousClock.now + limit
        while !isDone() {
            guard bridge.isRunning else { throw BenchFailure("the bridge ended while \(what) was waited for") }
            guard ContinuousClock.now < end else { throw BenchFailure("no \(what) within \(limit)") }
            try await Task.sleep(for: .milliseconds(1))
        }
    }

    /// Rings and connects and ends one call after the other, each change at another phase of the poll interval.
    ///
    /// The ends count where they are told at once: call control has a grace of two seconds.
    func playCalls(_ count: Int, from first: Int, pause: ClosedRange<Double>) async throws {
        for id in first..<first + count {
            var call = BenchCall(id: id, agent: PhoneSystem.agents.lowerBound + id % 50)
            for kind in [CallEvent.Kind.newCall, .answer, .hangup] {
                call.isConnected = kind == .answer
                phoneSystem.change([(call, kind)])
                let event = CallEvent(number: call.number, kind: kind)
                if kind == .hangup, phoneSystem.interface != .legacy { continue }
                try await wait("\(kind) of call \(id)", within: .seconds(30)) { [timeline] in
                    timeline.hasArrived(event)
                }
                try await Task.sleep(for: .seconds(Double.random(in: pause)))
            }
        }
    }
}
