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
