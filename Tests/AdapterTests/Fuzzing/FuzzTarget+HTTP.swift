import Domain
import FoundationEssentials
import Logging
import NIOCore
import NIOPosix
import Ports
import Synchronization

@testable import Adapters
@testable import Wire

extension FuzzTarget {
    static let http = [
        // What a server sends instead of an answer, from the first byte of the status line, to all that asks.
        FuzzTarget(name: "http-answer") { bytes in
            let port = try await RawAnswers.port(answering: bytes)
            let url = "http://127.0.0.1:\(port)/"
            let transport = try RawAnswers.transport.get()
            for method in [HTTPMethod.get, .post] {
                let body: [UInt8]? = method == .post ? [0x7B, 0x7D] : nil
                let request = HTTPRequest(method: method, url: url, body: body, timeout: .seconds(8))
                let before = RawAnswers.count
                do {
                    let status = try await transport.send(request).status
                    try expect((100...999).contains(status), "an answer with the status \(status)")
                } catch let failure as HTTPFailure {
                    try expect(failure.kind != .timeout, "the end of the connection was not noticed: \(failure)")
                }
                try expect(RawAnswers.count <= before + 1, "the request was sent \(RawAnswers.count - before) times")
            }
            do {
                let opener = try NIOWebSocketOpener(settings: HTTPTransportSettings())
                let socket = try await opener.open(WebSocketRequest(url: url))
                while true { _ = try await socket.receive() }
            } catch let failure as WebSocketFailure {
                try expect(failure.kind != .timeout, "the end of the event socket was not noticed: \(failure)")
            }
        },
        // What a client sends to the status page. That it ends, and that the next one is answered.
        FuzzTarget(name: "status-request") { bytes in
            let port = try await RawAnswers.statusPort.value
            _ = try await RawAnswers.exchange(bytes, port: port)
            let probe = Array("GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8)
            let answer = String(decoding: try await RawAnswers.exchange(probe, port: port), as: UTF8.self)
            try expect(answer.hasPrefix("HTTP/1.1 200 "), "/healthz afterwards: \(answer)")
        },
    ]
}

/// Servers and clients that stay for as long as the process looks for inputs.
private enum RawAnswers {
    private static let payload = Mutex<(bytes: [UInt8], count: Int)>(([], 0))

    /// How many requests were answered.
    static var count: Int { payload.withLock { $0.count } }

    private static let answering = Task<Int, any Error> {
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 256)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Answering())
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return listener.localAddress?.port ?? 0
    }

    /// Where every request is answered with these bytes, and the end of the connection.
    static func port(answering bytes: [UInt8]) async throws -> Int {
        payload.withLock { $0.bytes = bytes }
        return try await answering.value
    }

    static let transport = Result { try HTTPTransports.make() }

    static let statusPort = Task<Int, any Error> {
        let clock = SystemClock()
        let core = BridgeCore()
        let settings = StatusServerSettings(
            address: StatusAddress(host: "127.0.0.1", port: 0), access: StatusAccess(token: nil, port: 0), version: "1",
            instance: "fuzz", privacy: StatusPrivacy(showsNumbers: false))
        let server = StatusServer(
            settings, board: StatusBoard(startedAt: clock.now()), clock: clock,
            log: Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() }
        ) { StatusFacts(core: core, busySince: nil) }
        let (ports, found) = AsyncStream<Int>.makeStream()
        Task {
            do { try await server.run { found.yield($0.port) } } catch { found.finish() }
        }
        for await port in ports { return port }
        throw FuzzTarget.Finding(description: "there is no status server")
    }

    /// Sends bytes and the end of them, and gives what comes until the server closes.
    static func exchange(_ bytes: [UInt8], port: Int) async throws -> [UInt8] {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
                }
            }
        let isLate = Mutex(false)
        let deadline = channel.channel.eventLoop.scheduleTask(in: .seconds(8)) {
            isLate.withLock { $0 = true }
            channel.channel.close(promise: nil)
        }
        defer { deadline.cancel() }
        let received = try await channel.executeThenClose { inbound, outbound in
            var received: [UInt8] = []
            do {
                try await outbound.write(ByteBuffer(bytes: bytes))
                outbound.finish()
                for try await buffer in inbound where received.count < 1 << 20 { received += buffer.readableBytesView }
            } catch {
                // The server cut the connection, which it may.
            }
            return received
        }
        try FuzzTarget.expect(!isLate.withLock { $0 }, "the connection was kept")
        return received
    }

    /// Waits for a whole request.
    private final class Answering: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private var received: [UInt8] = []
        private var isAnswered = false

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            received += unwrapInboundIn(data).readableBytesView
            let isWhole =
                received.first == UInt8(ascii: "P")
                ? received.last == UInt8(ascii: "}") : received.suffix(4).elementsEqual("\r\n\r\n".utf8)
            guard isWhole, !isAnswered else { return }
            isAnswered = true
            let channel = context.channel
            let bytes = payload.withLock { payload in
                payload.count += 1
                return payload.bytes
            }
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)))
                .whenComplete { _ in channel.close(promise: nil) }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }
}
