import NIOCore
import NIOHTTP1

extension WebSocketRequest {
    /// The request for the upgrade, without what NIO's upgrader adds.
    func upgradeHead(origin: HTTPOrigin, userAgent: String) -> HTTPRequestHead {
        var fields = NIOHTTP1.HTTPHeaders([("Host", origin.authority)])
        if headers.first("User-Agent") == nil { fields.add(name: "User-Agent", value: userAgent) }
        fields.add(contentsOf: headers.fields.map { ($0.name, $0.value) })
        return HTTPRequestHead(version: .http1_1, method: .GET, uri: HTTPOrigin.target(of: httpURL), headers: fields)
    }
}

/// Checks the head of the answer before NIO's upgrade handler sees it, and lets nothing through after a refusal.
///
/// NIO's handler only tells that there was no upgrade, and not the status, on which callers act. Nor does it ask for
/// `Connection: Upgrade`, without which NIO's decoder goes on reading HTTP, and it does not mind an extension or a
/// subprotocol that nobody asked for.
final class WebSocketAnswerHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPClientResponsePart

    private let origin: HTTPOrigin
    private var isRefused = false

    init(origin: HTTPOrigin) {
        self.origin = origin
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isRefused else { return }
        do {
            if case .head(let head) = unwrapInboundIn(data) { try check(head) }
            context.fireChannelRead(data)
        } catch {
            isRefused = true
            context.fireErrorCaught(error)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        context.fireErrorCaught(ChannelError.eof)
        context.fireChannelInactive()
    }

    private func check(_ head: HTTPResponseHead) throws {
        // NIO's decoder takes any three digits for a status.
        guard head.status.code >= 100 else { throw HTTPParserError.invalidStatus }
        guard head.status == .switchingProtocols else {
            throw WebSocketFailure(
                .refused(status: Int(head.status.code)),
                detail: "event socket to \(origin) refused with \(head.status.code)")
        }
        guard head.headers[canonicalForm: "Connection"].contains(where: { $0.lowercased() == "upgrade" }),
            head.headers["Sec-WebSocket-Extensions"].isEmpty, head.headers["Sec-WebSocket-Protocol"].isEmpty
        else { throw NIOHTTPClientUpgradeError.upgraderDeniedUpgrade }
    }
}
