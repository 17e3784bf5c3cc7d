import Adapters
import Domain
import FoundationEssentials
import Logging
import Ports
import ServiceLifecycle
import UnixSignals
import Wire

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Puts the adapters and the core together and runs them until a signal comes.
struct Daemon: Sendable {
    private(set) var configuration: BridgeConfiguration
    private let log: Logger
    private let showsNumbers: Bool
    private let droppedLogLines: @Sendable () -> Int
    private(set) var phoneSystems: [PhoneSystemName: PhoneSystemSide] = [:]
    private(set) var zammads: [ZammadName: ZammadSide] = [:]
    /// By the phone systems that are being recorded.
    private var recorders: [PhoneSystemName: SessionRecorder] = [:]
    private let state: StateDirectory
    /// Is told where the status page is, or why there is none.
    private let onStatusPage: @Sendable (StatusPageService.News) -> Void

    init(
        _ configuration: BridgeConfiguration, state: StateDirectory, log: Logger, showsNumbers: Bool,
        droppedLogLines: @escaping @Sendable () -> Int = { 0 },
        onStatusPage: @escaping @Sendable (StatusPageService.News) -> Void = { _ in }
    ) throws {
        self.configuration = configuration
        self.state = state
        self.onStatusPage = onStatusPage
        self.log = log
        self.showsNumbers = showsNumbers
        self.droppedLogLines = droppedLogLines
        var made = MadeSides()
        try makeSides(reusing: nil, but: [], &made)
    }

    /// The same for another configuration. The connections to a side are made anew where its settings differ, those to
    /// a Zammad also where they may do so in what a file holds; this daemon's own stay open. `renewing`: phone systems
    /// whose connections are made anew in every case. `recorders`: of phone systems that are recorded; `nil` for the
    /// same as before.
    func reconfigured(
        _ changed: BridgeConfiguration, renewing: Set<PhoneSystemName>,
        recorders: [PhoneSystemName: SessionRecorder]? = nil
    ) async throws(HTTPTransportSetupFailure) -> (daemon: Daemon, made: MadeSides) {
        var next = self
        var made = MadeSides()
        next.configuration = changed
        if let recorders { next.recorders = recorders }
        (next.phoneSystems, next.zammads) = ([:], [:])
        do {
            try next.makeSides(reusing: self, but: renewing, &made)
        } catch {
            for name in made.phoneSystems { await next.phoneSystems[name]?.shutdown() }
            for name in made.zammads { await next.zammads[name]?.shutdown() }
            throw error
        }
        return (next, made)
    }

    /// No connection that is made from now on is recorded.
    mutating func stopRecording() {
        recorders = [:]
    }

    /// The sides to which another configuration has made new connections.
    struct MadeSides: Equatable, Sendable {
        var phoneSystems: Set<PhoneSystemName> = []
        var zammads: Set<ZammadName> = []
    }

    private mutating func makeSides(
        reusing old: Daemon?, but renewed: Set<PhoneSystemName>, _ made: inout MadeSides
    ) throws(HTTPTransportSetupFailure) {
        let mask = TraceMask(configuration, showsNumbers: showsNumbers)
        for system in configuration.phoneSystems {
            let alone = configuration.alone(with: system)
            if let side = old?.phoneSystems[system.name], side.serves(alone, recorder: recorders[system.name]),
                !renewed.contains(system.name)
            {
                phoneSystems[system.name] = side
                continue
            }
            phoneSystems[system.name] = try PhoneSystemSide(
                alone, log: log, mask: mask, recorder: recorders[system.name])
            made.phoneSystems.insert(system.name)
        }
        // Agents that are found by what 3CX says are found anew when another view says it.
        let hasOtherViews = !made.phoneSystems.isEmpty || phoneSystems.count != old?.phoneSystems.count
        for zammad in configuration.zammads {
            if let old, let side = old.zammads[zammad.name], zammad.tlsCAFile == nil,
                old.configuration.zammads.contains(zammad),
                zammad.agents != .automatic || !hasOtherViews
            {
                zammads[zammad.name] = side
                continue
            }
            zammads[zammad.name] = try ZammadSide(
                configuration.alone(with: zammad), emails: JoinedEmails(phoneSystems.values.compactMap(\.emails)),
                log: log, mask: mask)
            made.zammads.insert(zammad.name)
        }
    }

    var connections: Connections {
        var connections = Connections(
            sinks: zammads.mapValues { $0.sink() }, callControls: phoneSystems.mapValues { $0.view })
        for zammad in configuration.zammads {
            connections.ticketSystems[zammad.name] = zammads[zammad.name]?.tickets(configuration.alone(with: zammad))
        }
        return connections
    }

    /// Ends without error on SIGTERM and SIGINT; a second signal ends the process at once. On SIGHUP it takes over what
    /// has changed in `reading`, the configuration that it was made of. With `end` it leaves signals alone, and ends
    /// when that returns.
    ///
    /// - Throws: `JournalFailure` when the state cannot be read or kept, at the start or later.
    func run(_ reading: ConfigurationReading, until end: (@Sendable () async -> Void)? = nil) async throws {
        do {
            let journal = try SQLiteJournal(in: state, historyDays: configuration.bridge.historyDays)
            try await run(with: journal, reading, until: end)
            try journal.close()
        } catch {
            await shutDownTransports()
            throw error
        }
        await shutDownTransports()
    }

    /// From now on a SIGHUP does not end the process. Until `run` listens there is nothing to reload.
    static func outliveHangups() {
        signal(SIGHUP, SIG_IGN)
    }

    func shutDownTransports() async {
        for side in phoneSystems.values { await side.shutdown() }
        for side in zammads.values { await side.shutdown() }
    }

    private func run(
        with journal: SQLiteJournal, _ reading: ConfigurationReading, until end: (@Sendable () async -> Void)?
    ) async throws {
        let board = StatusBoard(startedAt: SystemClock().now())
        let runner = try await BridgeRunner(
            configuration, journal: journal, connections: connections,
            log: BridgeLog(log: log, showsNumbers: showsNumbers), board: board)
        let sources = SourceFleet(log: SourceLog(log: log), board: board) { await runner.take($0) }
        for (name, side) in phoneSystems {
            await sources.set(name, to: side.source()) { await side.shutdown() }
        }
        let reporter = ServiceReporter(
            ServiceNotifier(environment: ProcessInfo.processInfo.environment), log: log)
        let statusAccess = StatusAccess(
            token: configuration.bridge.statusToken,
            port: StatusAddress(configuration.bridge.statusListen)?.port ?? 0)
        let reloader = Reloader(
            self, reading: reading, runner: runner, sources: sources, statusAccess: statusAccess, reporter: reporter,
            log: log)
        for side in zammads.values { side.search() }
        let page = Task {
            await StatusPageService(
                configuration: configuration, access: statusAccess, board: board, log: log, showsNumbers: showsNumbers
            ).run(onNews: onStatusPage) { [droppedLogLines] in
                var facts = await runner.statusFacts
                facts.droppedLogLines = droppedLogLines()
                return facts
            }
        }
        let recordings = Task { [log, state] in
            await RecordingDesk(reloader: reloader, log: log).run(at: RecordingSocket(state))
        }
        // What went on beside the bridge has ended as well when this returns: the next daemon in this process gets the
        // page's port, and nobody touches the state directory any more.
        func endAll() async {
            await reloader.end()
            page.cancel()
            recordings.cancel()
            await page.value
            await recordings.value
        }
        do {
            let service = BridgeService(
                sources: sources, runner: runner, requests: RequestWatch(journal: journal, runner: runner),
                reporter: reporter, clockWatch: ClockWatch(log: log))
            try await run(service, reloader, until: end)
        } catch {
            await endAll()
            throw error
        }
        await endAll()
        let account = await runner.core.account
        if account.pending > 0 {
            log.warning("stopped with undelivered events", metadata: ["pending": "\(account.pending)"])
        } else {
            log.info("stopped")
        }
    }

    private func run(
        _ service: BridgeService, _ reloader: Reloader, until end: (@Sendable () async -> Void)?
    ) async throws {
        let group = ServiceGroup(services: [service], logger: quiet(log))
        let listening =
            if let end {
                Task {
                    await end()
                    await group.triggerGracefulShutdown()
                }
            } else {
                await listenToSignals(service, reloader, group)
            }
        defer { listening.cancel() }
        try await group.run()
    }

    private func listenToSignals(
        _ service: BridgeService, _ reloader: Reloader, _ group: ServiceGroup
    ) async -> Task<Void, Never> {
        // One listener for all: with one for each purpose, a signal between their beginnings would be heard by the
        // first alone, and the daemon would neither stop nor be stopped by it.
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup)
        let hadTerminal = StandardStreams.messagesAreTerminal
        return Task { [log] in
            var count = 0
            for await signal in signals {
                // A terminal that was closed took the bridge's operator with it.
                if signal == .sighup, !hadTerminal || StandardStreams.messagesAreTerminal {
                    await reloader.reload()
                    continue
                }
                count += 1
                if count > 1 { _exit(1) }
                log.info("stopping", metadata: ["signal": "\(signal)"])
                await service.reporter.stopping()
                await group.triggerGracefulShutdown()
            }
        }
    }

    /// The service group tells its own life at levels which are the bridge's.
    private func quiet(_ log: Logger) -> Logger {
        var log = log
        if log.logLevel > .debug { log.logLevel = .warning }
        return log
    }
}
