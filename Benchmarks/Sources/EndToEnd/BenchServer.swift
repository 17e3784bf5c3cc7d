import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket

/// A small HTTP server on loopback: its answers cost next to nothing beside what is measured.
final class BenchServer: Sendable {
    struct Request: Sendable {
        var method: HTTPMethod
        var path: String
        var body: ByteBuffer
        /// When the last byte had been read.
        var readAt: NIODeadline
    }

    struct Answer: Sendable {
        var status: HTTPResponseStatus = .ok
        var headers: HTTPHeaders = ["Content-Type": "application/json"]
        var body = ByteBuffer()
        var delay: TimeAmount?
        /// Called when the answer is handed to the socket.
        var whenSent: (@Sendable (NIODeadline) -> Void)?
    }

    typealias Responder = @Sendable (Request) -> Answer
    typealias SocketListener = @Sendable (any Channel) -> Void

    private let channel: any Channel

    var origin: String { "http://127.0.0.1:\(channel.localAddress?.port ?? 0)" }

    static func start(
        on group: any EventLoopGroup, socketPath: String? = nil, whenOpened: @escaping SocketListener = { _ in },
        _ respond: @escaping Responder
    ) async throws -> BenchServer {
        let channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { child in
                child.eventLoop.makeCompletedFuture {
                    let http = BenchHTTPHandler(respond: respond)
                    let upgrader = NIOWebSocketServerUpgrader(
                        shouldUpgrade: { channel, head in
                            channel.eventLoop.makeSucceededFuture(head.uri == socketPath ? HTTPHeaders() : nil)
                        },
                        upgradePipelineHandler: { channel, _ in
                            channel.eventLoop.makeCompletedFuture {
                                try channel.pipeline.syncOperations.addHandler(BenchSocketHandler())
                                whenOpened(channel)
                            }
                        })
                    let bound = NIOLoopBound(http, eventLoop: child.eventLoop)
                    try child.pipeline.syncOperations.configureHTTPServerPipeline(
                        withServerUpgrade: (
                            upgraders: [upgrader],
                            completionHandler: { context in
                                context.pipeline.syncOperations.removeHandler(bound.value, promise: nil)
                            }
                        ))
                    try child.pipeline.syncOperations.addHandler(http)
                }
            }
            .bind(host: "127.0.0.1", port: 0)
            .get()
        return BenchServer(channel: channel)
    }

    private init(channel: any Channel) { self.channel = channel }

    func stop() async throws { try await channel.close() }
}
