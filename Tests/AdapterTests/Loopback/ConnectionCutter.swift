import FlyingFox

/// Ends a connection without the promised answer.
///
/// FlyingFox writes an ordinary answer whole; the way out is an upgrade whose handler fails (nothing is written) or
/// ends at once (only the head is written).
struct ConnectionCutter: WSHandler {
    let sendsHead: Bool

    struct Cut: Error {}

    func makeFrames(for client: AsyncThrowingStream<WSFrame, any Error>) async throws -> AsyncStream<WSFrame> {
        guard sendsHead else { throw Cut() }
        return AsyncStream { $0.finish() }
    }
}
