import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// One request over async-http-client, from the check of its deadline to the last byte of the answer.
///
/// By delegate, not by `async` methods of the client: those begin a task on Swift's own threads for each request, which
/// wakes one of them for nothing.
struct AsyncHTTPClientExchange: Sendable {
    let client: HTTPClient
    let requests: RequestsUnderWay
    /// The same for all requests of a client, which then opens all connections on it: what it writes from another
    /// thread than the connection's could be overtaken by an answer that ends with the connection, and the client would
    /// call the request failed.
    let eventLoop: any EventLoop
    let settings: HTTPTransportSettings
    let request: HTTPRequest
    let origin: HTTPOrigin

    func run() async throws(HTTPFailure) -> HTTPResponse {
        guard !Task.isCancelled else { throw cancelled(isStarted: false) }
        let collector = HTTPResponseCollector(
            origin: origin, maximumBytes: settings.maximumBodyBytes, hasBody: request.method != .head)
        let task: HTTPClient.Task<HTTPResponse>
        do {
            task = client.execute(
                request: try clientRequest(), delegate: collector, eventLoop: .delegate(on: eventLoop),
                deadline: .now() + TimeAmount(clamping: request.timeout))
        } catch {
            throw NIOFailure.failure(for: error, origin: origin, requestStarted: false)
        }
        let number = requests.add(task)
        defer { requests.remove(number) }
        do {
            return try await withTaskCancellationHandler {
                try await task.get()
            } onCancel: {
                task.cancel()
            }
        } catch {
            throw failure(error, isStarted: collector.isStarted)
        }
    }

    private func failure(_ error: any Error, isStarted: Bool) -> HTTPFailure {
        switch error as? HTTPClientError {
        case .cancelled? where Task.isCancelled: cancelled(isStarted: isStarted)
        case .deadlineExceeded? where !isStarted: NIOFailure.connectTimeout(origin)
        default: NIOFailure.failure(for: error, origin: origin, requestStarted: isStarted)
        }
    }

    private func cancelled(isStarted: Bool) -> HTTPFailure {
        NIOFailure.failure(for: CancellationError(), origin: origin, requestStarted: isStarted)
    }

    private func clientRequest() throws -> HTTPClient.Request {
        var headers = NIOHTTP1.HTTPHeaders()
        for field in request.headers.fields {
            headers.add(name: field.name, value: field.value)
        }
        if request.headers.first("User-Agent") == nil {
            headers.add(name: "User-Agent", value: settings.userAgent)
        }
        let body = request.body.flatMap { $0.isEmpty ? nil : HTTPClient.Body.byteBuffer(ByteBuffer(bytes: $0)) }
        return try HTTPClient.Request(
            url: request.url, method: NIOHTTP1.HTTPMethod(rawValue: request.method.rawValue), headers: headers,
            body: body)
    }
}
