/// Opens WebSocket connections.
package protocol WebSocketOpener: Sendable {
    /// Returns when the upgrade is complete. Ends within `request.timeout`, and promptly when the calling task is
    /// cancelled, the connection then closed.
    func open(_ request: WebSocketRequest) async throws(WebSocketFailure) -> any WebSocket

    /// Closes all connections; attempts under way and later ones fail with `cancelled`. To be called before the opener
    /// is let go of; may be called again.
    func shutdown() async
}

/// An open WebSocket that messages are read from; it answers pings and sends its own. It closes when it is let go of.
package protocol WebSocket: Sendable {
    /// The next whole message, text or binary alike. Once the connection has ended and the messages that arrived before
    /// are taken, every call throws the one failure that ended it. A cancelled call throws `cancelled` and takes no
    /// message; the connection stays open.
    func receive() async throws(WebSocketFailure) -> [UInt8]

    /// Says goodbye (1000) and ends the connection, in bounded time also when the peer is silent; `receive` throws
    /// `closed` from then on.
    func close() async
}
