import NIOCore
import NIOEmbedded
import NIOWebSocket

@testable import Wire

extension FuzzTarget {
    /// What a server sends after the handshake, in one piece and byte by byte.
    static let webSocket = FuzzTarget(name: "websocket") { bytes in
        let atOnce = try await effects(of: [bytes])
        let byteByByte = try await effects(of: bytes.map { [$0] })
        try expect(atOnce == byteByByte, "in one piece: \(atOnce)\nbyte by byte: \(byteByByte)")
    }

    /// What is answered to the pieces, the messages that they amount to, and how the connection ends.
    private static func effects(of pieces: [[UInt8]]) async throws -> [String] {
        let request = WebSocketRequest(url: "ws://localhost", maximumMessageBytes: 1000)
        let (mailbox, answers) = try exchange(pieces, request, origin: try request.checkedOrigin())
        var messages: [[UInt8]] = []
        let end: WebSocketFailure
        do throws(WebSocketFailure) {
            while true { messages.append(try await mailbox.receive()) }
        } catch {
            end = error
        }
        for message in messages {
            try expect(message.count <= request.maximumMessageBytes, "a message of \(message.count) bytes")
        }
        return answers + messages.map { "\($0)" } + ["\(end)"]
    }

    private static func exchange(
        _ pieces: [[UInt8]],
        _ request: WebSocketRequest,
        origin: HTTPOrigin
    ) throws -> (WebSocketMailbox, [String]) {
        let decoder = WebSocketFrameDecoder(maxFrameSize: request.maximumFrameBytes)
        let channel = EmbeddedChannel(handler: ByteToMessageHandler(decoder))
        let connection = try WebSocketConnection(on: channel, request: request, origin: origin)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 80)).wait()
        for piece in pieces where channel.isActive { try channel.writeInbound(ByteBuffer(bytes: piece)) }
        var answers: [String] = []
        while let frame = try channel.readOutbound(as: WebSocketFrame.self) {
            answers.append("\(frame.opcode) \(Array(frame.data.readableBytesView))")
        }
        _ = try channel.finish(acceptAlreadyClosed: true)
        return (connection.mailbox, answers)
    }
}
