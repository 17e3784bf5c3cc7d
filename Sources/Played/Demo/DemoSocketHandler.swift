import NIOCore
import NIOWebSocket

/// Who takes the WebSockets of a demo server.
protocol DemoSocketOwner: Sendable {
    func takesSocket(at target: String) -> Bool
    func opened(_ channel: any Channel)
    func closed(_ channel: any Channel)
}

/// One WebSocket: answers pings, and ends when the other side wants to. What else comes is of no interest.
final class DemoSocketHandler: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private let owner: any DemoSocketOwner

    init(_ owner: any DemoSocketOwner) {
        self.owner = owner
    }

    func handlerAdded(context: ChannelHandlerContext) {
        owner.opened(context.channel)
    }

    func channelInactive(context: ChannelHandlerContext) {
        owner.closed(context.channel)
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
