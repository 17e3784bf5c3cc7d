import Adapters
import Domain
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
    private let configuration: BridgeConfiguration
    private let log: Logger
    private let showsNumbers: Bool
    private let phoneSystemTransport: any HTTPTransport
    private let zammadTransport: any HTTPTransport
    private let sockets: any WebSocketOpener
    private let view: any PhoneSystemView
    private let state: StateDirectory
    private let agents: ZammadUserDirectory?

    init(_ configuration: BridgeConfiguration, state: StateDirectory, log: Logger, showsNumbers: Bool) throws {
        self.configuration = configuration
        self.state = state
        self.log = log
        self.showsNumbers = showsNumbers
        let mask = TraceMask(configuration, showsNumbers: showsNumbers)
        var settings = HTTPTransportSettings(
            tlsCAFile: configuration.phoneSystem.tlsCAFile, userAgent: ProgramVersion.product)
        phoneSystemTransport = TracingTransport(
            try HTTPTransports.make(configuration.bridge.httpClient, settings: settings), log: log, mask: mask)
        sockets = TracingWebSocketOpener(try NIOWebSocketOpener(settings: settings), log: log, mask: mask)
        settings.tlsCAFile = configuration.zammad.tlsCAFile
        // One more for the search for agents, so that no event waits for its connection.
        settings.maximumConnectionsPerHost = configuration.zammad.maxParallel + 1
        zammadTransport = TracingTransport(
            try HTTPTransports.make(configuration.bridge.httpClient, settings: settings), log: log, mask: mask)
        view = Self.view(configuration, transport: phoneSystemTransport, sockets: sockets)
        agents = ZammadUserDirectory(
            configuration, emails: PhoneSystemEmails(view, of: configuration.bridge.api), transport: zammadTransport,
            clock: SystemClock(),
            say: { log.log(level: $0.logLevel, "\($0.text)") })
    }

    /// Ends without error on SIGTERM and SIGINT; a second signal ends the process at once.
    ///
    /// - Throws: `JournalFailure` when the state cannot be read or kept, at the start or later.
    func run() async throws {
        do {
            let journal = try SQLiteJournal(in: state, historyDays: configuration.bridge.historyDays)
            try await run(with: journal)
            try journal.close()
        } catch {
            await shutDownTransports()
            throw error
        }
        await shutDownTransports()
    }

    private func shutDownTransports() async {
        await sockets.shutdown()
        await phoneSystemTransport.shutdown()
        await zammadTransport.shutdown()
    }

    private func run(with journal: SQLiteJournal) async throws {
        let service = try await BridgeService(
            source: source(), runner: runner(journal),
            endRequests: { [phoneSystemTransport] in await phoneSystemTransport.shutdown() })
        let group = ServiceGroup(services: [service], logger: quiet(log))
        // One listener for all: with one for each purpose, a signal between their beginnings would be heard by the first alone,
        // and the daemon would neither stop nor be stopped by it.
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        let listening = Task { [log] in
            var count = 0
            for await signal in signals {
                count += 1
                if count > 1 { _exit(1) }
                log.info("stopping", metadata: ["signal": "\(signal)"])
                await group.triggerGracefulShutdown()
            }
        }
        let searching = agents.map { agents in Task { await agents.run() } }
        defer {
            listening.cancel()
            searching?.cancel()
        }
        try await group.run()
        let account = await service.runner.account
        if account.pending > 0 {
            log.warning("stopped with undelivered events", metadata: ["pending": "\(account.pending)"])
        } else {
            log.info("stopped")
        }
    }

    private static func view(
        _ configuration: BridgeConfiguration, transport: any HTTPTransport, sockets: any WebSocketOpener
    ) -> any PhoneSystemView {
        let clock = SystemClock()
        let settings = PhoneSystemSettings(configuration)
        // The configuration refuses an interface without its credentials, so that `nil` is automatic here.
        let chosen: (any PhoneSystemView)? =
            switch configuration.bridge.api {
            case .legacy: LegacyView(settings: settings, transport: transport, clock: clock)
            case .callcontrol: CallControlView(settings: settings, transport: transport, sockets: sockets, clock: clock)
            case .xapi: XAPIView(settings: settings, transport: transport, clock: clock)
            case .auto: nil
            }
        return chosen ?? AutomaticView(settings: settings, transport: transport, sockets: sockets, clock: clock)
    }

    private func source() -> any CallSource {
        PollingCallSource(
            view: view, clock: SystemClock(), pollInterval: configuration.bridge.pollInterval,
            reconcileInterval: configuration.bridge.reconcileInterval)
    }

    private func runner(_ journal: any Journal) async throws -> BridgeRunner {
        try await BridgeRunner(
            configuration,
            journal: journal,
            sink: ZammadSink(
                endpoint: configuration.zammad.endpoint, transport: zammadTransport,
                userIDs: agents?.userIDs ?? ZammadUserIDs()),
            clock: SystemClock(),
            log: BridgeLog(log: log, showsNumbers: showsNumbers),
            sourceLog: SourceLog(log: log)
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
    let source: any CallSource
    let runner: BridgeRunner
    /// Fails what the source still asks of 3CX: a request that outlives the task which wanted it (a token that others may wait
    /// for) would keep the process for the whole of its timeout.
    let endRequests: @Sendable () async -> Void

    func run() async throws {
        await runner.begin()
        let looking = Task { await source.run { report in await runner.report(report) } }
        // First the cancellation, so that the failure of the request is no news for the log.
        let stopLooking: @Sendable () -> Void = {
            looking.cancel()
            Task { await endRequests() }
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
            // The first ends on shutdown, the second when the journal has failed, the third then or by cancellation.
            defer { group.cancelAll() }
            try await group.next()
        }
        try await runner.stop(within: .seconds(5))
    }
}
