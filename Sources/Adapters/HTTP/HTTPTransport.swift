/// Sends requests and collects answers; any status is an answer. Implementations never follow redirects, never store
/// cookies, and never send a request twice.
package protocol HTTPTransport: Sendable {
    /// Ends within `request.timeout` and promptly when the calling task is cancelled.
    func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse

    /// Closes all connections; requests under way and later ones fail with `cancelled`. To be called before the transport
    /// is let go of; may be called again.
    func shutdown() async
}
