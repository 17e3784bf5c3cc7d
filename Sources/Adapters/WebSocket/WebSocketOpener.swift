/// Opens WebSocket connections.
package protocol WebSocketOpener: Sendable {
    /// Returns when the upgrade is complete. Ends within `request.timeout`, and promptly when the calling task is
    /// cancelled, the connection then closed.
    func open(_ request: WebSocketRequest) async throws(WebSocketFailure) -> any WebSocket

    /// Closes all connections; attempts under way and later ones fail with `cancelled`. To be called before the opener is
    /// let go of; may be called again.
    func shutdown() async
}
