import Adapters
import Domain
import FoundationEssentials
import Logging
import Ports
import ServiceLifecycle
import UnixSignals

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
    private(set) var phoneSystem: PhoneSystemSide
    private(set) var zammad: ZammadSide
    private let state: StateDirectory

    init(_ configuration: BridgeConfiguration, state: StateDirectory, log: Logger, showsNumbers: Bool) throws {
        self.configuration = configuration
        self.state = state
        self.log = log
        self.showsNumbers = showsNumbers
        let mask = TraceMask(configuration, showsNumbers: showsNumbers)
        phoneSystem = try PhoneSystemSide(configuration, log: log, mask: mask)
        zammad = try ZammadSide(configuration, view: phoneSystem.view, log: log, mask: mask)
    }

    /// The same for another configuration. The connections to a side are made anew where its settings differ, or may do so in what a
    /// file holds; this daemon's own stay open.
    func reconfigured(
        _ changed: BridgeConfiguration
    ) async throws(HTTPTransportSetupFailure) -> (daemon: Daemon, changed: Set<Side>) {
        var next = self
        var sides: Set<Side> = []
        next.configuration = changed
        let mask = TraceMask(changed, showsNumbers: showsNumbers)
        if changed.phoneSystem != configuration.phoneSystem || changed.bridge != configuration.bridge
            || changed.phoneSystem.tlsCAFile != nil
        {
            next.phoneSystem = try PhoneSystemSide(changed, log: log, mask: mask)
            sides.insert(.phoneSystem)
        }
        // Agents that are found by what 3CX says are found anew when another view says it.
        if changed.zammad != configuration.zammad || changed.bridge.httpClient != configuration.bridge.httpClient
            || changed.zammad.tlsCAFile != nil || (changed.zammad.agents == .automatic && !sides.isEmpty)
        {
            do {
                next.zammad = try ZammadSide(changed, view: next.phoneSystem.view, log: log, mask: mask)
            } catch {
                if sides.contains(.phoneSystem) { await next.phoneSystem.shutdown() }
                throw error
            }
            sides.insert(.zammad)
        }
        return (next, sides)
    }

    /// Whom the bridge has connections to.
    enum Side: Hashable, Sendable {
        case phoneSystem
        case zammad
    }

    /// Ends without error on SIGTERM and SIGINT; a second signal ends the process at once. On SIGHUP it takes over what has changed
    /// in `reading`, the configuration that it was made of.
    ///
    /// - Throws: `JournalFailure` when the state cannot be read or kept, at the start or later.
    func run(_ reading: ConfigurationReading) async throws {
        do {
            let journal = try SQLiteJournal(in: state, historyDays: configuration.bridge.historyDays)
            try await run(with: journal, reading)
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
        await phoneSystem.shutdown()
        await zammad.shutdown()
    }

    private func run(with journal: SQLiteJournal, _ reading: ConfigurationReading) async throws {
        let board = StatusBoard(startedAt: SystemClock().now())
        let runner = try await runner(journal, board)
        let source = ReplaceableSource(
            phoneSystem.source(), endRequests: { [phoneSystem] in await phoneSystem.shutdown() },
            betweenSources: { await runner.loseView() })
        let reporter = ServiceReporter(
            ServiceNotifier(environment: ProcessInfo.processInfo.environment), log: log)
        let reloader = Reloader(
            self, reading: reading, runner: runner, source: source, reporter: reporter, log: log)
        zammad.search()
        let page = Task {
            await StatusPageService(configuration, board: board, log: log, showsNumbers: showsNumbers).run(runner)
        }
        defer { page.cancel() }
        do {
            try await run(BridgeService(source: source, runner: runner, reporter: reporter), reloader)
        } catch {
            await reloader.end()
            throw error
        }
        await reloader.end()
        let account = await runner.account
        if account.pending > 0 {
            log.warning("stopped with undelivered events", metadata: ["pending": "\(account.pending)"])
        } else {
            log.info("stopped")
        }
    }

    private func run(_ service: BridgeService, _ reloader: Reloader) async throws {
        let group = ServiceGroup(services: [service], logger: quiet(log))
        // One listener for all: with one for each purpose, a signal between their beginnings would be heard by the first alone,
        // and the daemon would neither stop nor be stopped by it.
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup)
        let hadTerminal = StandardStreams.messagesAreTerminal
        let listening = Task { [log] in
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
        defer { listening.cancel() }
        try await group.run()
    }

    private func runner(_ journal: any Journal, _ board: StatusBoard) async throws -> BridgeRunner {
        try await BridgeRunner(
            configuration,
            journal: journal,
            sink: zammad.sink(),
            clock: SystemClock(),
            log: BridgeLog(log: log, showsNumbers: showsNumbers),
            sourceLog: SourceLog(log: log),
            board: board
        )
    }

    /// The service group tells its own life at levels which are the bridge's.
    private func quiet(_ log: Logger) -> Logger {
        var log = log
        if log.logLevel > .debug { log.logLevel = .warning }
        return log
    }
}

/// The source and the core as one service: on shutdown the source stops first, then deliveries under way may finish.
struct BridgeService: Service {
    let source: ReplaceableSource
    let runner: BridgeRunner
    let reporter: ServiceReporter

    func run() async throws {
        await runner.begin()
        let looking = Task { await source.run { report in await runner.report(report) } }
        // First the cancellation, so that the failure of the request is no news for the log.
        let stopLooking: @Sendable () -> Void = {
            looking.cancel()
            Task { await source.endRequestsUnderWay() }
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                await withTaskCancellationHandler {
                    await withGracefulShutdownHandler {
                        await looking.value
                    } onGracefulShutdown: {
                        stopLooking()
                    }
                } onCancel: {
                    stopLooking()
                }
            }
            group.addTask { try await runner.waitForFailure() }
            group.addTask { await runner.watchRequests(every: .seconds(1)) }
            group.addTask { await reporter.run { await runner.pulse() } }
            // The first ends on shutdown, the second when the journal has failed, the others then or by cancellation.
            defer { group.cancelAll() }
            try await group.next()
        }
        try await runner.stop(within: .seconds(5))
    }
}
