package import Logging
package import Wire

/// Logs every request with its answer at level trace, masked so that the log can be passed on.
package struct TracingTransport: HTTPTransport {
    private let base: any HTTPTransport
    private let log: Logger
    private let mask: TraceMask

    package init(_ base: any HTTPTransport, log: Logger, mask: TraceMask) {
        self.base = base
        self.log = log
        self.mask = mask
    }

    package func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
        guard log.logLevel <= .trace else { return try await base.send(request) }
        let startedAt = ContinuousClock.now
        do {
            let response = try await base.send(request)
            var metadata = describe(request, since: startedAt)
            metadata["status"] = "\(response.status)"
            metadata["bytes"] = "\(response.body.count)"
            metadata["headers"] = "\(mask.headers(response.headers))"
            if !response.body.isEmpty {
                metadata["answer"] = "\(mask.body(response.body, contentType: response.headers.first("Content-Type")))"
            }
            log.trace("request", metadata: metadata)
            return response
        } catch {
            var metadata = describe(request, since: startedAt)
            metadata["failure"] = "\(error.kind.rawValue)"
            metadata["may_have_been_sent"] = "\(error.requestMayHaveBeenSent)"
            log.trace("request", metadata: metadata)
            throw error
        }
    }

    package func shutdown() async {
        await base.shutdown()
    }

    private func describe(_ request: HTTPRequest, since start: ContinuousClock.Instant) -> Logger.Metadata {
        var metadata: Logger.Metadata = [
            "method": "\(request.method.rawValue)",
            "to": "\(HTTPOrigin(request.url).map(String.init(describing:)) ?? HTTPOrigin.redacted(request.url))",
            "path": "\(mask.target(of: request.url))",
            "ms": "\((ContinuousClock.now - start) / .milliseconds(1))",
        ]
        if let body = request.body {
            metadata["sent"] = "\(mask.body(body, contentType: request.headers.first("Content-Type")))"
        }
        return metadata
    }
}
