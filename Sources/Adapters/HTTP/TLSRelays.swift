import NIOSSL

/// The relays of one transport, one an origin, started when first needed.
actor TLSRelays {
    /// A bridge talks to one PBX and a handful of Zammads; more origins than this is a bug, not a need.
    private static let maximumOrigins = 32

    private let context: NIOSSLContext
    private let connectTimeout: Duration
    private var started: [HTTPOrigin: Task<Result<TLSRelay, HTTPFailure>, Never>] = [:]
    private var isClosed = false

    init(caFile: String, connectTimeout: Duration) throws(HTTPTransportSetupFailure) {
        let configuration = try TrustRoots.clientConfiguration(caFile: caFile)
        do {
            context = try NIOSSLContext(configuration: configuration)
        } catch {
            throw HTTPTransportSetupFailure(path: caFile, reason: .tlsLibrary("\(error)"))
        }
        self.connectTimeout = connectTimeout
    }

    func relay(to origin: HTTPOrigin) async throws(HTTPFailure) -> TLSRelay {
        if let known = started[origin] { return try await known.value.get() }
        guard !isClosed, started.count < Self.maximumOrigins else {
            throw HTTPFailure(
                isClosed ? .cancelled : .other,
                requestMayHaveBeenSent: false,
                detail: isClosed ? "request to \(origin) ended because the client was closed" : "too many TLS relays"
            )
        }
        let start = Task { [context, connectTimeout] in
            await TLSRelay.start(to: origin, context: context, connectTimeout: connectTimeout)
        }
        started[origin] = start
        let result = await start.value
        if case .failure = result { started[origin] = nil }
        return try result.get()
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
