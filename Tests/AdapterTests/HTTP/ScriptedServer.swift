import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A TCP server on loopback that does to its clients what a test says, byte by byte.
final class ScriptedServer: Sendable {
    enum Step: Sendable {
        case send(String)
        /// One byte, again and again, this far apart, until the client is gone.
        case trickle(Character, every: Duration)
        /// A chunk of this many bytes, again and again, until the client is gone.
        case flood(chunkBytes: Int)
        case wait(Duration)
        case close
        /// Ends the connection with a TCP reset.
        case reset
    }

    struct Received: Sendable, Equatable {
        var head: String
        var body: [UInt8]

        var requestLine: Substring { head.prefix { $0 != "\r\n" } }

        func header(_ name: String) -> String? {
            for line in head.split(separator: "\r\n").dropFirst() {
                let parts = line.split(separator: ":", maxSplits: 1)
                if parts.count == 2, parts[0].lowercased() == name.lowercased() {
                    return parts[1].drop { $0 == " " }.description
                }
            }
            return nil
        }
    }

    private struct State {
        var connections = 0
        var open: [ObjectIdentifier: any Channel] = [:]
        var requests: [Received] = []
        var floodedBytes = 0
    }

    typealias Script = @Sendable (_ number: Int, _ request: Received) -> [Step]

    let port: Int
    private let listener: any Channel
    private let state: StateBox

    private init(port: Int, listener: any Channel, state: StateBox) {
        self.port = port
        self.listener = listener
        self.state = state
    }

    /// Runs `body` with a server that answers the nth request (from 0) with the steps of `script`.
    static func run<Result>(
        tls: Bool = false,
        identity: TestCertificates.Identity = .localhost,
        host: String = "127.0.0.1",
        script: @escaping Script,
        _ body: (ScriptedServer) async throws -> Result
    ) async throws -> Result {
        let server = try await start(tls: tls ? identity : nil, host: host, script: script)
        do {
            let result = try await body(server)
            try await server.stop()
            return result
        } catch {
            try await server.stop()
            throw error
        }
    }

    var connectionCount: Int { state.value.withLock { $0.connections } }
    var requests: [Received] { state.value.withLock { $0.requests } }
    var floodedBytes: Int { state.value.withLock { $0.floodedBytes } }

    func url(_ path: String = "/", scheme: String = "http", host: String = "127.0.0.1") -> String {
        "\(scheme)://\(host):\(port)\(path)"
    }

    /// Closes all connections as an idle timeout does, and returns once they are closed on this side.
    func closeConnections() async throws {
        let open = state.value.withLock { Array($0.open.values) }
        for channel in open {
            channel.close(promise: nil)
            try await channel.closeFuture.get()
        }
    }

    private func stop() async throws {
        try await listener.close().get()
        try await closeConnections()
    }

    private static func start(
        tls identity: TestCertificates.Identity?, host: String, script: @escaping Script
    ) async throws -> ScriptedServer {
        let state = StateBox()
        let context = try identity.map { try TestCertificates.serverContext($0) }
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.backlog, value: 256)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let id = ObjectIdentifier(channel)
                    state.value.withLock {
                        $0.connections += 1
                        $0.open[id] = channel
                    }
                    channel.closeFuture.whenComplete { _ in
                        state.value.withLock { _ = $0.open.removeValue(forKey: id) }
                    }
                    if let context {
                        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
                    }
                    try channel.pipeline.syncOperations.addHandler(ScriptHandler(state: state, script: script))
                }
            }
        let listener = try await bootstrap.bind(host: host, port: 0).get()
        return ScriptedServer(port: listener.localAddress?.port ?? 0, listener: listener, state: state)
    }

    private final class StateBox: Sendable {
        let value = Mutex(State())
    }

    private final class ScriptHandler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let state: StateBox
        private let script: Script
        private var collected: [UInt8] = []

        init(state: StateBox, script: @escaping Script) {
            self.state = state
            self.script = script
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            collected.append(contentsOf: unwrapInboundIn(data).readableBytesView)
            while let request = takeRequest() {
                let number = state.value.withLock { state in
                    state.requests.append(request)
                    return state.requests.count - 1
                }
                perform(script(number, request)[...], context)
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }

        private func takeRequest() -> Received? {
            let text = String(decoding: collected, as: UTF8.self)
            guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
            let head = String(text[..<end.lowerBound])
            let headBytes = head.utf8.count + 4
            let length = Received(head: head, body: []).header("Content-Length").flatMap { Int($0) } ?? 0
            guard collected.count >= headBytes + length else { return nil }
            let body = Array(collected[headBytes..<(headBytes + length)])
            collected.removeFirst(headBytes + length)
            return Received(head: head, body: body)
        }

        private func perform(_ steps: ArraySlice<Step>, _ context: ChannelHandlerContext) {
            guard let step = steps.first, context.channel.isActive else { return }
            let rest = steps.dropFirst()
            let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
            switch step {
            case .send(let text):
                context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
                perform(rest, context)
            case .wait(let time):
                context.eventLoop.scheduleTask(in: TimeAmount(time)) {
                    bound.value.handler.perform(rest, bound.value.context)
                }
            case .trickle(let character, let interval):
                context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: String(character))), promise: nil)
                context.eventLoop.scheduleTask(in: TimeAmount(interval)) {
                    bound.value.handler.perform(steps, bound.value.context)
                }
            case .flood(let bytes):
                let chunk = String(bytes, radix: 16) + "\r\n" + String(repeating: "x", count: bytes) + "\r\n"
                context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: chunk))).whenSuccess {
                    let (handler, context) = bound.value
                    handler.state.value.withLock { $0.floodedBytes += bytes }
                    context.eventLoop.execute { bound.value.handler.perform(steps, bound.value.context) }
                }
            case .close:
                context.close(promise: nil)
            case .reset:
                let channel = context.channel
                let lingering = (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
                lingering?.whenComplete { _ in channel.close(promise: nil) }
            }
        }
    }
}

extension ScriptedServer.Step {
    /// A complete answer of known length.
    static func answer(_ status: String = "200 OK", headers: [String] = [], _ body: String = "") -> Self {
        let length = status.hasPrefix("204") ? [] : ["Content-Length: \(body.utf8.count)"]
        return .send((["HTTP/1.1 \(status)"] + headers + length).joined(separator: "\r\n") + "\r\n\r\n" + body)
    }
}
