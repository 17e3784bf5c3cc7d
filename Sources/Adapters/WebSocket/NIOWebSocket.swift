import NIOCore

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
