import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// The end of a relayed connection that faces URLSession. It shares its event loop with its ``LoopbackRelayFar``.
final class LoopbackRelayNear: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// A request from its head to the end of its answer; there is one at a time, since URLSession does not pipeline.
    private struct Exchange {
        var number: Int
        var method: NIOHTTP1.HTTPMethod
        var isRequestComplete = false
        var isAnswerBegun = false
        var keepsConnection = true
    }

    private let target: LoopbackRelayTarget
    private var context: ChannelHandlerContext?
    private var exchange: Exchange?
    private var far: LoopbackRelayFar?
    private var isConnecting = false
    private var waiting: [HTTPClientRequestPart] = []

    init(_ target: LoopbackRelayTarget) {
        self.target = target
    }

    // MARK: From URLSession

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        dropFar()
        exchange = nil
        waiting = []
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(var head):
            let ticket = head.headers.first(name: LoopbackRelayTarget.Header.ticket)
            guard let number = target.ledger.number(ofTicket: ticket) else { return context.close(promise: nil) }
            head.headers.remove(name: LoopbackRelayTarget.Header.ticket)
            exchange = Exchange(number: number, method: head.method)
            pass(.head(head))
        case .body(let bytes):
            pass(.body(.byteBuffer(bytes)))
        case .end:
            exchange?.isRequestComplete = true
            pass(.end(nil))
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { far?.readIfHeld() }
        context.fireChannelWritabilityChanged()
    }

    private func pass(_ part: HTTPClientRequestPart) {
        guard let exchange else { return }
        guard let far, !isConnecting else {
            waiting.append(part)
            return connect()
        }
        if case .head = part, !target.ledger.start(exchange.number) {
            // Given up meanwhile; URLSession is about to close the connection.
            self.exchange = nil
            return
        }
        far.send(part)
    }

    // MARK: To the server

    private func connect() {
        guard !isConnecting, let context else { return }
        isConnecting = true
        let target = self.target
        let loop = context.eventLoop
        let ready = loop.makePromise(of: Void.self)
        let ends = NIOLoopBound((near: self, far: LoopbackRelayFar(near: self)), eventLoop: loop)
        far = ends.value.far
        ready.futureResult.whenSuccess { ends.value.near.connected(ends.value.far) }
        ClientBootstrap(group: loop)
            .connectTimeout(TimeAmount(clamping: target.connectTimeout))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if target.origin.isSecure {
                        let name = target.origin.host.isIPAddress ? nil : target.origin.host
                        try pipeline.addHandler(NIOSSLClientHandler(context: target.tls, serverHostname: name))
                    }
                    try pipeline.addHandler(LoopbackRelayHandshake(ready))
                    try pipeline.addHTTPClientHandlers()
                    try pipeline.addHandler(HTTPAnswerGuard())
                    try pipeline.addHandler(ends.value.far)
                }
            }
            .connect(host: target.origin.host, port: target.origin.effectivePort)
            .whenFailure { error in
                ready.fail(error)
                ends.value.near.lost(ends.value.far, error)
            }
    }

    private func connected(_ connected: LoopbackRelayFar) {
        guard far === connected else { return connected.close() }
        isConnecting = false
        let parts = waiting
        waiting = []
        for part in parts { pass(part) }
    }

    // MARK: From the server

    var canTakeMore: Bool { context?.channel.isWritable ?? true }

    func received(_ part: HTTPClientResponsePart) {
        guard let context, let current = exchange else { return }
        switch part {
        case .head(let head):
            exchange?.isAnswerBegun = true
            exchange?.keepsConnection = head.isKeepAlive
            context.write(wrapOutboundOut(.head(relayed(head, to: current.method))), promise: nil)
        case .body(let bytes):
            context.write(wrapOutboundOut(.body(.byteBuffer(bytes))), promise: nil)
        case .end:
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            exchange = nil
            if !current.keepsConnection || !current.isRequestComplete { dropFar() }
        }
    }

    func flush() {
        context?.flush()
    }

    /// The connection to the server is gone, or of no use any more.
    func lost(_ lost: LoopbackRelayFar, _ error: any Error) {
        guard far === lost else { return }
        dropFar()
        fail(error)
    }

    private func dropFar() {
        isConnecting = false
        far?.close()
        far = nil
    }

    private func fail(_ error: any Error) {
        waiting = []
        guard let context, let current = exchange else { return }
        exchange = nil
        let started = target.ledger.hasStarted(current.number)
        let failure = NIOFailure.failure(for: error, origin: target.origin, requestStarted: started)
        target.ledger.fail(current.number, failure)
        guard !current.isAnswerBegun else { return context.close(promise: nil) }
        // Any answer will do: the transport asks the ledger. Without one libcurl would send the request again.
        let head = HTTPResponseHead(
            version: .http1_1,
            status: .badGateway,
            headers: ["Content-Length": "0", "Connection": "close"]
        )
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    /// The head for URLSession, which must not see redirects (it traps on some), challenges and other special statuses.
    private func relayed(_ head: HTTPResponseHead, to method: NIOHTTP1.HTTPMethod) -> HTTPResponseHead {
        var headers = head.headers
        headers.remove(name: "Connection")
        headers.remove(name: "Keep-Alive")
        headers.replaceOrAdd(name: LoopbackRelayTarget.Header.status, value: "\(head.status.code)")
        if method == .HEAD || head.status == .noContent || head.status == .notModified {
            headers.remove(name: "Transfer-Encoding")
            headers.replaceOrAdd(name: "Content-Length", value: "0")
        }
        return HTTPResponseHead(version: .http1_1, status: .ok, headers: headers)
    }
}
