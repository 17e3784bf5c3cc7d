import NIOCore
import NIOWebSocket

/// The open connection on its event loop: messages go to the mailbox, pings are answered and sent, and the connection
/// ends exactly once, with a reason.
///
/// Not everything that arrives counts as a sign of life, only a pong: a proxy may go on replaying what it has buffered.
/// Any pong after the ping will do, though, whatever it echoes; no dead peer sends one.
final class WebSocketFrameHandler: ChannelDuplexHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundIn = Never
    typealias OutboundOut = WebSocketFrame

    /// How long the peer may take to answer a Close frame.
    private static let goodbyeTime = TimeAmount.seconds(1)

    private let origin: HTTPOrigin
    private let mailbox: WebSocketMailbox
    private let pingInterval: TimeAmount
    private let pongTimeout: TimeAmount
    private var context: ChannelHandlerContext?
    private var timer: Scheduled<Void>?
    private var isPongAwaited = false
    private var holdsRead = false
    /// A Close frame was sent or the connection lost: nothing more is delivered or sent.
    private var isOver = false

    init(request: WebSocketRequest, origin: HTTPOrigin, mailbox: WebSocketMailbox) {
        self.origin = origin
        self.mailbox = mailbox
        pingInterval = TimeAmount(clamping: request.pingInterval)
        pongTimeout = TimeAmount(clamping: request.pongTimeout)
    }

    /// Ends the connection from this side; the peer may answer for a second.
    func sayGoodbye() {
        guard !isOver else { return hangUp() }
        finish(WebSocketFailure(.closed(code: 1000), detail: "event socket to \(origin) closed by the bridge"))
        send(close: .normalClosure)
        timer = context?.eventLoop.assumeIsolated().scheduleTask(in: Self.goodbyeTime) { self.hangUp() }
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        schedulePing()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        // Not in `channelInactive`: a connection that ends together with the answer to the upgrade becomes inactive
        // before this handler is there.
        finish(
            WebSocketFailure(.closed(code: nil), detail: "event socket to \(origin) lost: closed without a Close frame")
        )
        timer?.cancel()
        timer = nil
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        if isOver {
            if frame.opcode == .connectionClose { hangUp() }
            return
        }
        // Of a message in fragments the aggregator has undone the masks and dropped these bits.
        guard frame.reservedBits.isEmpty else { return violated("a frame with reserved bits set") }
        guard frame.maskKey == nil else { return violated("a masked frame") }
        switch frame.opcode {
        case .text, .binary: mailbox.deliver(Array(frame.data.readableBytesView))
        case .ping: answer(ping: frame.data)
        case .pong: if isPongAwaited { schedulePing() }
        case .connectionClose: closed(frame.data)
        default: violated("a frame of an unknown type")
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case NIOWebSocketError.invalidFrameLength: violated("a frame that is too long", as: .messageTooLong)
        case NIOWebSocketError.fragmentedControlFrame: violated("a control frame in fragments")
        case NIOWebSocketError.multiByteControlFrameLength: violated("a control frame that is too long")
        case NIOWebSocketFrameAggregator.Error.accumulatedFrameSizeIsTooLarge:
            violated("a message that is too long", as: .messageTooLong)
        case NIOWebSocketFrameAggregator.Error.tooManyFragments:
            violated("a message in too many fragments", as: .messageTooLong)
        case is NIOWebSocketFrameAggregator.Error: violated("fragments of no message, or of two at once")
        default:
            finish(WebSocketFailure(lost: error, origin: origin))
            hangUp()
        }
    }

    func read(context: ChannelHandlerContext) {
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        let eventLoop = context.eventLoop
        holdsRead = mailbox.mustWait { eventLoop.execute { bound.value.readIfHeld() } }
        if !holdsRead { context.read() }
    }

    private func readIfHeld() {
        guard holdsRead, context != nil else { return }
        holdsRead = false
        context?.read()
        if isPongAwaited { schedulePongDeadline() }
    }

    private func closed(_ payload: ByteBuffer) {
        let code = payload.getInteger(at: payload.readerIndex, as: UInt16.self).map(Int.init)
        switch code {
        // The others are reserved, or for what never stands in a frame, such as 1006 (RFC 6455, 7.4).
        case (1000...1003)?, (1007...1014)?, (3000...4999)?: break
        case nil where payload.readableBytes == 0: break
        default: return violated("a Close frame with \(code.map { "the code \($0)" } ?? "half a code")")
        }
        let said = code.map { "with the code \($0)" } ?? "without a code"
        finish(WebSocketFailure(.closed(code: code), detail: "event socket to \(origin) closed by the server \(said)"))
        send(close: code.map { WebSocketErrorCode(codeNumber: $0) })
        hangUp()
    }

    private func violated(_ text: String, as kind: WebSocketFailure.Kind = .protocolViolation) {
        guard !isOver else { return }
        finish(WebSocketFailure(kind, detail: "event socket to \(origin) ended: the server sent \(text)"))
        send(close: kind == .messageTooLong ? .messageTooLarge : .protocolError)
        hangUp()
    }

    // MARK: Pings

    private func schedulePing() {
        timer?.cancel()
        isPongAwaited = false
        timer = context?.eventLoop.assumeIsolated().scheduleTask(in: pingInterval) {
            self.send(.ping, ByteBuffer())
            self.isPongAwaited = true
            self.schedulePongDeadline()
        }
    }

    private func schedulePongDeadline() {
        timer?.cancel()
        timer = context?.eventLoop.assumeIsolated().scheduleTask(in: pongTimeout) {
            // The pong may be among what is not being read.
            if self.holdsRead { return self.schedulePongDeadline() }
            self.finish(
                WebSocketFailure(.silent, detail: "event socket to \(self.origin) ended: no pong within its time")
            )
            self.hangUp()
        }
    }

    /// A peer that pings and does not read gets no answer: RFC 6455, 5.5.3 asks for one to the latest ping only.
    private func answer(ping payload: ByteBuffer) {
        guard context?.channel.isWritable == true else { return }
        send(.pong, payload)
    }

    // MARK: The end

    private func finish(_ failure: WebSocketFailure) {
        guard !isOver else { return }
        isOver = true
        isPongAwaited = false
        timer?.cancel()
        timer = nil
        mailbox.end(failure)
    }

    private func send(close code: WebSocketErrorCode?) {
        var payload = ByteBuffer()
        if let code { payload.write(webSocketErrorCode: code) }
        send(.connectionClose, payload)
    }

    private func send(_ opcode: WebSocketOpcode, _ payload: ByteBuffer) {
        let frame = WebSocketFrame(fin: true, opcode: opcode, maskKey: .random(), data: payload)
        context?.writeAndFlush(wrapOutboundOut(frame), promise: nil)
    }

    private func hangUp() {
        context?.close(promise: nil)
    }
}
