import Ports
import Wire

/// `POST /connect/token` of 3CX v20.
enum TokenEndpoint {
    static let path = "/connect/token"

    /// Asks for a token. Credentials go in the form body alone: a URL ends up in access logs.
    static func ask(
        _ requests: PhoneSystemRequests, clientID: String, clientSecret: Secret
    ) async throws(PollFailure) -> HTTPResponse {
        try await ask(
            requests,
            fields: [
                ("client_id", clientID), ("client_secret", clientSecret.reveal()), ("grant_type", "client_credentials"),
            ])
    }

    /// `cookies`: the value of the header `Cookie`, if there is one to send.
    static func ask(
        _ requests: PhoneSystemRequests, fields: [(name: String, value: String)], cookies: String? = nil
    ) async throws(PollFailure) -> HTTPResponse {
        var headers: HTTPHeaders = [
            "Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded",
        ]
        if let cookies { headers.add("Cookie", cookies) }
        let body = fields.map { "\($0.name)=\($0.value.percentEncoded)" }.joined(separator: "&")
        return try await requests.send(.post, path, headers: headers, body: Array(body.utf8))
    }

    /// Whether this is a 3CX v20, by the status of `/connect/token` alone, without credentials: the web client's login
    /// would not do, since its address is not v20's own.
    static func findVersion(
        _ requests: PhoneSystemRequests
    ) async throws(PollFailure) -> (isVersion20: Bool, answer: String) {
        let response = try await ask(requests, clientID: "", clientSecret: Secret(""))
        let answer = "\(path) answered HTTP \(response.status)" + (response.isWebPage ? " with a web page" : "")
        switch response.status {
        case 404, 405: return (false, answer)
        case 200 where response.isWebPage: return (false, answer)
        case 200, 400, 401, 403, 415, 422: return (true, answer)
        default: throw requests.unexpected(response, .post, path)
        }
    }
}
