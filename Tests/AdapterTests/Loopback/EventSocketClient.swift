import Testing
import Wire

/// A loopback PBX and the program's own WebSocket client, with a token.
struct EventSocketClient: Sendable {
    let pbx: LoopbackCallControlPBX
    let opener: NIOWebSocketOpener
    let client = LoopbackClient()

    static func run<Result>(
        configure: (inout CallControlPBXState) -> Void = { _ in },
        _ body: (EventSocketClient) async throws -> Result
    ) async throws -> Result {
        let pbx = try await LoopbackCallControlPBX.start(configure: configure)
        let opener = try NIOWebSocketOpener(settings: HTTPTransportSettings())
        do {
            let result = try await body(EventSocketClient(pbx: pbx, opener: opener))
            await opener.shutdown()
            await pbx.stop()
            return result
        } catch {
            await opener.shutdown()
            await pbx.stop()
            throw error
        }
    }

    func token() async throws -> String {
        let answer = try await client.post(
            "\(pbx.host)/connect/token",
            form: "client_id=zammadbridge&client_secret=secret&grant_type=client_credentials")
        return try #require(answer.json?["access_token"]?.string)
    }

    func open(token: String) async throws(WebSocketFailure) -> any WebSocket {
        try await opener.open(
            WebSocketRequest(
                url: "\(pbx.host)/callcontrol/ws", headers: ["Authorization": "Bearer \(token)"], timeout: .seconds(60),
                pongTimeout: .seconds(60)))
    }

    func open() async throws -> any WebSocket { try await open(token: try await token()) }

    /// The kind of the failure of an upgrade that must fail.
    func refusal(token: String) async -> WebSocketFailure.Kind? {
        do throws(WebSocketFailure) {
            _ = try await open(token: token)
            Issue.record("opened instead of failing")
            return nil
        } catch {
            return error.kind
        }
    }

    func get(_ path: String, token: String) async throws -> LoopbackClient.Answer {
        try await client.get("\(pbx.host)\(path)", headers: ["Authorization": "Bearer \(token)"])
    }
}

extension WebSocket {
    /// The next event in short: `3 0 101/8106`, which is sequence, type and entity.
    func event() async throws -> String {
        let json = try LoopbackJSON(text: try await text())
        let entity = json["event"]?["entity"]?.string ?? ""
        let parts = entity.split(separator: "/").filter { $0 != "callcontrol" && $0 != "participants" }
        let numbers = [json["sequence"]?.integer, json["event"]?["event_type"]?.integer].map { "\($0 ?? -1)" }
        return (numbers + [parts.joined(separator: "/")]).joined(separator: " ")
    }
}
