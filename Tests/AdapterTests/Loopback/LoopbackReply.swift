import Adapters

/// What a loopback server answers.
struct LoopbackReply: Equatable, Sendable {
    var status: Int
    var contentType: String?
    var cookies: [String] = []
    var headers: [String: String] = [:]
    var body: String
    /// The other end of the WebSocket that the connection becomes, if the request asks for that properly.
    var socket: LoopbackSocket?

    init(status: Int, contentType: String? = nil, body: String = "") {
        self.status = status
        self.contentType = contentType
        self.body = body
    }

    static func json(_ value: LoopbackJSON, status: Int = 200) throws -> LoopbackReply {
        .json(text: try value.text(), status: status)
    }

    static func json(text: String, status: Int = 200) -> LoopbackReply {
        LoopbackReply(status: status, contentType: "application/json; charset=utf-8", body: text)
    }

    static func text(_ text: String, status: Int = 200) -> LoopbackReply {
        LoopbackReply(status: status, contentType: "text/plain; charset=utf-8", body: text)
    }

    static func upgrade(to socket: LoopbackSocket) -> LoopbackReply {
        var reply = LoopbackReply(status: 101)
        reply.socket = socket
        return reply
    }

    static func empty(_ status: Int) -> LoopbackReply {
        LoopbackReply(status: status)
    }

    static let loginPage = LoopbackReply(
        status: 200,
        contentType: "text/html; charset=utf-8",
        body: "<!DOCTYPE html><html><head><title>Sign in</title></head><body><form>Sign in</form></body></html>"
    )
}
