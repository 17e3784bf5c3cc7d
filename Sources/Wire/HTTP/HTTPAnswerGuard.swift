package import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// Lets nothing through but whole answers in order: a head with a status, its body, its end.
///
/// NIO's decoder takes any three digits for a status. async-http-client waits for another head after one below 200, and
/// traps on the body that comes instead; so it does on everything else that its states do not foresee. No server may
/// end the process.
final class HTTPAnswerGuard: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias InboundOut = HTTPClientResponsePart

    private enum State {
        case beforeAnswer
        case inAnswer
        /// Nothing comes through any more.
        case refused
    }

    private var state = State.beforeAnswer

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch (state, unwrapInboundIn(data)) {
        // Nobody asked for another protocol, and what comes after 101 is none of HTTP.
        case (.beforeAnswer, .head(let head)) where head.status.code >= 100 && head.status != .switchingProtocols:
            if head.status.code >= 200 { state = .inAnswer }
        case (.beforeAnswer, .head): return refuse(.invalidStatus, context)
        case (.inAnswer, .body): break
        case (.inAnswer, .end): state = .beforeAnswer
        case (.beforeAnswer, _), (.inAnswer, .head): return refuse(.unknown, context)
        case (.refused, _): return
        }
        context.fireChannelRead(data)
    }

    private func refuse(_ error: HTTPParserError, _ context: ChannelHandlerContext) {
        state = .refused
        context.fireErrorCaught(error)
        context.close(promise: nil)
    }
}

extension HTTPClient.Configuration {
    /// Has a ``HTTPAnswerGuard`` on every connection.
    package mutating func guardAnswers() {
        http1_1ConnectionDebugInitializer = { channel in
            channel.eventLoop.makeCompletedFuture {
                let pipeline = channel.pipeline.syncOperations
                let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPResponseDecoder>.self)
                try pipeline.addHandler(HTTPAnswerGuard(), position: .after(decoder))
            }
        }
    }
}
