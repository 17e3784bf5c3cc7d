import Ports

/// `POST /connect/token` of 3CX v20.
enum TokenEndpoint {
    static let path = "/connect/token"

    /// Asks for a token. Credentials go in the form body alone: a URL ends up in access logs.
    static func ask(
        _ requests: PhoneSystemRequests, clientID: String, clientSecret: Secret
    ) async throws(LookFailure) -> HTTPResponse {
        try await ask(
            requests,
            fields: [
                ("client_id", clientID), ("client_secret", clientSecret.reveal()), ("grant_type", "client_credentials"),
            ])
    }

    /// `cookies`: the value of the header `Cookie`, if there is one to send.
    static func ask(
        _ requests: PhoneSystemRequests, fields: [(name: String, value: String)], cookies: String? = nil
    ) async throws(LookFailure) -> HTTPResponse {
        var headers: HTTPHeaders = [
            "Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded",
        ]
        if let cookies { headers.add("Cookie", cookies) }
        let body = fields.map { "\($0.name)=\($0.value.percentEncoded)" }.joined(separator: "&")
        return try await requests.send(.post, path, headers: headers, body: Array(body.utf8))
    }
}
