import NIOCore
import NIOEmbedded
import NIOWebSocket

@testable import Adapters

extension FuzzTarget {
    /// What a server sends after the handshake, in one piece and byte by byte.
    static let webSocket = FuzzTarget(name: "websocket") { bytes in
        let atOnce = try events([bytes])
        let byteByByte = try events(bytes.map { [$0] })
        try expect(atOnce == byteByByte, "in one piece: \(atOnce)\nbyte by byte: \(byteByByte)")
    }

    private static let maximumMessageBytes = 1000

    /// What the pieces amount to, up to the first fault, which is the last.
    private static func events(_ pieces: [[UInt8]]) throws -> [String] {
        let decoder = ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: maximumMessageBytes))
        let channel = EmbeddedChannel(handler: decoder)
        var reassembly = WebSocketReassembly(maximumMessageBytes: maximumMessageBytes)
        var events: [String] = []
        do {
            for piece in pieces {
                var fault: (any Error)?
                do { try channel.writeInbound(ByteBuffer(bytes: piece)) } catch { fault = error }
                while let frame = try channel.readInbound(as: WebSocketFrame.self) {
                    let event = try reassembly.accept(frame)
                    if case .message(let message) = event {
                        try expect(message.count <= maximumMessageBytes, "a message of \(message.count) bytes")
                    }
                    events.append("\(event)")
                }
                if let fault { throw fault }
            }
        } catch let finding as Finding {
            throw finding
        } catch {
            events.append("\(error)")
        }
        // What is left of a frame that is not complete is of no interest.
        do { _ = try channel.finish(acceptAlreadyClosed: true) } catch { return events }
        return events
    }
}
