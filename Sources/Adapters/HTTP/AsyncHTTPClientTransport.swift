import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// The default transport: async-http-client, HTTP/1.1 only (3CX and Zammad gain nothing from HTTP/2, and one connection
/// that is lost then takes one request with it, not all).
package final class AsyncHTTPClientTransport: HTTPTransport {
    private let client: HTTPClient
    private let eventLoop: any EventLoop
    private let settings: HTTPTransportSettings

    package init(settings: HTTPTransportSettings) throws(HTTPTransportSetupFailure) {
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: try TrustRoots.clientConfiguration(caFile: settings.tlsCAFile),
            redirectConfiguration: .disallow,
            timeout: .init(connect: TimeAmount(clamping: settings.connectTimeout)),
            connectionPool: .init(
                idleTimeout: .seconds(60),
                concurrentHTTP1ConnectionsPerHostSoftLimit: max(1, settings.maximumConnectionsPerHost)
            ),
            decompression: .disabled
        )
        configuration.httpVersion = .http1Only
        // The outbox and the poller have retries of their own; a hidden one only makes the first failure arrive late.
        configuration.connectionPool.retryConnectionEstablishment = false
        // The shared threads, since there is a transport for each Zammad and each CA file, and none keeps a thread busy;
        // threads of its own would have to be joined in `shutdown` and would leak where that is forgotten.
        client = HTTPClient(
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            configuration: configuration
        )
        eventLoop = MultiThreadedEventLoopGroup.singleton.any()
        self.settings = settings
    }

    package func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
        let origin = try request.checkedOrigin()
        let exchange = AsyncHTTPClientExchange(
            client: client, eventLoop: eventLoop, settings: settings, request: request, origin: origin)
        return try await exchange.run()
    }

    package func shutdown() async {
        do {
            try await client.shutdown()
        } catch {
            // The one error is that of a second shutdown, which is allowed here.
        }
    }
}

extension TimeAmount {
    /// At least a millisecond, since NIO takes 0 for "at once"; at most a day.
    init(clamping duration: Duration) {
        let clamped = min(max(duration, .milliseconds(1)), .seconds(86_400))
        self = .milliseconds(clamped.components.seconds * 1000 + clamped.components.attoseconds / 1_000_000_000_000_000)
    }
}
