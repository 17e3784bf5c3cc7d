import NIOCore

/// An upgraded connection as other threads see it.
struct WebSocketConnection: Sendable {
    let channel: any Channel
    let mailbox: WebSocketMailbox
    private let handler: NIOLoopBound<WebSocketFrameHandler>

    /// Must be called on the channel's event loop.
    init(channel: any Channel, mailbox: WebSocketMailbox, handler: WebSocketFrameHandler) {
        self.channel = channel
        self.mailbox = mailbox
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
