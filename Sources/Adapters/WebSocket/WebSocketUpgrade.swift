import NIOCore
import NIOHTTP1
import NIOWebSocket

/// The request that turns a connection into a WebSocket, and the check of its answer (RFC 6455, 4.1).
struct WebSocketUpgrade {
    private static let ownHeaders: Set<String> = [
        "connection", "content-length", "host", "sec-websocket-extensions", "sec-websocket-key",
        "sec-websocket-protocol", "sec-websocket-version", "transfer-encoding", "upgrade",
    ]

    private let origin: HTTPOrigin
    private let key = NIOWebSocketClientUpgrader.randomRequestKey()
    let request: String

    init(_ request: WebSocketRequest, origin: HTTPOrigin, userAgent: String) {
        self.origin = origin
        var lines = [
            "GET \(HTTPOrigin.target(of: request.httpURL)) HTTP/1.1", "Host: \(origin.authority)", "Upgrade: websocket",
            "Connection: Upgrade", "Sec-WebSocket-Key: \(key)", "Sec-WebSocket-Version: 13",
        ]
        if request.headers.first("User-Agent") == nil { lines.append("User-Agent: \(userAgent)") }
        for field in request.headers.fields where !Self.ownHeaders.contains(field.name.lowercased()) {
            lines.append("\(field.name): \(field.value)")
        }
        self.request = lines.joined(separator: "\r\n") + "\r\n\r\n"
    }

    func check(_ answer: WebSocketHandshakeAnswer) throws(WebSocketFailure) {
        guard answer.status == 101 else {
            throw WebSocketFailure(
                .refused(status: answer.status),
                detail: "event socket to \(origin) refused with \(answer.status)"
            )
        }
        let head = HTTPResponseHead(version: .http1_1, status: .switchingProtocols, headers: answer.headers)
        // The type is the only one of NIO that can tell the right Accept value; the rest of it is not needed.
        let upgrader = NIOWebSocketClientUpgrader(requestKey: key) { channel, _ in
            channel.eventLoop.makeSucceededVoidFuture()
        }
        let connection = answer.headers[canonicalForm: "Connection"]
        let isRight =
            answer.headers[canonicalForm: "Upgrade"].map { $0.lowercased() } == ["websocket"]
            && connection.contains { $0.lowercased() == "upgrade" }
            && upgrader.shouldAllowUpgrade(upgradeResponse: head)
            && answer.headers["Sec-WebSocket-Extensions"].isEmpty && answer.headers["Sec-WebSocket-Protocol"].isEmpty
        guard isRight else {
            throw WebSocketFailure(
                .protocolViolation,
                detail: "event socket to \(origin): the answer to the upgrade does not fit the request"
            )
        }
    }
}
