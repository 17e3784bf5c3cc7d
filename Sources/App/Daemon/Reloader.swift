import Adapters
import Domain
import Logging
import Ports
import Wire

/// Reads the configuration again when it is asked to, and puts it in force while calls go on. A configuration that is
/// wrong changes nothing.
///
/// Only what a change concerns is made anew: the source, with its login, when something about 3CX has changed; the sink
/// when something about Zammad has. No call and no event is lost: the core stays, its settings change between two
/// inputs, deliveries under way end through the sink through which they began, and while one source ends and the next
/// one logs in there is no view, so that no call ends.
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
    private var retiring: Task<Void, Never>?

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

    /// Returns at once. Asked while it works, it begins once more at the end, since the file may have changed
    /// meanwhile.
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

    /// Keeps what a phone system says from now on, with a login of its own in the place of the present one; without a
    /// recorder no more. Where 3CX cannot be looked at until the operator does something, the connection stays: a new
    /// one would log in at once, and each rejected login counts for 3CX.
    ///
    /// - Parameter order: Names the phone system by its address and API client.
    /// - Returns: the configuration with this phone system alone; `nil` if there is none.
    /// - Throws: `PollFailure` where there is nothing to record until the operator does something, or
    ///   `HTTPTransportSetupFailure`.
    func record(_ order: RecordingOrder, by recorder: SessionRecorder?) async throws -> BridgeConfiguration? {
        while let work { await work.value }
        let configuration = effective.configuration
        let system = configuration.phoneSystems.first { $0.host == order.host && $0.clientID == order.clientID }
        guard !isEnding, system != nil || recorder == nil else { return nil }
        let recorders = recorder.flatMap { recorder in system.map { [$0.name: recorder] } } ?? [:]
        let change = Task {
            if let system, let failure = await sources.failureForOperator(of: system.name) {
                if recorder != nil { throw failure }
                // The connection stays, with its waiting times; the next one is made without the recorder.
                daemon.stopRecording()
                return
            }
            try await putInForce(configuration, renewing: [], recorders: recorders)
        }
        work = Task { _ = await change.result }
        let result = await change.result
        work = nil
        if isAskedAgain { reload() }
        try result.get()
        return system.map { configuration.alone(with: configuration.zammad).alone(with: $0) }
    }

    /// Lets what is under way come to its end and closes all connections. Nothing is reloaded from then on.
    func end() async {
        isEnding = true
        await work?.value
        await retiring?.value
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
            // The operator may have repaired something, in 3CX or here, that the bridge would try again only after a
            // long wait; and a file with certificates may have changed.
            let changeable = next.configuration.phoneSystems.filter { $0.tlsCAFile != nil }.map(\.name)
            try await putInForce(
                next.configuration, renewing: await sources.inNeedOfOperator.union(changeable))
        } catch {
            return log.refused(["\(error)"])
        }
        effective = next
        log.takenOver(read, changes)
    }

    private func putInForce(
        _ configuration: BridgeConfiguration, renewing: Set<PhoneSystemName>,
        recorders: [PhoneSystemName: SessionRecorder]? = nil
    ) async throws(HTTPTransportSetupFailure) {
        let old = daemon
        let (next, made) = try await old.reconfigured(
            configuration, renewing: renewing, recorders: recorders)
        daemon = next
        statusAccess.change(to: configuration.bridge.statusToken)
        for name in old.phoneSystems.keys where next.phoneSystems[name] == nil { await sources.remove(name) }
        await runner.change(to: configuration, connections: next.connections)
        await sources.keep(Set(next.phoneSystems.keys))
        for name in made.zammads { next.zammads[name]?.search() }
        let others = old.zammads.filter { next.zammads[$0.key] == nil || made.zammads.contains($0.key) }
        if !others.isEmpty {
            retiring = Task { [runner, earlier = retiring] in
                await runner.waitForAttemptsUnderWay()
                for side in others.values { await side.shutdown() }
                await earlier?.value
            }
        }
        for name in made.phoneSystems.sorted() {
            guard let side = next.phoneSystems[name] else { continue }
            await sources.set(name, to: side.source()) { await side.shutdown() }
        }
    }
}
