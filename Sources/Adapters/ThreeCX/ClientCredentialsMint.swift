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

    func mint(afterRefusal: Bool) async throws(PollFailure) -> AccessToken {
        let response = try await TokenEndpoint.ask(requests, clientID: clientID, clientSecret: clientSecret)
        switch response.status {
        case 200 where response.isWebPage:
            throw requests.failure(
                .interfaceMissing, "a web page instead of a token", .post, TokenEndpoint.path,
                remedy: "check 3CX.host and Bridge.api: this is no 3CX v20, or a proxy answers in its place")
        case 200: break
        case let status where LoginGate.isRefusal(status):
            throw requests.failure(
                .credentialsRefused, "API client refused (HTTP \(status))", .post, TokenEndpoint.path,
                remedy:
                    "check 3CX.client_id and 3CX.client_secret, and the IP restrictions and the blocked addresses of "
                    + "the 3CX console" + hint)
        default: throw requests.unexpected(response, .post, TokenEndpoint.path)
        }
        let answer = try requests.decode(AccessToken.Answer.self, response, .post, TokenEndpoint.path)
        return try answer.token(requests, TokenEndpoint.path, receivedAt: clock.now())
    }

    /// 3CX makes the id a DN, in which it writes no capitals and no hyphens.
    private var hint: String {
        let usual = clientID.lowercased().filter { $0.isLetter || $0.isNumber }
        guard usual != clientID, !usual.isEmpty else { return "" }
        return "; 3CX's client ids are of lower-case letters and digits: is it \"\(usual.prefix(60))\"?"
    }
}

extension AccessToken.Answer {
    /// The token, if it can be sent: what breaks a header would break every request.
    func token(
        _ requests: PhoneSystemRequests, _ path: String, receivedAt now: Instant
    ) throws(PollFailure) -> AccessToken {
        let isSendable = !accessToken.isEmpty && accessToken.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        guard isSendable else {
            throw requests.failure(
                .malformedAnswer, "a token that cannot be sent", .post, path,
                remedy: "check for a proxy that answers in place of 3CX")
        }
        return AccessToken(self, receivedAt: now)
    }
}
