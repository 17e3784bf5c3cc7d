import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// The default transport: async-http-client, HTTP/1.1 only (3CX and Zammad gain nothing from HTTP/2, and one connection
/// that is lost then takes one request with it, not all).
package final class AsyncHTTPClientTransport: HTTPTransport {
    private let client: HTTPClient
    private let clientSettings: SharedHTTPClients.Settings
    private let requests = RequestsUnderWay()
    private let eventLoop: any EventLoop
    private let settings: HTTPTransportSettings

    package init(settings: HTTPTransportSettings) throws(HTTPTransportSetupFailure) {
        let tls = try TrustRoots.clientConfiguration(caFile: settings.tlsCAFile)
        clientSettings = SharedHTTPClients.Settings(
            tls: TLSSettingsKey(tls), connectTimeout: settings.connectTimeout)
        client = SharedHTTPClients.take(clientSettings) { [clientSettings] in Self.client(clientSettings) }
        eventLoop = MultiThreadedEventLoopGroup.singleton.any()
        self.settings = settings
    }

    /// More than there are phone systems and Zammads at one address. How many requests each has under way it knows
    /// itself: a view asks one thing after the other, and an outbox keeps to `max_parallel`.
    private static let mostConnectionsPerHost = 10_000

    private static func client(_ settings: SharedHTTPClients.Settings) -> HTTPClient {
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: settings.tls.settings,
            redirectConfiguration: .disallow,
            timeout: .init(connect: TimeAmount(clamping: settings.connectTimeout)),
            connectionPool: .init(
                idleTimeout: .seconds(60),
                concurrentHTTP1ConnectionsPerHostSoftLimit: mostConnectionsPerHost
            ),
            decompression: .disabled
        )
        configuration.httpVersion = .http1Only
        configuration.guardAnswers()
        // The outbox and the poller have retries of their own; a hidden one only makes the first failure arrive late.
        configuration.connectionPool.retryConnectionEstablishment = false
        // The shared threads: threads of its own would have to be joined in `shutdown` and would leak where that is
        // forgotten.
        return HTTPClient(eventLoopGroup: MultiThreadedEventLoopGroup.singleton, configuration: configuration)
    }

    package func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
        let origin = try request.checkedOrigin()
        guard !requests.areOver else { throw NIOFailure.clientClosed(origin, requestMayHaveBeenSent: false) }
        let exchange = AsyncHTTPClientExchange(
            client: client, requests: requests, eventLoop: eventLoop, settings: settings, request: request,
            origin: origin)
        return try await exchange.run()
    }

    /// A connection that nothing is asked on stays for its minute where others use the client.
    package func shutdown() async {
        guard requests.endAll(), let client = SharedHTTPClients.giveBack(clientSettings) else { return }
        do {
            try await client.shutdown()
        } catch {
            // The one error is that of a second shutdown.
        }
    }
}

/// The requests of one transport among those of its client.
final class RequestsUnderWay: Sendable {
    private struct State {
        var areOver = false
        var tasks: [Int: HTTPClient.Task<HTTPResponse>] = [:]
        var last = 0
    }

    private let state = Mutex(State())

    var areOver: Bool { state.withLock(\.areOver) }

    /// One that comes too late is cancelled. To be removed by the number.
    func add(_ task: HTTPClient.Task<HTTPResponse>) -> Int {
        let (number, isLate) = state.withLock { state in
            state.last += 1
            if !state.areOver { state.tasks[state.last] = task }
            return (state.last, state.areOver)
        }
        if isLate { task.cancel() }
        return number
    }

    func remove(_ number: Int) {
        state.withLock { _ = $0.tasks.removeValue(forKey: number) }
    }

    /// Whether it is the first time.
    func endAll() -> Bool {
        let tasks: [HTTPClient.Task<HTTPResponse>]? = state.withLock { state in
            guard !state.areOver else { return nil }
            state.areOver = true
            return Array(state.tasks.values)
        }
        tasks?.forEach { $0.cancel() }
        return tasks != nil
    }
}

extension TimeAmount {
    /// At least a millisecond, since NIO takes 0 for "at once"; at most a day.
    init(clamping duration: Duration) {
        let clamped = min(max(duration, .milliseconds(1)), .seconds(86_400))
        self = .milliseconds(clamped.components.seconds * 1000 + clamped.components.attoseconds / 1_000_000_000_000_000)
    }
}
