import Foundation
import Synchronization

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// The transport on URLSession, for places where async-http-client must not be used. Known limits on Linux
/// (swift-corelibs-foundation on libcurl):
///
/// * It leaks about 145 bytes a request and keeps a core busy while it waits for a silent server.
/// * `http://[::1]:port`: URLSession and libcurl disagree about the host's name, so an IPv6 address is refused here.
/// * It takes no CA file, neither through the delegate nor from the environment (`SSL_CERT_FILE`, `CURL_CA_BUNDLE` and
///   `URLSessionCertificateAuthorityInfoFile` are ignored), so with `tls_ca_file` a ``TLSRelay`` does the TLS part.
/// * libcurl sends a request again, by itself, when a reused connection turns out to be closed. That would break the
///   promise of ``HTTPTransport``, so a request with a body gets a session, and with it a connection, of its own.
package final class FoundationTransport: HTTPTransport {
    private let settings: HTTPTransportSettings
    private let session: URLSession
    private let exchanges = FoundationExchanges()
    private let relays: TLSRelays?
    private let underWay = Mutex<Set<URLSession>?>([])

    package init(settings: HTTPTransportSettings) throws(HTTPTransportSetupFailure) {
        self.settings = settings
        if let path = settings.tlsCAFile {
            if let name = Self.proxyVariable() {
                throw HTTPTransportSetupFailure(path: path, reason: .proxy(variable: name))
            }
            relays = try TLSRelays(caFile: path, connectTimeout: settings.connectTimeout)
        } else {
            relays = nil
        }
        session = URLSession(
            configuration: Self.configuration(settings),
            delegate: exchanges,
            delegateQueue: nil
        )
    }

    package func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
        let origin = try request.checkedOrigin()
        guard underWay.withLock({ $0 != nil }) else { throw Self.closed(origin) }
        guard let relays, origin.isSecure else {
            return try await exchange(request, url: request.url, origin: origin)
        }
        let relay = try await relays.relay(to: origin)
        let address = "http://127.0.0.1:\(relay.port)" + HTTPOrigin.target(of: request.url)
        var relayed = request
        if relayed.headers.first("Host") == nil { relayed.headers.add("Host", origin.authority) }
        let response = try await exchange(relayed, url: address, origin: origin)
        if let failure = relay.refusals.failure(named: response.headers) { throw failure }
        return response
    }

    package func shutdown() async {
        let others = underWay.withLock { sessions in
            defer { sessions = nil }
            return sessions ?? []
        }
        for session in others { session.invalidateAndCancel() }
        session.invalidateAndCancel()
        await relays?.close()
    }

    private func exchange(
        _ request: HTTPRequest,
        url: String,
        origin: HTTPOrigin
    ) async throws(HTTPFailure) -> HTTPResponse {
        guard let url = URL(string: url), !origin.isIPv6Literal || relays != nil && origin.isSecure else {
            throw HTTPFailure(
                .invalidURL,
                requestMayHaveBeenSent: false,
                detail: "\(origin): http_client foundation takes no URL of this form, http_client nio does"
            )
        }
        let exchange = FoundationExchange(request: request, origin: origin, settings: settings)
        guard request.body != nil else {
            return try await run(exchange, urlRequest(request, url), on: session, exchanges)
        }
        let delegate = FoundationExchanges()
        let own = URLSession(
            configuration: Self.configuration(settings),
            delegate: delegate,
            delegateQueue: nil
        )
        guard underWay.withLock({ $0?.insert(own) != nil }) else {
            own.invalidateAndCancel()
            throw Self.closed(origin)
        }
        defer {
            underWay.withLock { _ = $0?.remove(own) }
            own.finishTasksAndInvalidate()
        }
        return try await run(exchange, urlRequest(request, url), on: own, delegate)
    }

    private func run(
        _ exchange: FoundationExchange,
        _ request: URLRequest,
        on session: URLSession,
        _ exchanges: FoundationExchanges
    ) async throws(HTTPFailure) -> HTTPResponse {
        let task = session.dataTask(with: request)
        exchanges.add(exchange, of: task)
        defer { exchanges.remove(task) }
        return try await exchange.run(task)
    }

    private func urlRequest(_ request: HTTPRequest, _ url: URL) -> URLRequest {
        var outgoing = URLRequest(url: url)
        outgoing.httpMethod = request.method.rawValue
        outgoing.httpBody = request.body.map { Data($0) }
        // URLSession counts whole seconds; the exchange watches the real timeout.
        outgoing.timeoutInterval = Double(request.timeout.components.seconds) + 2
        for field in request.headers.fields {
            outgoing.addValue(field.value, forHTTPHeaderField: field.name)
        }
        if request.headers.first("User-Agent") == nil {
            outgoing.setValue(settings.userAgent, forHTTPHeaderField: "User-Agent")
        }
        if request.headers.first("Accept-Encoding") == nil {
            outgoing.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
        }
        return outgoing
    }

    private static func configuration(_ settings: HTTPTransportSettings) -> URLSessionConfiguration {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.httpCookieAcceptPolicy = .never
        configuration.httpCookieStorage = nil
        configuration.httpShouldSetCookies = false
        configuration.urlCache = nil
        configuration.requestCachePolicy = .reloadIgnoringLocalCacheData
        configuration.urlCredentialStorage = nil
        configuration.httpMaximumConnectionsPerHost = max(1, settings.maximumConnectionsPerHost)
        return configuration
    }

    private static func closed(_ origin: HTTPOrigin) -> HTTPFailure {
        HTTPFailure(
            .cancelled,
            requestMayHaveBeenSent: false,
            detail: "request to \(origin) ended because the client was closed"
        )
    }

    /// libcurl sends plain HTTP, and so the requests to the relay, through the proxy that one of these names.
    private static func proxyVariable() -> String? {
        let environment = ProcessInfo.processInfo.environment
        return ["http_proxy", "all_proxy", "ALL_PROXY"].first { environment[$0]?.isEmpty == false }
    }
}
