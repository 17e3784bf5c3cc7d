import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// A listener on loopback that carries what it is sent over TLS to one origin: how ``FoundationTransport`` comes to a
/// private CA. Within the process's own machine the request is plain text for the length of this one hop, which only
/// root could overhear.
///
/// Certificate and host name are verified here, before a byte of the request is let through. What goes wrong before that
/// is told to the transport by a made-up answer that names an entry of ``TLSRelayRefusals``.
final class TLSRelay: Sendable {
    let port: Int
    let refusals: TLSRelayRefusals
    private let listener: any Channel
    private let connections: Connections

    private init(port: Int, refusals: TLSRelayRefusals, listener: any Channel, connections: Connections) {
        self.port = port
        self.refusals = refusals
        self.listener = listener
        self.connections = connections
    }

    static func start(
        to origin: HTTPOrigin,
        context: NIOSSLContext,
        connectTimeout: Duration
    ) async -> Result<TLSRelay, HTTPFailure> {
        let refusals = TLSRelayRefusals(origin: origin)
        let connections = Connections()
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.autoRead, value: false)
            .childChannelInitializer { channel in
                connections.add(channel)
                return channel.eventLoop.makeCompletedFuture {
                    let pair = TLSRelayHalf.pair(refusals: refusals)
                    try channel.pipeline.syncOperations.addHandler(pair.near)
                    connect(
                        near: pair.near,
                        far: pair.far,
                        of: channel,
                        origin: origin,
                        context: context,
                        connectTimeout: connectTimeout
                    )
                }
            }
        do {
            let listener = try await bootstrap.bind(host: "127.0.0.1", port: 0).get()
            guard let port = listener.localAddress?.port else { throw ChannelError.unknownLocalAddress }
            return .success(TLSRelay(port: port, refusals: refusals, listener: listener, connections: connections))
        } catch {
            return .failure(
                HTTPFailure(.other, requestMayHaveBeenSent: false, detail: "no TLS relay for \(origin): \(error)")
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

    private static func connect(
        near: TLSRelayHalf,
        far: TLSRelayHalf,
        of channel: any Channel,
        origin: HTTPOrigin,
        context: NIOSSLContext,
        connectTimeout: Duration
    ) {
        let halves = NIOLoopBound((near: near, far: far), eventLoop: channel.eventLoop)
        let name = origin.host.isIPAddress ? nil : origin.host
        ClientBootstrap(group: channel.eventLoop)
            .connectTimeout(TimeAmount(clamping: connectTimeout))
            .channelInitializer { upstream in
                upstream.eventLoop.makeCompletedFuture {
                    let tls = try NIOSSLClientHandler(context: context, serverHostname: name)
                    try upstream.pipeline.syncOperations.addHandlers([tls, halves.value.far])
                }
            }
            .connect(host: origin.host, port: origin.effectivePort)
            .whenComplete { result in
                switch result {
                case .failure(let error): halves.value.near.refuse(error)
                case .success(let upstream) where !channel.isActive: return upstream.close(promise: nil)
                case .success: break
                }
                channel.setOption(.autoRead, value: true).whenFailure { _ in channel.close(promise: nil) }
            }
    }

    /// The open connections from URLSession, so that closing the relay closes them; each takes its other half with it.
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

extension String {
    fileprivate var isIPAddress: Bool {
        do {
            _ = try SocketAddress(ipAddress: self, port: 0)
            return true
        } catch {
            return false
        }
    }
}
