import Logging

/// A connection whose messages are logged as they are taken.
struct TracingWebSocket: WebSocket {
    let base: any WebSocket
    let log: Logger
    let mask: TraceMask

    func receive() async throws(WebSocketFailure) -> [UInt8] {
        do {
            let message = try await base.receive()
            log.trace("frame", metadata: ["bytes": "\(message.count)", "frame": "\(mask.frame(message))"])
            return message
        } catch {
            log.trace(
                "event socket ended",
                metadata: ["failure": "\(error.kind)", "reason": "\(mask.sentence(error.detail))"])
            throw error
        }
    }

    func close() async {
        await base.close()
    }
}
