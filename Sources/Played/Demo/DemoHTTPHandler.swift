import Adapters
import NIOCore
import NIOHTTP1
import Wire

/// Collects a request and gives the answer.
final class DemoHTTPHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private static let longestBody = 1_048_576

    private let respond: @Sendable (DemoRequest) -> DemoReply
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []

    init(_ respond: @escaping @Sendable (DemoRequest) -> DemoReply) {
        self.respond = respond
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = []
        case .body(let part):
            guard body.count + part.readableBytes <= Self.longestBody else { return context.close(promise: nil) }
            body += part.readableBytesView
        case .end:
            guard let head else { return }
            let request = DemoRequest(
                method: head.method.rawValue, target: head.uri, accept: head.headers.first(name: "Accept"), body: body)
            switch respond(request) {
            case .answer(let answer, let cookie): write(answer, cookie, to: head, context)
            case .silence: break
            case .cut: context.close(promise: nil)
            }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func write(
        _ answer: ScriptedAnswer, _ cookie: String?, to request: HTTPRequestHead, _ context: ChannelHandlerContext
    ) {
        var headers = NIOHTTP1.HTTPHeaders([("Content-Length", String(answer.body.count))])
        if let contentType = answer.contentType { headers.add(name: "Content-Type", value: contentType) }
        if let cookie { headers.add(name: "Set-Cookie", value: cookie) }
        if !request.isKeepAlive { headers.add(name: "Connection", value: "close") }
        let head = HTTPResponseHead(
            version: request.version, status: HTTPResponseStatus(statusCode: answer.status), headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if request.method != .HEAD {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: answer.body)))), promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        if !request.isKeepAlive { context.close(promise: nil) }
    }
}
