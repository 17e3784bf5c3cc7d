import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// An HTTP relay on loopback to one origin, between URLSession and the network. ``FoundationTransport`` says why it is
/// needed. A request is plain text for the length of this one hop, which only root could overhear.
///
/// Each connection from URLSession has at most one to the server at a time. That one may close while idle without
/// URLSession noticing; the next request then gets a new one. No request is ever sent again.
final class LoopbackRelay: Sendable {
    let port: Int
    private let listener: any Channel
    private let connections: Connections

    private init(port: Int, listener: any Channel, connections: Connections) {
        self.port = port
        self.listener = listener
        self.connections = connections
    }

    static func start(_ target: LoopbackRelayTarget) async -> Result<LoopbackRelay, HTTPFailure> {
        let connections = Connections()
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 256)
            .childChannelInitializer { channel in
                connections.add(channel)
                return channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.configureHTTPServerPipeline(
                        withPipeliningAssistance: false,
                        withErrorHandling: false
                    )
                    try pipeline.addHandler(LoopbackRelayNear(target))
                }
            }
        do {
            let listener = try await bootstrap.bind(host: "127.0.0.1", port: 0).get()
            guard let port = listener.localAddress?.port else { throw ChannelError.unknownLocalAddress }
            return .success(LoopbackRelay(port: port, listener: listener, connections: connections))
        } catch {
            return .failure(
                HTTPFailure(
                    .other,
                    requestMayHaveBeenSent: false,
                    detail: "no relay on loopback for \(target.origin): \(error)"
                )
            )
        }
    }

    func close() async {
        await closed(listener)
        for channel in connections.takeAll() { await closed(channel) }
    }

    private func closed(_ channel: any Channel) async {
        do {
            try await channel.close().get()
        } catch {
            // Closed already, by its peer.
        }
    }

    /// The open connections from URLSession, so that closing the relay closes them; each takes the one to the server
    /// with it.
    private final class Connections: Sendable {
        private let open = Mutex<[ObjectIdentifier: any Channel]>([:])

        func add(_ channel: any Channel) {
            let id = ObjectIdentifier(channel)
            open.withLock { $0[id] = channel }
            channel.closeFuture.whenComplete { _ in
                self.open.withLock { _ = $0.removeValue(forKey: id) }
            }
        }

        func takeAll() -> [any Channel] {
            open.withLock { open in
                defer { open = [:] }
                return Array(open.values)
            }
        }
    }
}
