import Adapters
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket
import Synchronization
import Wire

/// A web server on loopback for what the demo plays in place of 3CX and Zammad: one answer a request, and WebSockets.
final class DemoServer: Sendable {
    private static let mostConnections = 128

    private let listener = Mutex<(any Channel)?>(nil)
    /// The connections that are open.
    private let connections = Mutex<[ObjectIdentifier: any Channel]>([:])

    /// - Parameters:
    ///   - phoneSystem: Takes WebSockets, if they are taken.
    ///   - respond: Is called on an event loop, and must not wait.
    /// - Returns: Scheme, host and port.
    func start(
        sockets phoneSystem: DemoPhoneSystem? = nil, respond: @escaping @Sendable (DemoRequest) -> ScriptedAnswer
    ) async throws -> String {
        let started = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 64)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard self.add(channel) else { throw ChannelError.ioOnClosedChannel }
                    try Self.configure(channel, phoneSystem, respond)
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        listener.withLock { $0 = started }
        return "http://127.0.0.1:\(started.localAddress?.port ?? 0)"
    }

    /// Ends all connections.
    func stop() async {
        do {
            try await listener.withLock { $0 }?.close()
        } catch {
            // It is closed already.
        }
        for channel in connections.withLock({ Array($0.values) }) { channel.close(promise: nil) }
    }

    /// Whether there was room for one more.
    private func add(_ channel: any Channel) -> Bool {
        let id = ObjectIdentifier(channel)
        let isRoom = connections.withLock { connections in
            guard connections.count < Self.mostConnections else { return false }
            connections[id] = channel
            return true
        }
        if isRoom {
            channel.closeFuture.whenComplete { _ in
                self.connections.withLock { _ = $0.removeValue(forKey: id) }
            }
        }
        return isRoom
    }

    private static func configure(
        _ channel: any Channel, _ phoneSystem: DemoPhoneSystem?,
        _ respond: @escaping @Sendable (DemoRequest) -> ScriptedAnswer
    ) throws {
        let pipeline = channel.pipeline.syncOperations
        let handlerName = "demo"
        var upgraders: [any HTTPServerProtocolUpgrader] = []
        if let phoneSystem {
            upgraders.append(
                NIOWebSocketServerUpgrader(
                    shouldUpgrade: { channel, head in
                        let headers = phoneSystem.takesSocket(at: head.uri) ? NIOHTTP1.HTTPHeaders() : nil
                        return channel.eventLoop.makeSucceededFuture(headers)
                    },
                    upgradePipelineHandler: { channel, _ in
                        channel.eventLoop.makeCompletedFuture {
                            try channel.pipeline.syncOperations.addHandler(DemoSocketHandler(phoneSystem))
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
        let cookie = phoneSystem == nil ? nil : ScriptedAnswers.cookie
        try pipeline.addHandler(DemoHTTPHandler(cookie: cookie, respond: respond), name: handlerName)
    }
}
