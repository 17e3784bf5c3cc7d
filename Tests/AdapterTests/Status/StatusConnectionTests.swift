import NIOCore
import NIOEmbedded
import NIOHTTP1
import NIOPosix
import Testing

@testable import Adapters

@Suite("The connections of the status server", .timeLimit(.minutes(10)))
struct StatusConnectionTests {
    private static let request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"

    /// Opens connections on which no more than a text is sent, and closes them at the end.
    private func withConnections(
        _ count: Int, to port: Int, sending text: String = "", _ body: ([any Channel]) async throws -> Void
    ) async throws {
        var channels: [any Channel] = []
        for _ in 0..<count {
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: "127.0.0.1", port: port).get()
            if !text.isEmpty { try await channel.writeAndFlush(ByteBuffer(string: text)).get() }
            channels.append(channel)
        }
        let result: Result<Void, any Error>
        do { result = .success(try await body(channels)) } catch { result = .failure(error) }
        for channel in channels { channel.close(promise: nil) }
        try result.get()
    }

    @Test(
        "make room for a probe, whoever holds them",
        arguments: [
            "", "GET / HTTP/1.1\r\nHost: l", "POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nt",
        ])
    func room(text: String) async throws {
        try await StatusStage.with(mostConnections: 8) { stage in
            try await withConnections(20, to: stage.port, sending: text) { _ in
                let start = ContinuousClock.now
                for _ in 0..<3 {
                    let status = try await stage.get("/healthz").status
                    #expect(status == 200)
                }
                #expect(ContinuousClock.now - start < .seconds(10))
            }
        }
    }

    @Test("are kept while something is answered on them, and the new one is refused")
    func busy() async throws {
        try await StatusStage.with(mostConnections: 4) { stage in
            let head = "GET /activity HTTP/1.1\r\nHost: localhost\r\n\r\n"
            try await withConnections(4, to: stage.port, sending: head) { channels in
                let answer = try await RawHTTP.exchange(Self.request, port: stage.port)
                #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 200"))
                #expect(channels.filter(\.isActive).count >= 3, "a stream is not closed for a new one")
            }
        }
    }

    @Test("end where more requests come than anybody sends before the answers")
    func pipelining() async throws {
        try await StatusStage.with { stage in
            let few = try await RawHTTP.exchange(
                String(repeating: Self.request, count: 5), port: stage.port
            ) { $0.ranges(of: "HTTP/1.1 200").count == 5 }
            #expect(few.ranges(of: "HTTP/1.1 200").count == 5)
            let many = try await RawHTTP.exchange(String(repeating: Self.request, count: 500), port: stage.port)
            #expect(many.ranges(of: "HTTP/1.1 200").count < 500)
            #expect(try await stage.get("/healthz").status == 200)
        }
    }

    @Test("end where a request is begun and not sent")
    func sending() async throws {
        var limits = StatusConnectionHandler.Limits()
        limits.sending = .milliseconds(200)
        try await StatusStage.with(limits: limits) { stage in
            let half = "POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nt"
            try await withConnections(1, to: stage.port, sending: half) { channels in
                for channel in channels { try await channel.closeFuture.get() }
            }
        }
    }

    @Test("end where nothing of the answers is taken for a while, and not where some of it is")
    func taking() throws {
        let channel = EmbeddedChannel(handler: StatusConnectionHandler(StatusConnections(limit: 1)))
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        try channel.writeInbound(HTTPServerRequestPart.head(.init(version: .http1_1, method: .GET, uri: "/")))
        try channel.writeInbound(HTTPServerRequestPart.end(nil))
        func takes(_ isTaken: Bool, for time: TimeAmount) {
            channel.isWritable = isTaken
            channel.pipeline.fireChannelWritabilityChanged()
            channel.embeddedEventLoop.advanceTime(by: time)
        }
        takes(false, for: .seconds(19))
        takes(true, for: .seconds(60))
        takes(false, for: .seconds(19))
        #expect(channel.isActive)
        channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(!channel.isActive)
    }
}
