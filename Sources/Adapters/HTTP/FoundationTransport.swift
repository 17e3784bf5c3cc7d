import Foundation
import Synchronization

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// The transport on URLSession: for trying out and comparing, not for years. Decision 30 tells why it is plain.
///
/// Its limits on Linux are those of swift-corelibs-foundation (6.3, on libcurl):
///
/// * A server can end the process: URLSession traps on an answer that breaks off in its head.
/// * It trusts the system's CAs alone, and is not made with another CA file. Nor is it made while the environment names
///   a proxy: libcurl would use it, and no other connection of the bridge does.
/// * Each request leaks memory, and keeps a core busy while its server is silent.
/// * Each request has a session, and so a connection, of its own: libcurl sends a request again by itself where a
///   connection that it has kept turns out to be closed.
/// * Connecting has no timeout of its own. After a timeout nobody knows whether the request was sent.
/// * It refuses `http://[::1]:port`.
package final class FoundationTransport: HTTPTransport {
    private let settings: HTTPTransportSettings
    /// `nil` once the transport is shut down.
    private let underWay = Mutex<Set<FoundationExchange>?>([])

    package init(settings: HTTPTransportSettings) throws(HTTPTransportSetupFailure) {
        if let path = settings.tlsCAFile { throw HTTPTransportSetupFailure(path: path, reason: .systemAuthoritiesOnly) }
        if let name = Self.proxyVariable(ProcessInfo.processInfo.environment) {
            throw HTTPTransportSetupFailure(reason: .proxy(variable: name))
        }
        self.settings = settings
    }

    package func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
        let origin = try request.checkedOrigin()
        guard let url = URL(string: request.url) else {
            throw HTTPFailure(.invalidURL, requestMayHaveBeenSent: false, detail: "\(origin): unusable URL")
        }
        guard !Task.isCancelled else { throw ended(origin, requestMayHaveBeenSent: false) }
        let exchange = FoundationExchange(request, origin, maximumBytes: settings.maximumBodyBytes)
        guard underWay.withLock({ $0?.insert(exchange) }) != nil else {
            throw ended(origin, requestMayHaveBeenSent: false)
        }
        defer { underWay.withLock { _ = $0?.remove(exchange) } }
        let session = URLSession(configuration: .ephemeral, delegate: exchange, delegateQueue: nil)
        let task = session.dataTask(with: outgoing(request, url))
        // Not cancelled from here: URLSession traps when that meets a task in the middle of something. A request that
        // nobody waits for any more goes on until it is answered, or silent for as long as its timeout. Only the delegate
        // ends one, whose body is too long.
        defer { session.finishTasksAndInvalidate() }
        // URLSession's own timeout counts whole seconds, anew from each byte.
        let watchdog = Task {
            do { try await Task.sleep(for: request.timeout) } catch { return }
            exchange.fail(.timeout, "no complete answer from \(origin) in time")
        }
        defer { watchdog.cancel() }
        task.resume()
        for await result in exchange.results { return try result.get() }
        throw ended(origin, requestMayHaveBeenSent: true)
    }

    package func shutdown() async {
        let exchanges = underWay.withLock { exchanges in
            defer { exchanges = nil }
            return exchanges ?? []
        }
        for exchange in exchanges { exchange.finish.finish() }
    }

    /// By its task, or with the transport.
    private func ended(_ origin: HTTPOrigin, requestMayHaveBeenSent isStarted: Bool) -> HTTPFailure {
        Task.isCancelled
            ? NIOFailure.failure(for: CancellationError(), origin: origin, requestStarted: isStarted)
            : NIOFailure.clientClosed(origin, requestMayHaveBeenSent: isStarted)
    }

    private func outgoing(_ request: HTTPRequest, _ url: URL) -> URLRequest {
        var outgoing = URLRequest(url: url, timeoutInterval: Double(request.timeout.components.seconds) + 2)
        outgoing.httpMethod = request.method.rawValue
        outgoing.httpBody = request.body.map { Data($0) }
        for field in request.headers.fields { outgoing.addValue(field.value, forHTTPHeaderField: field.name) }
        for (name, value) in ["User-Agent": settings.userAgent, "Accept-Encoding": "identity"]
        where request.headers.first(name) == nil {
            outgoing.setValue(value, forHTTPHeaderField: name)
        }
        return outgoing
    }

    static func proxyVariable(_ environment: [String: String]) -> String? {
        ["http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"].first {
            environment[$0]?.isEmpty == false
        }
    }

    /// URLSession joins the values of several `Set-Cookie` with ", ". A comma ends a cookie only where a `name=` follows,
    /// since dates hold commas too.
    static func cookies(joined: String) -> [String] {
        joined.split(separator: #/ *, *(?=[-\w!#$%&'*+.^`|~]+=)/#).map(String.init)
    }
}
