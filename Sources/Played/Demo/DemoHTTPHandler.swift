import Adapters
import NIOCore
import NIOHTTP1
import Wire

/// Collects a request and gives the answer.
final class DemoHTTPHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private static let longestBody = 1_048_576

    private let cookie: String?
    private let respond: @Sendable (DemoRequest) -> ScriptedAnswer
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []

    /// `cookie`: comes with each answer.
    init(cookie: String?, respond: @escaping @Sendable (DemoRequest) -> ScriptedAnswer) {
        self.cookie = cookie
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
            let answer = respond(request)
            switch answer.fault {
            // Nothing is said until whoever asked gives up.
            case .timeout?: break
            // On a connection that is open already a refused one can only be cut.
            case .refused?, .reset?: context.close(promise: nil)
            case nil: write(answer, to: head, context)
            }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func write(_ answer: ScriptedAnswer, to request: HTTPRequestHead, _ context: ChannelHandlerContext) {
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

extension ScriptedAnswer {
    /// What a proxy in front says of a server that is down.
    static let badGateway = ScriptedAnswer(
        status: 502, contentType: "text/html",
        body: Array("<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>".utf8))
}
