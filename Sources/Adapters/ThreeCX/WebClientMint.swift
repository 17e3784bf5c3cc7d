import Domain
import Ports
import Wire

/// Gets tokens by the login of the web client: user and password once, later the refresh token that came with the last
/// one.
///
/// The refresh token is valid for 60 days. Clients have been seen to send it as a cookie and as a form field; both are
/// sent.
actor WebClientMint: TokenMint {
    static let path = "/webclient/api/Login/GetAccessToken"

    nonisolated let contest: (what: String, remedy: String)
    private let requests: PhoneSystemRequests
    private let user: String
    private let password: Secret
    private let clock: any Clock
    private var refreshToken: String?
    private var cookies = CookieJar()

    init(requests: PhoneSystemRequests, user: String, password: Secret, clock: any Clock) {
        self.requests = requests
        self.user = user
        self.password = password
        self.clock = clock
        contest = (
            "another program logs in as \"\(user.prefix(60))\": each new token of one ends the other's",
            "give the bridge a user of its own, or an API client (3CX: Admin > Integrations > API)"
        )
    }

    func mint(afterRefusal: Bool) async throws(PollFailure) -> AccessToken {
        if afterRefusal { refreshToken = nil }
        if let refreshToken, let token = try await refreshed(with: refreshToken) { return token }
        return try await logIn()
    }

    /// `nil` if the PBX does not take the refresh token, so that a login is needed.
    private func refreshed(with refreshToken: String) async throws(PollFailure) -> AccessToken? {
        let fields = [
            ("client_id", "Webclient"), ("grant_type", "refresh_token"), ("refresh_token", refreshToken),
        ]
        let response = try await TokenEndpoint.ask(requests, fields: fields, cookies: cookies.header)
        guard response.status < 500 else { throw requests.unexpected(response, .post, TokenEndpoint.path) }
        do {
            let answer = try requests.decode(AccessToken.Answer.self, response, .post, TokenEndpoint.path)
            let token = try answer.token(requests, TokenEndpoint.path, receivedAt: clock.now())
            // An answer without a refresh token leaves the old one valid.
            keep(answer.refreshToken?.text ?? refreshToken, response)
            return token
        } catch {
            self.refreshToken = nil
            return nil
        }
    }

    private func logIn() async throws(PollFailure) -> AccessToken {
        let body: JSONValue = [
            "Username": .string(user), "Password": .string(password.reveal()), "SecurityCode": "",
        ]
        let response = try await requests.send(
            .post, Self.path, headers: ["Accept": "application/json", "Content-Type": "application/json"],
            body: body.bytes)
        if LoginGate.isRefusal(response.status) { throw refused("HTTP \(response.status)") }
        let reply = try requests.decode(Reply.self, response, .post, Self.path)
        let status = reply.status?.text ?? "no status"
        guard status == "AuthSuccess", let answer = reply.token else { throw refusal(reply, status) }
        let token = try answer.token(requests, Self.path, receivedAt: clock.now())
        cookies = CookieJar()
        keep(answer.refreshToken?.text, response)
        return token
    }

    private func keep(_ refreshToken: String?, _ response: HTTPResponse) {
        let isSendable = refreshToken?.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ";") } ?? false
        guard let refreshToken, isSendable, !refreshToken.isEmpty else { return self.refreshToken = nil }
        self.refreshToken = refreshToken
        cookies.store(["RefreshTokenCookie=\(refreshToken)"] + response.headers.all("Set-Cookie"))
    }

    private func refusal(_ reply: Reply, _ status: String) -> PollFailure {
        let isSecondFactorMissing = reply.asksForSecondFactor || status.lowercased().contains("factor")
        guard isSecondFactorMissing else { return refused(String(status.prefix(40))) }
        return requests.failure(
            .credentialsRefused, "login refused (the user needs a second factor)", .post, Self.path,
            remedy: "use a user without two-factor authentication for 3CX.user, or an API client (3CX: Admin > "
                + "Integrations > API) with 3CX.client_id and 3CX.client_secret")
    }

    private func refused(_ what: String) -> PollFailure {
        requests.failure(
            .credentialsRefused, "login refused (\(what))", .post, Self.path,
            remedy:
                "this is a 3CX v20, which does not know the login of the old web administration: create an API client "
                + "(3CX: Admin > Integrations > API) and set 3CX.client_id and 3CX.client_secret; or check 3CX.user "
                + "and 3CX.pass: they must be those of the web client (the extension's number, and no single sign-on)")
    }

    private struct Reply: Decodable {
        let status: WireText?
        let token: AccessToken.Answer?
        let asksForSecondFactor: Bool

        private enum CodingKeys: String, CodingKey {
            case status = "Status"
            case token = "Token"
            case secondFactor = "TwoFactorAuth"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            status = try container.decodeIfPresent(WireText.self, forKey: .status)
            token = try container.decodeIfPresent(AccessToken.Answer.self, forKey: .token)
            // What it holds is not known; that it is there is enough.
            asksForSecondFactor =
                try container.contains(.secondFactor) && !container.decodeNil(forKey: .secondFactor)
        }
    }
}
