import NIOCore

/// Sends the head of one request as soon as the connection below takes data, waits for the head of the answer, and makes
/// way for the protocol that was agreed on.
final class WebSocketHandshakeHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let request: String
    /// Adds the handlers of the next protocol at the end of the pipeline, or says why there is none.
    private let answered: (WebSocketHandshakeAnswer, any Channel) throws -> Void
    private let failed: (any Error) -> Void
    private var received = ByteBuffer()
    private var isSent = false
    private var isOver = false

    init(
        request: String,
        answered: @escaping (WebSocketHandshakeAnswer, any Channel) throws -> Void,
        failed: @escaping (any Error) -> Void
    ) {
        self.request = request
        self.answered = answered
        self.failed = failed
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { send(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        send(context)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isOver else { return context.fireChannelRead(data) }
        received.writeImmutableBuffer(unwrapInboundIn(data))
        do {
            guard let answer = try WebSocketHandshakeAnswer.take(from: &received) else { return }
            try answered(answer, context.channel)
            isOver = true
        } catch {
            return fail(error, context)
        }
        if received.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(received)) }
        received = ByteBuffer()
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !isOver else { return context.fireErrorCaught(error) }
        fail(error, context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        if !isOver { fail(ChannelError.eof, context) }
        context.fireChannelInactive()
    }

    private func send(_ context: ChannelHandlerContext) {
        guard !isSent else { return }
        isSent = true
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: request)), promise: nil)
    }

    private func fail(_ error: any Error, _ context: ChannelHandlerContext) {
        isOver = true
        received = ByteBuffer()
        failed(error)
        context.close(promise: nil)
    }
}
