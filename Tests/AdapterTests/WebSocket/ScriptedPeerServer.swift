import NIOCore
import NIOPosix
import NIOSSL

/// A TCP server on loopback that hands its connections to a test.
final class ScriptedPeerServer: Sendable {
    let port: Int
    private let listener: any Channel
    private let accepted: EventBox<ScriptedPeer>

    private init(port: Int, listener: any Channel, accepted: EventBox<ScriptedPeer>) {
        self.port = port
        self.listener = listener
        self.accepted = accepted
    }

    static func start(tls: Bool = false, host: String = "127.0.0.1") async throws -> ScriptedPeerServer {
        let accepted = EventBox<ScriptedPeer>()
        let context = tls ? try TestCertificates.serverContext() : nil
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 64)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let peer = ScriptedPeer(channel: channel)
                    if let context {
                        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
                    }
                    try channel.pipeline.syncOperations.addHandler(ScriptedPeer.Handler(peer: peer))
                    Task { await accepted.record(peer) }
                }
            }
            .bind(host: host, port: 0).get()
        return ScriptedPeerServer(port: listener.localAddress?.port ?? 0, listener: listener, accepted: accepted)
    }

    /// The connection of that number, counted from 0, as soon as there is one.
    func connection(_ number: Int = 0) async throws -> ScriptedPeer {
        try await accepted.wait(count: number + 1, within: .seconds(60))[number]
    }

    var connectionCount: Int {
        get async { await accepted.events.count }
    }

    func stop() async throws {
        try await listener.close().get()
        for peer in await accepted.events { try await peer.close() }
    }
}
