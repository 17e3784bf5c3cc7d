import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// One connection to a ``ScriptedPeerServer``, on which a test does byte by byte what it likes.
final class ScriptedPeer: Sendable {
    struct Gone: Error, CustomStringConvertible {
        var unread: Int
        var description: String { "the client closed the connection; \(unread) bytes were left" }
    }

    /// A frame as the client sent it, unmasked.
    struct Frame: Equatable, Sendable {
        var opcode: UInt8
        var payload: [UInt8] = []
        var isFinal = true
        var isMasked = true

        static let ping: UInt8 = 9
        static let pong: UInt8 = 10

        static func close(_ code: Int?) -> Frame {
            Frame(opcode: 8, payload: code.map { [UInt8($0 >> 8), UInt8($0 & 0xFF)] } ?? [])
        }
    }

    private struct State {
        var bytes: [UInt8] = []
        var version = 0
        var isClosed = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let channel: any Channel
    private let state = Mutex(State())

    init(channel: any Channel) {
        self.channel = channel
    }

    // MARK: Receiving

    /// The head of the next request, line by line.
    func head() async throws -> [String] {
        try await take { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
            bytes.removeFirst(text[..<end.upperBound].utf8.count)
            return text[..<end.lowerBound].split(separator: "\r\n").map(String.init)
        }
    }

    func frame() async throws -> Frame {
        try await take { bytes in
            guard bytes.count >= 2 else { return nil }
            var length = Int(bytes[1] & 0x7F)
            var start = 2
            if length == 126 {
                guard bytes.count >= 4 else { return nil }
                length = Int(bytes[2]) << 8 | Int(bytes[3])
                start = 4
            }
            let isMasked = bytes[1] & 0x80 != 0
            let key = isMasked ? start..<(start + 4) : start..<start
            guard bytes.count >= key.upperBound + length else { return nil }
            var payload = Array(bytes[key.upperBound..<(key.upperBound + length)])
            if isMasked { for index in payload.indices { payload[index] ^= bytes[start + index % 4] } }
            let frame = Frame(
                opcode: bytes[0] & 0x0F, payload: payload, isFinal: bytes[0] & 0x80 != 0, isMasked: isMasked)
            bytes.removeFirst(key.upperBound + length)
            return frame
        }
    }

    /// Waits until the client has closed the connection.
    func ended() async throws {
        while true {
            let (isClosed, version) = state.withLock { ($0.isClosed, $0.version) }
            if isClosed { return }
            try await change(after: version)
        }
    }

    private func take<Value: Sendable>(_ parse: @Sendable (inout [UInt8]) -> Value?) async throws -> Value {
        while true {
            let (value, version, gone) = state.withLock { state in
                (parse(&state.bytes), state.version, state.isClosed ? Gone(unread: state.bytes.count) : nil)
            }
            if let value { return value }
            if let gone { throw gone }
            try await change(after: version)
        }
    }

    private func change(after version: Int) async throws {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isPast = state.withLock { state in
                    guard state.version == version, !Task.isCancelled else { return true }
                    state.waiting.append(continuation)
                    return false
                }
                if isPast { continuation.resume() }
            }
        } onCancel: {
            note { _ in }
        }
        try Task.checkCancellation()
    }

    private func note(_ change: (inout State) -> Void) {
        let waiting = state.withLock { state in
            change(&state)
            state.version += 1
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    // MARK: Sending

    func send(_ text: String) async throws {
        try await send(Array(text.utf8))
    }

    func send(_ bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
    }

    /// For what the client may be too impatient to wait for.
    func sendUnlessGone(_ bytes: [UInt8]) async {
        do {
            try await send(bytes)
        } catch {
            // It hung up first.
        }
    }

    /// One byte at a time.
    func trickle(_ bytes: [UInt8]) async throws {
        for byte in bytes { try await send([byte]) }
    }

    /// Answers the request with this head as a server that agrees.
    func accept(_ head: [String], extraLines: [String] = [], then bytes: [UInt8] = []) async throws {
        let answer = ["HTTP/1.1 101 Switching Protocols"] + (try await acceptLines(head)) + extraLines
        try await send(Array((answer.joined(separator: "\r\n") + "\r\n\r\n").utf8) + bytes)
    }

    /// The header lines that agree to the upgrade, by NIO's server.
    func acceptLines(_ head: [String]) async throws -> [String] {
        var request = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/")
        for line in head.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2 { request.headers.add(name: String(parts[0]), value: parts[1].dropFirst().description) }
        }
        let upgrader = NIOWebSocketServerUpgrader(
            shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture([:]) },
            upgradePipelineHandler: { channel, _ in channel.eventLoop.makeSucceededVoidFuture() }
        )
        let given = request
        let channel = channel
        let headers = try await channel.eventLoop.flatSubmit {
            upgrader.buildUpgradeResponse(channel: channel, upgradeRequest: given, initialResponseHeaders: [:])
        }.get()
        return headers.map { "\($0.name): \($0.value)" }
    }

    func close() async throws {
        channel.close(promise: nil)
        try await channel.closeFuture.get()
    }

    /// Ends the connection with a TCP reset.
    func reset() async throws {
        try await (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        try await close()
    }

    /// Takes what arrives, on the event loop.
    final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let peer: ScriptedPeer

        init(peer: ScriptedPeer) {
            self.peer = peer
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let buffer = unwrapInboundIn(data)
            peer.note { $0.bytes.append(contentsOf: buffer.readableBytesView) }
        }

        func channelInactive(context: ChannelHandlerContext) {
            peer.note { $0.isClosed = true }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }
}

extension ScriptedPeer.Frame {
    /// The bytes of a frame as a server sends it, unless told to do it wrong.
    static func bytes(
        _ opcode: UInt8,
        _ payload: [UInt8] = [],
        isFinal: Bool = true,
        reservedBits: UInt8 = 0,
        mask: [UInt8]? = nil,
        announcing length: Int? = nil
    ) -> [UInt8] {
        let length = length ?? payload.count
        var bytes = [opcode | reservedBits << 4 | (isFinal ? 0x80 : 0)]
        let maskBit: UInt8 = mask == nil ? 0 : 0x80
        switch length {
        case 0..<126: bytes.append(maskBit | UInt8(length))
        case 126..<65536: bytes += [maskBit | 126, UInt8(length >> 8), UInt8(length & 0xFF)]
        default: bytes += [maskBit | 127] + (0..<8).map { UInt8(truncatingIfNeeded: length >> (56 - 8 * $0)) }
        }
        if let mask { bytes += mask }
        return bytes + payload.enumerated().map { $1 ^ (mask?[$0 % 4] ?? 0) }
    }

    static func text(_ text: String) -> [UInt8] { bytes(1, Array(text.utf8)) }
}
