import NIOSSL

/// The relays of one transport, one an origin, started when first needed.
actor LoopbackRelays {
    /// A bridge talks to one PBX and a handful of Zammads; more origins than this is a bug, not a need.
    private static let maximumOrigins = 32

    private let context: NIOSSLContext
    private let connectTimeout: Duration
    private let ledger: LoopbackRelayLedger
    private var started: [HTTPOrigin: Task<Result<LoopbackRelay, HTTPFailure>, Never>] = [:]
    private var isClosed = false

    init(
        settings: HTTPTransportSettings,
        ledger: LoopbackRelayLedger
    ) throws(HTTPTransportSetupFailure) {
        let configuration = try TrustRoots.clientConfiguration(caFile: settings.tlsCAFile)
        do {
            context = try TLSContexts.context(configuration)
        } catch {
            throw HTTPTransportSetupFailure(path: settings.tlsCAFile, reason: .tlsLibrary("\(error)"))
        }
        connectTimeout = settings.connectTimeout
        self.ledger = ledger
    }

    /// The port on 127.0.0.1 that leads to `origin`.
    func port(to origin: HTTPOrigin) async throws(HTTPFailure) -> Int {
        guard !isClosed else {
            throw NIOFailure.clientClosed(origin, requestMayHaveBeenSent: false)
        }
        if let known = started[origin] { return try await known.value.get().port }
        guard started.count < Self.maximumOrigins else {
            throw HTTPFailure(.other, requestMayHaveBeenSent: false, detail: "too many servers for one client")
        }
        let target = LoopbackRelayTarget(origin: origin, tls: context, connectTimeout: connectTimeout, ledger: ledger)
        let start = Task { await LoopbackRelay.start(target) }
        started[origin] = start
        let result = await start.value
        if case .failure = result { started[origin] = nil }
        return try result.get().port
    }

    func close() async {
        isClosed = true
        let all = started.values
        started = [:]
        for start in all {
            if case .success(let relay) = await start.value { await relay.close() }
        }
    }
}
