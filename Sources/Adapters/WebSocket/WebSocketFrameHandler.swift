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
    private var reassembly: WebSocketReassembly
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
        reassembly = WebSocketReassembly(maximumMessageBytes: request.maximumMessageBytes)
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
        timer?.cancel()
        timer = nil
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        do {
            try handle(try reassembly.accept(unwrapInboundIn(data)))
        } catch {
            violated(error)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? NIOWebSocketError else {
            finish(WebSocketFailure(lost: error, origin: origin))
            return hangUp()
        }
        switch error {
        case .invalidFrameLength: violated(.init(reason: .messageTooLong, text: "a frame that is too long"))
        case .fragmentedControlFrame: violated(.forbidden("a control frame in fragments"))
        case .multiByteControlFrameLength: violated(.forbidden("a control frame that is too long"))
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish(
            WebSocketFailure(.closed(code: nil), detail: "event socket to \(origin) lost: closed without a Close frame")
        )
        context.fireChannelInactive()
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

    private func handle(_ event: WebSocketReassembly.Event) throws(WebSocketReassembly.Violation) {
        if isOver {
            if case .close = event { hangUp() }
            return
        }
        switch event {
        case .nothing: break
        case .message(let message): mailbox.deliver(message)
        case .pong where isPongAwaited: schedulePing()
        case .pong: break
        case .ping(let payload): answer(ping: payload)
        case .close(let code):
            let said = code.map { "with the code \($0)" } ?? "without a code"
            finish(
                WebSocketFailure(.closed(code: code), detail: "event socket to \(origin) closed by the server \(said)")
            )
            send(close: code.map { WebSocketErrorCode(codeNumber: $0) })
            hangUp()
        }
    }

    private func violated(_ violation: WebSocketReassembly.Violation) {
        guard !isOver else { return }
        let detail = "event socket to \(origin) ended: the server sent \(violation.text)"
        switch violation.reason {
        case .protocolViolation:
            finish(WebSocketFailure(.protocolViolation, detail: detail))
            send(close: .protocolError)
        case .messageTooLong:
            finish(WebSocketFailure(.messageTooLong, detail: detail))
            send(close: .messageTooLarge)
        }
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
    private func answer(ping payload: [UInt8]) {
        guard context?.channel.isWritable == true else { return }
        send(.pong, ByteBuffer(bytes: payload))
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
