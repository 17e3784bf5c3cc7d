import Testing
import Wire

/// A scripted server and an opener, both closed at the end of the test.
struct WebSocketStage: Sendable {
    let server: ScriptedPeerServer
    let opener: NIOWebSocketOpener
    let url: String

    static func run<Result>(
        tls: Bool = false,
        listen address: String = "127.0.0.1",
        url: (Int) -> String = { "ws://127.0.0.1:\($0)/callcontrol/ws" },
        settings: HTTPTransportSettings = HTTPTransportSettings(),
        _ body: (WebSocketStage) async throws -> Result
    ) async throws -> Result {
        let server = try await ScriptedPeerServer.start(tls: tls, host: address)
        let opener = try NIOWebSocketOpener(settings: settings)
        let stage = WebSocketStage(server: server, opener: opener, url: url(server.port))
        do {
            let result = try await body(stage)
            try await stage.end()
            return result
        } catch {
            try await stage.end()
            throw error
        }
    }

    private func end() async throws {
        await opener.shutdown()
        try await server.stop()
    }

    /// Generous, for a machine under load.
    func request(
        timeout: Duration = .seconds(60),
        pingInterval: Duration = .seconds(60),
        pongTimeout: Duration = .seconds(60),
        maximumMessageBytes: Int = 1 << 20
    ) -> WebSocketRequest {
        WebSocketRequest(
            url: url, headers: ["Authorization": "Bearer s3cret"], timeout: timeout, pingInterval: pingInterval,
            pongTimeout: pongTimeout, maximumMessageBytes: maximumMessageBytes)
    }

    /// An open socket and its other end, which has sent `bytes` together with its answer.
    func open(
        _ request: WebSocketRequest? = nil,
        number: Int = 0,
        then bytes: [UInt8] = []
    ) async throws -> (socket: any WebSocket, peer: ScriptedPeer) {
        async let opening = opener.open(request ?? self.request())
        let peer = try await server.connection(number)
        try await peer.accept(try await peer.head(), then: bytes)
        return (try await opening, peer)
    }

    /// What comes of an attempt that the peer answers so, and that must fail.
    func failure(
        of request: WebSocketRequest? = nil,
        number: Int = 0,
        whenAnswered answer: (ScriptedPeer) async throws -> Void
    ) async throws -> WebSocketFailure {
        async let opening = failureOfOpening(request)
        try await answer(try await server.connection(number))
        return try #require(await opening)
    }

    /// The failure of an attempt that must fail.
    func failureOfOpening(_ request: WebSocketRequest? = nil) async -> WebSocketFailure? {
        do throws(WebSocketFailure) {
            _ = try await opener.open(request ?? self.request())
            Issue.record("opened instead of failing")
            return nil
        } catch {
            return error
        }
    }
}

extension WebSocket {
    func text() async throws -> String {
        String(decoding: try await receive(), as: UTF8.self)
    }

    /// The failure of a `receive` that must fail.
    func failure(sourceLocation: SourceLocation = #_sourceLocation) async -> WebSocketFailure? {
        do throws(WebSocketFailure) {
            let message = try await receive()
            Issue.record("received \(message.count) bytes instead of failing", sourceLocation: sourceLocation)
            return nil
        } catch {
            return error
        }
    }
}
