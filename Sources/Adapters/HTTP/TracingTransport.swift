package import Logging

/// Logs every request and what came of it, without bodies, headers and whatever of the URL may be secret.
package struct TracingTransport: HTTPTransport {
    private let base: any HTTPTransport
    private let log: Logger
    private let showsPath: Bool

    /// `showsPath`: whether paths hold no secrets, as with 3CX; Zammad's endpoint has its token in the path.
    package init(_ base: any HTTPTransport, log: Logger, showsPath: Bool) {
        self.base = base
        self.log = log
        self.showsPath = showsPath
    }

    package func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
        guard log.logLevel <= .trace else { return try await base.send(request) }
        let origin = HTTPOrigin.redacted(request.url)
        var metadata: Logger.Metadata = ["method": "\(request.method.rawValue)", "to": "\(origin)"]
        if showsPath { metadata["path"] = "\(HTTPOrigin.target(of: request.url).prefix { $0 != "?" })" }
        let startedAt = ContinuousClock.now
        do {
            let response = try await base.send(request)
            metadata["status"] = "\(response.status)"
            metadata["bytes"] = "\(response.body.count)"
            metadata["ms"] = "\((ContinuousClock.now - startedAt) / .milliseconds(1))"
            log.trace("request", metadata: metadata)
            return response
        } catch {
            metadata["failure"] = "\(error.kind.rawValue)"
            metadata["ms"] = "\((ContinuousClock.now - startedAt) / .milliseconds(1))"
            log.trace("request", metadata: metadata)
            throw error
        }
    }

    package func shutdown() async {
        await base.shutdown()
    }
}
