import NIOCore
import NIOWebSocket

/// One WebSocket: answers pings, and ends when the other side wants to. What else comes is of no interest.
final class DemoSocketHandler: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private let phoneSystem: DemoPhoneSystem

    init(_ phoneSystem: DemoPhoneSystem) {
        self.phoneSystem = phoneSystem
    }

    func handlerAdded(context: ChannelHandlerContext) {
        phoneSystem.opened(context.channel)
    }

    func channelInactive(context: ChannelHandlerContext) {
        phoneSystem.closed(context.channel)
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        switch frame.opcode {
        case .ping:
            let pong = WebSocketFrame(fin: true, opcode: .pong, data: frame.unmaskedData)
            context.writeAndFlush(wrapOutboundOut(pong), promise: nil)
        case .connectionClose:
            let close = WebSocketFrame(fin: true, opcode: .connectionClose, data: frame.unmaskedData)
            context.writeAndFlush(wrapOutboundOut(close), promise: nil)
            context.close(promise: nil)
        default: break
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
