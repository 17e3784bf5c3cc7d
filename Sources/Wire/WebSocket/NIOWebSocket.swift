import NIOCore
import NIOWebSocket

final class NIOWebSocket: WebSocket {
    private let connection: WebSocketConnection

    init(_ connection: WebSocketConnection) {
        self.connection = connection
    }

    deinit {
        connection.channel.close(promise: nil)
    }

    func receive() async throws(WebSocketFailure) -> [UInt8] {
        try await connection.mailbox.receive()
    }

    func close() async {
        connection.sayGoodbye()
        await connection.ended()
    }
}

/// An upgraded connection as other threads see it.
struct WebSocketConnection: Sendable {
    /// Each fragment keeps the memory alive that it was read into, 64 KiB at most.
    private static let maximumFragments = 1024

    let channel: any Channel
    let mailbox = WebSocketMailbox()
    private let handler: NIOLoopBound<WebSocketFrameHandler>

    /// Adds what turns frames into messages. Must be called on the channel's event loop, behind its decoder of frames.
    init(on channel: any Channel, request: WebSocketRequest, origin: HTTPOrigin) throws {
        let handler = WebSocketFrameHandler(request: request, origin: origin, mailbox: mailbox)
        let aggregator = NIOWebSocketFrameAggregator(
            minNonFinalFragmentSize: 0, maxAccumulatedFrameCount: Self.maximumFragments,
            maxAccumulatedFrameSize: request.maximumMessageBytes)
        try channel.pipeline.syncOperations.addHandlers(aggregator, handler)
        self.channel = channel
        self.handler = NIOLoopBound(handler, eventLoop: channel.eventLoop)
    }

    func sayGoodbye() {
        let handler = handler
        channel.eventLoop.execute { handler.value.sayGoodbye() }
    }

    func ended() async {
        do {
            try await channel.closeFuture.get()
        } catch {
            // Closed is closed.
        }
    }
}
