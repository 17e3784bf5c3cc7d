import Adapters
import FoundationEssentials

/// What a PBX of version 20 knows; tests change it between two polls.
struct CallControlPBXState: Equatable, Sendable {
    enum TokenMode: Equatable, Sendable {
        case normal
        /// 400 `invalid_client`, whatever is sent.
        case badRequest
    }

    /// What the licence and the client's rights allow at `/callcontrol`.
    enum Access: Equatable, Sendable {
        case allowed
        /// 403 to a valid token.
        case forbidden
        /// 404 to a valid token, as with a licence that lacks call control.
        case notFound
        /// 401 to a valid token, as if another program had minted one meanwhile.
        case unauthorized

        /// The status of the refusal.
        var refusal: Int? {
            switch self {
            case .allowed: nil
            case .unauthorized: 401
            case .forbidden: 403
            case .notFound: 404
            }
        }
    }

    /// `/callcontrol`: DNs, or the raw text of the whole answer.
    enum Answer: Equatable, Sendable {
        case dns([CallControlDN])
        case raw(String)
    }

    var clientID = "zammadbridge"
    var clientSecret = "secret"
    var tokenMode = TokenMode.normal
    var access = Access.allowed
    var answer = Answer.dns([])
    /// `expires_in` of the token answer; 60 means minutes.
    var expiresIn: LoopbackJSON = 60
    /// Seconds from now to the token's `exp`; may be negative. Nil leaves `exp` out of the token.
    var tokenLifetime: Int64? = 3600
    var roles = ["App", "Enterprise", "Paid"]
    var sockets = CallControlSocketState()
    var xapi = LoopbackXAPI()
    var webClient = WebClientState()
    /// How much later than it was made the answer about one participant or one DN's participants goes out.
    var participantDelay: Duration = .zero
    /// The participants in those answers that have been made, sent or not.
    var toldParticipants: [CallControlParticipant] = []

    /// The one living token of the client.
    var liveToken: String?
    var tokensMinted = 0
    var tokensRefused = 0
    /// The target of every request that carried a secret in its query.
    var secretsInURL: [String] = []

    /// Mints a token, which ends the life of the one before.
    mutating func mintToken(now: Int64) throws -> String {
        let token = try newToken(for: clientID, now: now)
        liveToken = token
        return token
    }

    /// Mints a token that leaves the others alive.
    mutating func newToken(for subject: String, now: Int64) throws -> String {
        tokensMinted += 1
        var payload: [String: LoopbackJSON] = [
            "sub": .string(subject), "iss": "https://pbx.example.net", "aud": "/api", "scope": "xapi",
            "role": .array(roles.map(LoopbackJSON.string)), "iat": .integer(now), "jti": .integer(Int64(tokensMinted)),
        ]
        if let tokenLifetime { payload["exp"] = .integer(now + tokenLifetime) }
        let header: LoopbackJSON = ["alg": "ES256", "typ": "JWT"]
        let parts = [try header.text(), try LoopbackJSON.object(payload).text(), "signature-\(tokensMinted)"]
        return parts.map(Self.base64URL).joined(separator: ".")
    }

    private static func base64URL(_ text: String) -> String {
        var encoded = Data(text.utf8).base64EncodedString()
        encoded.replace("+", with: "-")
        encoded.replace("/", with: "_")
        encoded.replace("=", with: "")
        return encoded
    }
}
