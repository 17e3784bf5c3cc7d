import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// One request over async-http-client, from the check of its deadline to the last byte of the answer.
struct AsyncHTTPClientExchange: Sendable {
    private enum Outcome: Sendable {
        case answered(HTTPResponse)
        case failed(HTTPFailure)
        case deadlinePassed
        case cancelled
    }

    let client: HTTPClient
    let settings: HTTPTransportSettings
    let request: HTTPRequest
    let origin: HTTPOrigin

    /// The client's own deadline ends with the head of the answer, and a slow body would pass it: hence the race.
    func run() async throws(HTTPFailure) -> HTTPResponse {
        let body = request.body.flatMap { $0.isEmpty ? nil : SingleChunkBody($0) }
        let outcome = await withTaskGroup(of: Outcome.self) { group in
            group.addTask { await exchange(body) }
            group.addTask { await deadline() }
            let first = await group.next() ?? .cancelled
            group.cancelAll()
            return first
        }
        let started = body?.wasAskedFor ?? true
        switch outcome {
        case .answered(let response):
            return response
        case .failed(let failure) where failure.kind != .cancelled || !Task.isCancelled:
            throw failure
        case .deadlinePassed where !started:
            throw NIOFailure.connectTimeout(origin)
        case .deadlinePassed:
            throw NIOFailure.failure(for: HTTPClientError.deadlineExceeded, origin: origin, requestStarted: true)
        case .cancelled, .failed:
            throw NIOFailure.failure(for: CancellationError(), origin: origin, requestStarted: started)
        }
    }

    private func exchange(_ body: SingleChunkBody?) async -> Outcome {
        do {
            let response = try await client.execute(clientRequest(body), deadline: .distantFuture)
            return .answered(try await collected(response))
        } catch {
            return .failed(
                NIOFailure.failure(for: error, origin: origin, requestStarted: body?.wasAskedFor ?? true)
            )
        }
    }

    private func deadline() async -> Outcome {
        do {
            try await client.eventLoopGroup.any().sleep(for: request.timeout)
            return .deadlinePassed
        } catch {
            return .cancelled
        }
    }

    private func clientRequest(_ body: SingleChunkBody?) -> HTTPClientRequest {
        var outgoing = HTTPClientRequest(url: request.url)
        outgoing.method = NIOHTTP1.HTTPMethod(rawValue: request.method.rawValue)
        for field in request.headers.fields {
            outgoing.headers.add(name: field.name, value: field.value)
        }
        if request.headers.first("User-Agent") == nil {
            outgoing.headers.add(name: "User-Agent", value: settings.userAgent)
        }
        if let body {
            outgoing.body = .bytes(body, length: .known(Int64(body.count)))
        }
        return outgoing
    }

    private func collected(_ response: HTTPClientResponse) async throws -> HTTPResponse {
        let headers = HTTPHeaders(response.headers.map { HTTPHeader(name: $0.name, value: $0.value) })
        if request.method != .head, let declared = headers.first("Content-Length").flatMap({ Int($0) }),
            declared > settings.maximumBodyBytes
        {
            throw tooLarge
        }
        var bytes: [UInt8] = []
        for try await chunk in response.body {
            guard bytes.count + chunk.readableBytes <= settings.maximumBodyBytes else { throw tooLarge }
            bytes.append(contentsOf: chunk.readableBytesView)
        }
        try Task.checkCancellation()
        return HTTPResponse(status: Int(response.status.code), headers: headers, body: bytes)
    }

    private var tooLarge: HTTPFailure {
        HTTPFailure(
            .bodyTooLarge,
            requestMayHaveBeenSent: true,
            detail: "answer of \(origin) is larger than \(settings.maximumBodyBytes) bytes"
        )
    }
}
