import NIOCore
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
            try upgrade(channel)
        } catch {
            fail(WebSocketFailure(connecting: error, origin: origin))
        }
    }

    private func upgrade(_ channel: any Channel) throws {
        if origin.isSecure {
            // A name to send and to check the certificate against; for an address, NIOSSL checks that of the connection.
            let name = origin.host.isIPAddress ? nil : origin.host
            try channel.pipeline.syncOperations.addHandler(NIOSSLClientHandler(context: tls, serverHostname: name))
        }
        let upgrade = WebSocketUpgrade(request, origin: origin, userAgent: userAgent)
        try channel.pipeline.syncOperations.addHandler(
            WebSocketHandshakeHandler(
                request: upgrade.request,
                answered: { answer, channel in
                    try upgrade.check(answer)
                    try self.upgraded(channel)
                },
                failed: { self.fail(self.failure($0)) }
            )
        )
    }

    private func upgraded(_ channel: any Channel) throws {
        let mailbox = WebSocketMailbox()
        let handler = WebSocketFrameHandler(request: request, origin: origin, mailbox: mailbox)
        // Control frames are up to 125 bytes, whatever is allowed for messages.
        let maximumFrameBytes = min(max(request.maximumMessageBytes, 125), Int(Int32.max))
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(WebSocketFrameEncoder())
        try pipeline.addHandler(ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: maximumFrameBytes)))
        try pipeline.addHandler(handler)
        if end() != nil {
            opened.succeed(WebSocketConnection(channel: channel, mailbox: mailbox, handler: handler))
        }
    }

    private func failure(_ error: any Error) -> WebSocketFailure {
        switch error {
        case ChannelError.eof:
            WebSocketFailure(
                .closed(code: nil),
                detail: "event socket to \(origin): the server closed the connection before the upgrade was complete"
            )
        case WebSocketHandshakeAnswer.Malformed.notHTTP:
            WebSocketFailure(.protocolViolation, detail: "event socket to \(origin): the answer is not HTTP")
        case WebSocketHandshakeAnswer.Malformed.tooLong:
            WebSocketFailure(
                .protocolViolation,
                detail: "event socket to \(origin): the head of the answer is too long"
            )
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
