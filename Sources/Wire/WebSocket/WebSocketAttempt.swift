import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket
import Synchronization

/// One attempt to open a WebSocket, from the resolution of the name to the upgrade. It ends once, and when it fails it
/// closes what it had opened.
final class WebSocketAttempt: Sendable {
    private struct State {
        var isOver = false
        var channel: (any Channel)?
    }

    /// Of the headers of the answer.
    private static let maximumHeadBytes = 16 * 1024

    private let request: WebSocketRequest
    private let origin: HTTPOrigin
    private let tls: NIOSSLContext
    private let userAgent: String
    private let eventLoop: any EventLoop
    private let opened: EventLoopPromise<WebSocketConnection>
    private let state = Mutex(State())

    init(_ request: WebSocketRequest, origin: HTTPOrigin, tls: NIOSSLContext, userAgent: String) {
        self.request = request
        self.origin = origin
        self.tls = tls
        self.userAgent = userAgent
        // The shared threads, as for HTTP; no connection keeps one busy.
        eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        opened = eventLoop.makePromise()
    }

    /// To be called once.
    func run() async throws(WebSocketFailure) -> WebSocketConnection {
        let timeout = TimeAmount(clamping: request.timeout)
        let deadline = eventLoop.scheduleTask(in: timeout) {
            self.fail(WebSocketFailure(.timeout, detail: "no event socket to \(self.origin) in time"))
        }
        defer { deadline.cancel() }
        do {
            return try await withTaskCancellationHandler {
                connect(timeout)
                return try await opened.futureResult.get()
            } onCancel: {
                cancel()
            }
        } catch {
            throw WebSocketFailure(connecting: error, origin: origin)
        }
    }

    func cancel() {
        fail(WebSocketFailure(.cancelled, detail: "attempt to open the event socket to \(origin) cancelled"))
    }

    private func connect(_ timeout: TimeAmount) {
        ClientBootstrap(group: eventLoop)
            .connectTimeout(timeout)
            .connect(host: origin.host, port: origin.effectivePort)
            .whenComplete { result in
                switch result {
                case .success(let channel): self.connected(channel)
                case .failure(let error): self.fail(WebSocketFailure(connecting: error, origin: self.origin))
                }
            }
    }

    /// Only now the handlers: for a name with several addresses there may have been several connections.
    private func connected(_ channel: any Channel) {
        let isOver = state.withLock { state in
            if !state.isOver { state.channel = channel }
            return state.isOver
        }
        guard !isOver else { return channel.close(promise: nil) }
        do {
            try upgrade(channel).whenComplete { result in
                switch result {
                case .success(let connection): if self.end() != nil { self.opened.succeed(connection) }
                case .failure(let error): self.fail(self.failure(error))
                }
            }
        } catch {
            fail(WebSocketFailure(connecting: error, origin: origin))
        }
    }

    private func upgrade(_ channel: any Channel) throws -> EventLoopFuture<WebSocketConnection> {
        let pipeline = channel.pipeline.syncOperations
        if origin.isSecure {
            // A name to send and to check the certificate against; for an address, NIOSSL checks that of the
            // connection.
            let name = origin.host.isIPAddress ? nil : origin.host
            try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: name))
        }
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = Self.maximumHeadBytes
        limits.maxHeaderListSize = Self.maximumHeadBytes
        let encoder = HTTPRequestEncoder()
        let decoder = ByteToMessageHandler(
            HTTPResponseDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: limits))
        let answer = WebSocketAnswerHandler(origin: origin)
        let upgrader = NIOTypedWebSocketClientUpgrader(
            maxFrameSize: request.maximumFrameBytes, enableAutomaticErrorHandling: false
        ) { [request, origin] channel, _ in
            channel.eventLoop.makeCompletedFuture {
                try WebSocketConnection(on: channel, request: request, origin: origin)
            }
        }
        let upgrade = NIOTypedHTTPClientUpgradeHandler(
            httpHandlers: [encoder, decoder, answer],
            upgradeConfiguration: NIOTypedHTTPClientUpgradeConfiguration(
                upgradeRequestHead: request.upgradeHead(origin: origin, userAgent: userAgent),
                upgraders: [upgrader],
                // Never called: `answer` lets nothing through but an upgrade.
                notUpgradingCompletionHandler: { channel in
                    channel.eventLoop.makeFailedFuture(NIOHTTPClientUpgradeError.upgraderDeniedUpgrade)
                }))
        try pipeline.addHandlers([encoder, decoder, answer, upgrade])
        return upgrade.upgradeResultFuture
    }

    private func failure(_ error: any Error) -> WebSocketFailure {
        switch error {
        case ChannelError.eof, ChannelError.inappropriateOperationForState:
            WebSocketFailure(
                .closed(code: nil),
                detail: "event socket to \(origin): the connection was closed before the upgrade was complete")
        case is NIOHTTPClientUpgradeError:
            WebSocketFailure(
                .protocolViolation,
                detail: "event socket to \(origin): the answer to the upgrade does not fit the request")
        default:
            WebSocketFailure(connecting: error, origin: origin)
        }
    }

    private func fail(_ failure: WebSocketFailure) {
        guard let ended = end() else { return }
        ended.channel?.close(promise: nil)
        opened.fail(failure)
    }

    /// The state at the end, for the one who ends the attempt first.
    private func end() -> State? {
        state.withLock { state in
            guard !state.isOver else { return nil }
            defer { state = State(isOver: true, channel: nil) }
            return state
        }
    }
}
