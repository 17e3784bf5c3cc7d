import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket
import Synchronization
import Wire

/// A web server on loopback for what the demo plays in place of 3CX and Zammad: one answer a request, and WebSockets.
final class DemoServer: Sendable {
    private static let mostConnections = 128

    /// The connections that are open.
    private final class Connections: Sendable {
        private let open = Mutex<[ObjectIdentifier: any Channel]>([:])

        /// Whether there was room for one more.
        func add(_ channel: any Channel) -> Bool {
            let isRoom = open.withLock { open in
                guard open.count < DemoServer.mostConnections else { return false }
                open[ObjectIdentifier(channel)] = channel
                return true
            }
            if isRoom { channel.closeFuture.whenComplete { _ in self.remove(channel) } }
            return isRoom
        }

        private func remove(_ channel: any Channel) {
            open.withLock { _ = $0.removeValue(forKey: ObjectIdentifier(channel)) }
        }

        func closeAll() {
            for channel in open.withLock({ Array($0.values) }) { channel.close(promise: nil) }
        }
    }

    private let listener: any Channel
    private let connections: Connections
    let origin: String

    private init(listener: any Channel, connections: Connections) {
        self.listener = listener
        self.connections = connections
        origin = "http://127.0.0.1:\(listener.localAddress?.port ?? 0)"
    }

    /// - Parameters:
    ///   - sockets: Who takes WebSockets, if anybody does.
    ///   - respond: Is called on an event loop, and must not wait.
    static func start(
        sockets: (any DemoSocketOwner)? = nil, respond: @escaping @Sendable (DemoRequest) -> DemoReply
    ) async throws -> DemoServer {
        let connections = Connections()
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 64)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard connections.add(channel) else { throw ChannelError.ioOnClosedChannel }
                    try configure(channel, sockets, respond)
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return DemoServer(listener: listener, connections: connections)
    }

    /// Ends all connections.
    func stop() async {
        do {
            try await listener.close()
        } catch {
            // It is closed already.
        }
        connections.closeAll()
    }

    private static func configure(
        _ channel: any Channel, _ sockets: (any DemoSocketOwner)?,
        _ respond: @escaping @Sendable (DemoRequest) -> DemoReply
    ) throws {
        let pipeline = channel.pipeline.syncOperations
        let handlerName = "demo"
        var upgraders: [any HTTPServerProtocolUpgrader] = []
        if let sockets {
            upgraders.append(
                NIOWebSocketServerUpgrader(
                    shouldUpgrade: { channel, head in
                        let headers = sockets.takesSocket(at: head.uri) ? NIOHTTP1.HTTPHeaders() : nil
                        return channel.eventLoop.makeSucceededFuture(headers)
                    },
                    upgradePipelineHandler: { channel, _ in
                        channel.eventLoop.makeCompletedFuture {
                            try channel.pipeline.syncOperations.addHandler(DemoSocketHandler(sockets))
                        }
                    }))
        }
        try pipeline.configureHTTPServerPipeline(
            withServerUpgrade: (
                upgraders: upgraders,
                completionHandler: { context in
                    context.pipeline.syncOperations.removeHandler(name: handlerName, promise: nil)
                }
            ))
        try pipeline.addHandler(DemoHTTPHandler(respond), name: handlerName)
    }
}
