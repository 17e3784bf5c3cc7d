import NIOCore
import NIOWebSocket

/// What the frames of a server amount to (RFC 6455, 5): fragments joined, control frames between them told apart, and
/// everything that a server must not send refused. Its decoder has checked the lengths of frames and control frames.
struct WebSocketReassembly {
    enum Event: Equatable {
        /// A fragment that is not the last.
        case nothing
        case message([UInt8])
        case ping([UInt8])
        case pong
        case close(code: Int?)
    }

    struct Violation: Error, Equatable {
        enum Reason: Equatable {
            case protocolViolation
            case messageTooLong
        }

        var reason: Reason
        var text: String

        static func forbidden(_ text: String) -> Violation { Violation(reason: .protocolViolation, text: text) }
    }

    private let maximumMessageBytes: Int
    /// The fragments so far of a message that is not complete.
    private var partial: [UInt8]?

    init(maximumMessageBytes: Int) {
        self.maximumMessageBytes = maximumMessageBytes
    }

    mutating func accept(_ frame: WebSocketFrame) throws(Violation) -> Event {
        guard frame.reservedBits.isEmpty else { throw .forbidden("a frame with reserved bits set") }
        guard frame.maskKey == nil else { throw .forbidden("a masked frame") }
        switch frame.opcode {
        case .text, .binary:
            guard partial == nil else { throw .forbidden("a new message before the end of another") }
            return try append(frame, to: [])
        case .continuation:
            guard let begun = partial else { throw .forbidden("a continuation of no message") }
            // Else the bytes would have two owners, and each fragment would copy those before it.
            partial = nil
            return try append(frame, to: begun)
        case .ping:
            return .ping(Array(frame.data.readableBytesView))
        case .pong:
            return .pong
        case .connectionClose:
            return .close(code: try closeCode(frame.data))
        default:
            throw .forbidden("a frame of an unknown type")
        }
    }

    private mutating func append(_ frame: WebSocketFrame, to begun: consuming [UInt8]) throws(Violation) -> Event {
        let length = begun.count + frame.data.readableBytes
        guard length <= maximumMessageBytes else {
            throw Violation(reason: .messageTooLong, text: "a message of more than \(maximumMessageBytes) bytes")
        }
        begun.append(contentsOf: frame.data.readableBytesView)
        if frame.fin { return .message(begun) }
        partial = begun
        return .nothing
    }

    private func closeCode(_ data: ByteBuffer) throws(Violation) -> Int? {
        guard data.readableBytes > 0 else { return nil }
        guard let code = data.getInteger(at: data.readerIndex, as: UInt16.self).map(Int.init) else {
            throw .forbidden("a Close frame with half a code")
        }
        // The rest are reserved, or for what never stands in a frame, such as 1006 (RFC 6455, 7.4).
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: return code
        default: throw .forbidden("a Close frame with the code \(code)")
        }
    }
}
