import NIOCore

/// Tells when the connection below it takes data: at once on plain TCP, after the handshake on TLS, whose handler holds
/// back even an empty write until then.
final class LoopbackRelayHandshake: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let completed: EventLoopPromise<Void>

    init(_ completed: EventLoopPromise<Void>) {
        self.completed = completed
    }

    func channelActive(context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: completed)
        context.fireChannelActive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        completed.fail(ChannelError.alreadyClosed)
    }
}
