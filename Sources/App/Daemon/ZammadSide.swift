import Adapters
import Logging
import Ports
import Synchronization
import Wire

/// The connections to Zammad, and the search for its users, which goes on beside the deliveries.
final class ZammadSide: Sendable {
    private let endpoint: Secret
    private let transport: any HTTPTransport
    private let agents: ZammadUserDirectory?
    private let api: ZammadAPI?
    private let searching = Mutex<Task<Void, Never>?>(nil)

    /// `emails`: where agents' e-mail addresses come from.
    init(
        _ configuration: BridgeConfiguration, emails: (any AgentEmails)?, log: Logger, mask: TraceMask
    ) throws(HTTPTransportSetupFailure) {
        endpoint = configuration.zammad.endpoint
        let settings = HTTPTransportSettings(
            tlsCAFile: configuration.zammad.tlsCAFile, userAgent: ProgramVersion.product)
        transport = TracingTransport(
            try HTTPTransports.make(settings), log: log, mask: mask)
        api = ZammadAPI(configuration.zammad, transport: transport)
        agents = ZammadUserDirectory(
            configuration, emails: emails, transport: transport,
            clock: SystemClock(), say: { log.log(level: $0.logLevel, "\($0.text)") })
    }

    func sink() -> any CommandSink {
        ZammadSink(endpoint: endpoint, transport: transport, userIDs: agents?.userIDs ?? ZammadUserIDs(), api: api)
    }

    /// `nil` without a token.
    func tickets(_ configuration: BridgeConfiguration) -> (any TicketSystem)? {
        api.map { ZammadTickets(api: $0, configuration) }
    }

    /// Begins to look for the agents, if there are any to be looked for.
    func search() {
        guard let agents else { return }
        searching.withLock { task in
            guard task == nil else { return }
            task = Task { await agents.run() }
        }
    }

    /// Ends what is under way, and all connections.
    func shutdown() async {
        searching.withLock { $0 }?.cancel()
        await transport.shutdown()
    }
}
