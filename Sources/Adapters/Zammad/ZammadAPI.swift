package import Ports
package import Wire

/// Zammad's REST API for a user's token.
package struct ZammadAPI: Sendable {
    private let base: String
    private let token: Secret
    private let transport: any HTTPTransport
    private let timeout: Duration

    /// `nil` without a token.
    package init?(_ zammad: BridgeConfiguration.Zammad, transport: any HTTPTransport, timeout: Duration = .seconds(15))
    {
        guard let token = zammad.apiToken, let base = ZammadEndpoint(zammad.endpoint).base else { return nil }
        self.base = base
        self.token = token
        self.transport = transport
        self.timeout = timeout
    }

    func send(_ method: HTTPMethod, _ target: String, _ body: [UInt8]? = nil) async throws(HTTPFailure) -> HTTPResponse
    {
        var headers: HTTPHeaders = ["Accept": "application/json", "Authorization": "Token token=\(token.reveal())"]
        if body != nil { headers.add("Content-Type", "application/json") }
        return try await transport.send(
            HTTPRequest(method: method, url: base + target, headers: headers, body: body, timeout: timeout))
    }

    func failure(
        _ response: HTTPResponse, isChange: Bool, concerns scope: TicketFailure.Scope
    ) -> TicketFailure {
        TicketFailure(response, isChange: isChange, concerns: scope, hiding: [token.reveal()])
    }
}
