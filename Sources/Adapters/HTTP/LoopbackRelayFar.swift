import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// The end of a relayed connection that faces the server; it reads no faster than URLSession takes the answer.
final class LoopbackRelayFar: ChannelDuplexHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundIn = HTTPClientRequestPart
    typealias OutboundOut = HTTPClientRequestPart

    private var near: LoopbackRelayNear?
    private var context: ChannelHandlerContext?
    private var holdsRead = false

    init(near: LoopbackRelayNear) {
        self.near = near
    }

    func send(_ part: HTTPClientRequestPart) {
        context?.writeAndFlush(wrapOutboundOut(part), promise: nil)
    }

    func close() {
        near = nil
        context?.close(promise: nil)
    }

    func readIfHeld() {
        guard holdsRead else { return }
        holdsRead = false
        context?.read()
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        near = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        near?.received(unwrapInboundIn(data))
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        near?.flush()
        context.fireChannelReadComplete()
    }

    func channelInactive(context: ChannelHandlerContext) {
        near?.lost(self, HTTPClientError.remoteConnectionClosed)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        near?.lost(self, error)
        context.close(promise: nil)
    }

    func read(context: ChannelHandlerContext) {
        if near?.canTakeMore ?? true {
            context.read()
        } else {
            holdsRead = true
        }
    }
}
