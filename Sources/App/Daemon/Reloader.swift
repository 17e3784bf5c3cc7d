import Adapters
import Logging
import Ports

/// Reads the configuration again when it is asked to, and puts it in force while calls go on. A configuration that is wrong
/// changes nothing.
///
/// Only what a change concerns is made anew: the source, with its login, when something about 3CX has changed; the sink when
/// something about Zammad has. No call and no event is lost: the core stays, its settings change between two inputs, deliveries
/// under way end through the sink through which they began, and while one source ends and the next one logs in nobody looks, so
/// that no call ends.
actor Reloader {
    private var daemon: Daemon
    private let reading: ConfigurationReading
    /// What is in force, in the terms of the operator.
    private var effective: EffectiveConfiguration
    private let runner: BridgeRunner
    private let sources: SourceFleet
    private let statusAccess: StatusAccess
    private let reporter: ServiceReporter
    private let log: ReloadLog
    private var work: Task<Void, Never>?
    private var isAskedAgain = false
    private var isEnding = false
    /// Connections that still carry what began before a change.
    private var retiring: [Task<Void, Never>] = []

    init(
        _ daemon: Daemon, reading: ConfigurationReading, runner: BridgeRunner, sources: SourceFleet,
        statusAccess: StatusAccess, reporter: ServiceReporter, log: Logger
    ) {
        self.daemon = daemon
        self.reading = reading
        effective = reading.effective
        self.runner = runner
        self.sources = sources
        self.statusAccess = statusAccess
        self.reporter = reporter
        self.log = ReloadLog(log: log)
    }

    /// Returns at once. Asked while it works, it begins once more at the end, since the file may have changed meanwhile.
    func reload() {
        guard !isEnding else { return }
        guard work == nil else {
            isAskedAgain = true
            return
        }
        work = Task {
            repeat {
                isAskedAgain = false
                await reporter.beginReload()
                await readAgain()
                await reporter.endReload()
            } while isAskedAgain && !isEnding
            work = nil
        }
    }

    /// Keeps what a phone system says from now on, with a login of its own in the place of the present one; without a recorder no more.
    ///
    /// - Parameter order: Names the phone system by its address and API client.
    /// - Returns: the configuration with this phone system alone; `nil` if there is none.
    func record(
        _ order: RecordingOrder, by recorder: SessionRecorder?
    ) async throws(HTTPTransportSetupFailure) -> BridgeConfiguration? {
        while let work { await work.value }
        let configuration = effective.configuration
        let system = configuration.phoneSystems.first { $0.host == order.host && $0.clientID == order.clientID }
        guard !isEnding, system != nil || recorder == nil else { return nil }
        let recorders = recorder.flatMap { recorder in system.map { [$0.name: recorder] } } ?? [:]
        let change = Task { () -> HTTPTransportSetupFailure? in
            do throws(HTTPTransportSetupFailure) {
                try await putInForce(configuration, recorders: recorders)
                return nil
            } catch {
                return error
            }
        }
        work = Task { _ = await change.value }
        let failure = await change.value
        work = nil
        if isAskedAgain { reload() }
        if let failure { throw failure }
        return system.map { configuration.alone(with: configuration.zammad).alone(with: $0) }
    }

    /// Lets what is under way come to its end and closes all connections. Nothing is reloaded from then on.
    func end() async {
        isEnding = true
        await work?.value
        for task in retiring { await task.value }
        retiring = []
        await daemon.shutDownTransports()
    }

    private func readAgain() async {
        let read: EffectiveConfiguration
        do {
            read = try reading.again()
        } catch {
            return log.refused(error.problems.map(\.description))
        }
        let changes = ConfigurationChange.between(effective, read)
        let next = read.keepingWhatNeedsRestart(of: effective)
        do {
            try await putInForce(next.configuration)
        } catch {
            return log.refused(["\(error)"])
        }
        effective = next
        log.takenOver(read, changes)
    }

    private func putInForce(
        _ configuration: BridgeConfiguration, recorders: [String: SessionRecorder]? = nil
    ) async throws(HTTPTransportSetupFailure) {
        let old = daemon
        // Whoever asks has perhaps put right, there or here, what the bridge tries again only after a long wait.
        let (next, made) = try await old.reconfigured(
            configuration, renewing: await runner.phoneSystemsInNeedOfOperator, recorders: recorders)
        daemon = next
        statusAccess.change(to: configuration.bridge.statusToken)
        for name in old.phoneSystems.keys where next.phoneSystems[name] == nil { await sources.remove(name) }
        await runner.change(
            to: configuration, sinks: next.sinks, callControls: next.callControls, ticketSystems: next.ticketSystems)
        for name in made.zammads { next.zammads[name]?.search() }
        let others = old.zammads.filter { next.zammads[$0.key] == nil || made.zammads.contains($0.key) }
        if !others.isEmpty {
            retiring.append(
                Task { [runner] in
                    await runner.waitForAttemptsUnderWay()
                    for side in others.values { await side.shutdown() }
                })
        }
        for name in made.phoneSystems.sorted() {
            if let side = next.phoneSystems[name] { await sources.set(name, to: side) }
        }
    }
}
