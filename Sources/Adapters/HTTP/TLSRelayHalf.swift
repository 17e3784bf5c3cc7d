import NIOCore

/// One end of a relayed connection: writes to its partner what it reads, and reads no faster than the partner can write.
/// Both ends live on the same event loop.
final class TLSRelayHalf: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let refusals: TLSRelayRefusals
    private let isFar: Bool
    private var partner: TLSRelayHalf?
    private var context: ChannelHandlerContext?
    private var holdsRead = false
    private var hasReceived = false
    private var hasRefused = false

    private init(refusals: TLSRelayRefusals, isFar: Bool) {
        self.refusals = refusals
        self.isFar = isFar
    }

    /// `near` belongs to the connection from this process, `far` to the one with the server.
    static func pair(refusals: TLSRelayRefusals) -> (near: TLSRelayHalf, far: TLSRelayHalf) {
        let near = TLSRelayHalf(refusals: refusals, isFar: false)
        let far = TLSRelayHalf(refusals: refusals, isFar: true)
        near.partner = far
        far.partner = near
        return (near, far)
    }

    /// On the near half: answers for the server that was not reached. What the client still sends is read and dropped,
    /// since closing on unread bytes would reset the connection and lose the answer.
    func refuse(_ error: any Error) {
        guard let context, !hasRefused else { return }
        hasRefused = true
        partner = nil
        guard let answer = refusals.answer(to: error) else { return context.close(promise: nil) }
        context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
        if holdsRead { context.read() }
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        partner = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !hasRefused else { return }
        hasReceived = true
        partner?.context?.write(wrapOutboundOut(unwrapInboundIn(data)), promise: nil)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        partner?.context?.flush()
        context.fireChannelReadComplete()
    }

    func channelInactive(context: ChannelHandlerContext) {
        partner?.closeAfterWrites()
        context.fireChannelInactive()
    }

    /// A plain close would drop what a slow reader has not taken yet.
    private func closeAfterWrites() {
        guard let context else { return }
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(ByteBuffer())).whenComplete { _ in channel.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if isFar, !hasReceived, let near = partner {
            partner = nil
            near.refuse(error)
        }
        context.close(promise: nil)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable, let partner, partner.holdsRead {
            partner.holdsRead = false
            partner.context?.read()
        }
        context.fireChannelWritabilityChanged()
    }

    func read(context: ChannelHandlerContext) {
        if partner?.context?.channel.isWritable ?? true {
            context.read()
        } else {
            holdsRead = true
        }
    }
}
