import NIOCore
import NIOHTTP1

/// Holds one client of the status server to what a client does: it sends its request whole, takes the answer, and then
/// asks again. The connection of any other is closed, so that what is kept for it stays small.
final class StatusConnectionHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    struct Limits: Sendable {
        /// Requests on the way. No browser sends a second one before the answer to the first; NIO would decode all that
        /// one read brings, thousands of them.
        var requests = 8
        /// From the head of a request to its last byte.
        var sending: TimeAmount = .seconds(10)
        /// How long nothing of an answer may be taken, once as much of it waits as is kept for a client.
        var taking: TimeAmount = .seconds(20)
    }

    private let connections: StatusConnections
    private let limits: Limits
    /// Requests that have begun, and whose answers are not complete.
    private var underWay = 0
    private var isOver = false
    private var sendingDeadline: Scheduled<Void>?
    private var takingDeadline: Scheduled<Void>?

    init(_ connections: StatusConnections, limits: Limits = Limits()) {
        self.connections = connections
        self.limits = limits
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isOver else { return }
        switch unwrapInboundIn(data) {
        case .head:
            guard underWay < limits.requests else {
                isOver = true
                return context.close(promise: nil)
            }
            underWay += 1
            sendingDeadline = deadline(in: limits.sending, context)
        case .body: break
        case .end:
            sendingDeadline?.cancel()
            connections.note(context.channel, isAnswered: context.channel.isWritable)
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) {
            underWay -= 1
            if underWay == 0 { connections.note(context.channel, isAnswered: false) }
        }
        context.write(data, promise: promise)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        takingDeadline?.cancel()
        if !context.channel.isWritable { takingDeadline = deadline(in: limits.taking, context) }
        connections.note(context.channel, isAnswered: context.channel.isWritable && underWay > 0)
        context.fireChannelWritabilityChanged()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        sendingDeadline?.cancel()
        takingDeadline?.cancel()
    }

    private func deadline(in time: TimeAmount, _ context: ChannelHandlerContext) -> Scheduled<Void> {
        let channel = context.channel
        return context.eventLoop.scheduleTask(in: time) { channel.close(promise: nil) }
    }
}
