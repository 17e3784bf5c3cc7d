import Foundation
import Synchronization

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// The transport on URLSession, for places where async-http-client must not be used.
///
/// URLSession on Linux (swift-corelibs-foundation 6.3 on libcurl) cannot keep ``HTTPTransport``'s promises alone:
///
/// * It traps on an answer whose head breaks off, and on some redirects: a server could end the process.
/// * libcurl sends a request again, by itself, when a reused connection turns out to be closed.
/// * It takes no CA file, neither through the delegate nor from the environment: `SSL_CERT_FILE`, `CURL_CA_BUNDLE` and
///   (but for Android) `URLSessionCertificateAuthorityInfoFile` are ignored.
/// * It does not say whether a request was sent, has no connect timeout, and refuses `http://[::1]:port`.
///
/// So it talks to a ``LoopbackRelay`` in this process, which hands it well-formed answers only. What remains are a leak of
/// about 145 bytes a request, and a core kept busy while a server is silent.
package final class FoundationTransport: HTTPTransport {
    private let settings: HTTPTransportSettings
    private let session: URLSession
    private let exchanges = FoundationExchanges()
    private let relays: LoopbackRelays
    private let ledger = LoopbackRelayLedger()

    package init(settings: HTTPTransportSettings) throws(HTTPTransportSetupFailure) {
        if let name = Self.proxyVariable(ProcessInfo.processInfo.environment) {
            throw HTTPTransportSetupFailure(reason: .proxy(variable: name))
        }
        self.settings = settings
        relays = try LoopbackRelays(settings: settings, ledger: ledger)
        let configuration = URLSessionConfiguration.ephemeral
        configuration.httpCookieAcceptPolicy = .never
        configuration.httpCookieStorage = nil
        configuration.httpShouldSetCookies = false
        configuration.urlCache = nil
        configuration.requestCachePolicy = .reloadIgnoringLocalCacheData
        configuration.urlCredentialStorage = nil
        configuration.httpMaximumConnectionsPerHost = max(1, settings.maximumConnectionsPerHost)
        session = URLSession(configuration: configuration, delegate: exchanges, delegateQueue: nil)
    }

    package func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
        let origin = try request.checkedOrigin()
        let port = try await relays.port(to: origin)
        guard let url = URL(string: "http://127.0.0.1:\(port)" + HTTPOrigin.target(of: request.url)) else {
            throw HTTPFailure(.invalidURL, requestMayHaveBeenSent: false, detail: "\(origin): unusable path")
        }
        let number = ledger.open()
        defer { ledger.close(number) }
        let exchange = FoundationExchange(
            request: request,
            origin: origin,
            settings: settings,
            ledger: ledger,
            number: number
        )
        let outgoing = urlRequest(request, url, origin, number)
        guard let task = exchanges.begin(exchange, { session.dataTask(with: outgoing) }) else {
            throw NIOFailure.clientClosed(origin, requestMayHaveBeenSent: false)
        }
        defer { exchanges.remove(task) }
        return try await exchange.run(task)
    }

    package func shutdown() async {
        exchanges.endAll()
        await relays.close()
        session.invalidateAndCancel()
    }

    private func urlRequest(_ request: HTTPRequest, _ url: URL, _ origin: HTTPOrigin, _ number: Int) -> URLRequest {
        var outgoing = URLRequest(url: url)
        outgoing.httpMethod = request.method.rawValue
        outgoing.httpBody = request.body.map { Data($0) }
        // URLSession counts whole seconds, from the last byte; the exchange watches the real timeout.
        outgoing.timeoutInterval = Double(request.timeout.components.seconds) + 2
        for field in request.headers.fields {
            outgoing.addValue(field.value, forHTTPHeaderField: field.name)
        }
        let defaults = ["Host": origin.authority, "User-Agent": settings.userAgent, "Accept-Encoding": "identity"]
        for (name, value) in defaults where request.headers.first(name) == nil {
            outgoing.setValue(value, forHTTPHeaderField: name)
        }
        outgoing.setValue(ledger.ticket(number), forHTTPHeaderField: LoopbackRelayTarget.Header.ticket)
        return outgoing
    }

    /// libcurl would send what is meant for the relay through the proxy that one of these names.
    static func proxyVariable(_ environment: [String: String]) -> String? {
        ["http_proxy", "all_proxy", "ALL_PROXY"].first { environment[$0]?.isEmpty == false }
    }
}
