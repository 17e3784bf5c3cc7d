import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Synchronization

/// Keeps an answer while it comes in, and whether its request has gone out.
final class HTTPResponseCollector: HTTPClientResponseDelegate {
    private struct State {
        var status = 0
        var headers = HTTPHeaders()
        var body: [UInt8] = []
    }

    private let origin: HTTPOrigin
    private let maximumBytes: Int
    private let hasBody: Bool
    private let state = Mutex(State())
    private let started = Atomic(false)

    /// `hasBody`: whether what the answer says of its length is the length of what comes.
    init(origin: HTTPOrigin, maximumBytes: Int, hasBody: Bool) {
        self.origin = origin
        self.maximumBytes = maximumBytes
        self.hasBody = hasBody
    }

    /// Whether the request had a connection, with TLS where that is asked for: only then the server may have acted on
    /// it.
    var isStarted: Bool { started.load(ordering: .acquiring) }

    func didSendRequestHead(task: HTTPClient.Task<HTTPResponse>, _ head: HTTPRequestHead) {
        started.store(true, ordering: .releasing)
    }

    func didReceiveHead(task: HTTPClient.Task<HTTPResponse>, _ head: HTTPResponseHead) -> EventLoopFuture<Void> {
        let headers = HTTPHeaders(head.headers.map { HTTPHeader(name: $0.name, value: $0.value) })
        if hasBody, let declared = headers.first("Content-Length").flatMap({ Int($0) }), declared > maximumBytes {
            return task.eventLoop.makeFailedFuture(tooLarge)
        }
        state.withLock {
            $0.status = Int(head.status.code)
            $0.headers = headers
        }
        return task.eventLoop.makeSucceededVoidFuture()
    }

    func didReceiveBodyPart(task: HTTPClient.Task<HTTPResponse>, _ buffer: ByteBuffer) -> EventLoopFuture<Void> {
        let fits = state.withLock { state in
            guard state.body.count + buffer.readableBytes <= maximumBytes else { return false }
            state.body.append(contentsOf: buffer.readableBytesView)
            return true
        }
        return fits ? task.eventLoop.makeSucceededVoidFuture() : task.eventLoop.makeFailedFuture(tooLarge)
    }

    func didFinishRequest(task: HTTPClient.Task<HTTPResponse>) -> HTTPResponse {
        state.withLock { HTTPResponse(status: $0.status, headers: $0.headers, body: $0.body) }
    }

    private var tooLarge: HTTPFailure {
        HTTPFailure(
            .bodyTooLarge, requestMayHaveBeenSent: true,
            detail: "answer of \(origin) is larger than \(maximumBytes) bytes")
    }
}
