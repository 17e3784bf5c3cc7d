import Domain
import Logging
import Ports

@testable import Adapters
@testable import App

/// A PBX whose calls are over already.
private struct NoCallControl: CallControl {
    func drop(_ call: PBXCallID) async -> CallDropOutcome { .gone }
}

/// One life of the bridge's shell, between two starts; looks are given by hand, time is real.
struct RunnerStage {
    let runner: BridgeRunner
    let sink: ScriptedSink
    let journal: any Journal
    private let clock = SystemClock()

    init(_ journal: any Journal, sink: ScriptedSink = ScriptedSink(), hangupGrace: Duration? = nil) async throws {
        self.journal = journal
        self.sink = sink
        let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        var configuration = BridgeConfiguration(
            phoneSystem: .init(host: "http://pbx"), zammad: .init(endpoint: Secret("http://zammad")))
        configuration.bridge.instance = "t"
        configuration.bridge.hangupGrace = hangupGrace
        runner = try await BridgeRunner(
            configuration, journal: journal,
            connections: Connections(sinks: [.default: sink], callControls: [.default: NoCallControl()]),
            log: BridgeLog(log: log, showsNumbers: true), board: StatusBoard(startedAt: clock.now()))
        await runner.begin()
    }

    init(
        in directory: StateDirectory, sink: ScriptedSink = ScriptedSink(), hangupGrace: Duration? = nil
    ) async throws {
        try await self.init(SQLiteJournal(in: directory, historyDays: 30), sink: sink, hangupGrace: hangupGrace)
    }

    /// Reports what a poll shows.
    func see(_ calls: ObservedCall..., isComplete: Bool = true) async {
        await runner.take(.polled(CallSnapshot(takenAt: clock.now(), calls: calls, isComplete: isComplete)))
    }

    func pollFails() async {
        await runner.take(.pollFailed())
    }

    /// Returns when nothing is under way any more; the state directory is free then.
    @discardableResult
    func stop() async throws -> EventAccount {
        try await runner.stop(within: .seconds(5))
        try (journal as? SQLiteJournal)?.close()
        return await runner.core.account
    }

    /// Does not wait for what is under way.
    func stopAtOnce() async throws {
        try await runner.stop(within: .zero)
        try (journal as? SQLiteJournal)?.close()
    }

    /// An inbound call at extension 101.
    static func call(_ id: String, from number: String = "030111", _ state: LegState = .ringing) -> ObservedCall {
        ObservedCall(
            id: PBXCallID(id), direction: .inbound, external: ExternalParty(number: number),
            legs: [CallLeg(dn: "101", name: "Anna Müller", role: .agent, state: state, isMonitored: true)])
    }
}

extension BridgeRunner {
    /// What went wrong so far; waits for nothing.
    func throwFailure() async throws {
        let waiting = Task { try await waitForFailure() }
        waiting.cancel()
        try await waiting.value
    }
}
