import Adapters
import Logging
import Ports
import Wire

/// The connections to 3CX, and the view over them.
struct PhoneSystemSide: Sendable {
    private let configuration: BridgeConfiguration
    private let transport: any HTTPTransport
    private let sockets: any WebSocketOpener
    let view: any PhoneSystemView
    /// Who keeps what 3CX says, if somebody does.
    let recorder: SessionRecorder?

    /// - Parameter recorder: Keeps all that 3CX answers and pushes.
    init(
        _ configuration: BridgeConfiguration, log: Logger, mask: TraceMask, recorder: SessionRecorder? = nil
    ) throws(HTTPTransportSetupFailure) {
        self.configuration = configuration
        self.recorder = recorder
        let settings = HTTPTransportSettings(
            tlsCAFile: configuration.phoneSystem.tlsCAFile, userAgent: ProgramVersion.product)
        let requests = TracingTransport(
            try HTTPTransports.make(settings), log: log, mask: mask)
        let pushes = TracingWebSocketOpener(try NIOWebSocketOpener(settings: settings), log: log, mask: mask)
        guard let recorder else {
            (transport, sockets) = (requests, pushes)
            view = Self.view(configuration, requests, pushes)
            return
        }
        transport = RecordingTransport(requests, recorder: recorder)
        sockets = RecordingWebSocketOpener(pushes, recorder: recorder)
        view = RecordingView(Self.view(configuration, transport, sockets), recorder: recorder)
    }

    /// `nil` for an interface that has none.
    var emails: (any AgentEmails)? { bridge.api.interface.tellsEmails ? view : nil }

    private var bridge: BridgeConfiguration.Bridge { configuration.bridge }

    /// Whether it would be made just so for that configuration.
    func serves(_ other: BridgeConfiguration, recorder: SessionRecorder?) -> Bool {
        var bridge = other.bridge
        bridge.statusToken = configuration.bridge.statusToken
        return PhoneSystemSettings(other) == PhoneSystemSettings(configuration) && bridge == configuration.bridge
            && recorder === self.recorder
    }

    func source() -> any CallSource {
        PollingCallSource(
            view: view, clock: SystemClock(), pollInterval: bridge.pollInterval,
            reconcileInterval: bridge.reconcileInterval)
    }

    /// Ends what is under way, and all connections.
    func shutdown() async {
        await sockets.shutdown()
        await transport.shutdown()
    }

    private static func view(
        _ configuration: BridgeConfiguration, _ transport: any HTTPTransport, _ sockets: any WebSocketOpener
    ) -> any PhoneSystemView {
        let connection = PhoneSystemConnection(
            PhoneSystemSettings(configuration), transport: transport, sockets: sockets, clock: SystemClock())
        // The configuration refuses an interface without its credentials; `auto` says what is missing.
        return configuration.bridge.api.interface.view(connection) ?? AutomaticView(connection)
    }
}
