package import Logging
package import Wire

/// Logs how connections are opened and end, and every message that comes, at level trace and masked.
package struct TracingWebSocketOpener: WebSocketOpener {
    private let base: any WebSocketOpener
    private let log: Logger
    private let mask: TraceMask

    package init(_ base: any WebSocketOpener, log: Logger, mask: TraceMask) {
        self.base = base
        self.log = log
        self.mask = mask
    }

    package func open(_ request: WebSocketRequest) async throws(WebSocketFailure) -> any WebSocket {
        // Without a trace nothing stands between the reader and its messages.
        guard log.logLevel <= .trace else { return try await base.open(request) }
        var metadata: Logger.Metadata = [
            "to": "\(HTTPOrigin.redacted(request.httpURL))", "path": "\(mask.target(of: request.httpURL))",
        ]
        let startedAt = ContinuousClock.now
        do {
            let socket = try await base.open(request)
            metadata["ms"] = "\((ContinuousClock.now - startedAt) / .milliseconds(1))"
            log.trace("event socket opened", metadata: metadata)
            return TracingWebSocket(base: socket, log: log, mask: mask)
        } catch {
            metadata["ms"] = "\((ContinuousClock.now - startedAt) / .milliseconds(1))"
            metadata["failure"] = "\(error.kind)"
            metadata["reason"] = "\(mask.sentence(error.detail))"
            log.trace("event socket not opened", metadata: metadata)
            throw error
        }
    }

    package func shutdown() async {
        await base.shutdown()
    }
}

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
