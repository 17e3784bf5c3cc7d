import Domain
import Ports

/// Mints tokens of an API client. There is one live token per client: a new one ends the one before.
struct ClientCredentialsMint: TokenMint {
    let requests: PhoneSystemRequests
    let clientID: String
    let clientSecret: Secret
    let clock: any Clock

    var contest: (what: String, remedy: String) {
        (
            "another program uses the API client \"\(clientID.prefix(60))\": each new token of one ends the other's",
            "give the bridge a client of its own (3CX: Admin > Integrations > API)"
        )
    }

    func mint(afterRefusal: Bool) async throws(LookFailure) -> AccessToken {
        let response = try await TokenEndpoint.ask(requests, clientID: clientID, clientSecret: clientSecret)
        switch response.status {
        case 200: break
        case 400, 401:
            throw requests.failure(
                .credentialsRefused, "API client refused (HTTP \(response.status))", .post, TokenEndpoint.path,
                remedy: "check 3CX.client_id and 3CX.client_secret, and the IP restrictions of the 3CX console")
        default: throw requests.unexpected(response, .post, TokenEndpoint.path)
        }
        let answer = try requests.decode(AccessToken.Answer.self, response, .post, TokenEndpoint.path)
        return try answer.token(requests, TokenEndpoint.path, receivedAt: clock.now())
    }
}

extension AccessToken.Answer {
    /// The token, if it can be sent: what breaks a header would break every request.
    func token(
        _ requests: PhoneSystemRequests, _ path: String, receivedAt now: Instant
    ) throws(LookFailure) -> AccessToken {
        let isSendable = !accessToken.isEmpty && accessToken.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        guard isSendable else {
            throw requests.failure(
                .malformedAnswer, "a token that cannot be sent", .post, path,
                remedy: "check for a proxy that answers in place of 3CX")
        }
        return AccessToken(self, receivedAt: now)
    }
}
