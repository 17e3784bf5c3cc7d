import Domain
import FoundationEssentials
import Wire

/// A bearer token of 3CX v20 with the time until which it is worth sending.
struct AccessToken: Equatable, Sendable {
    let bearer: String
    let receivedAt: Instant
    /// A while before it expires at the PBX.
    let renewAt: Instant

    /// The answer of `POST /connect/token`.
    struct Answer: Decodable {
        let accessToken: String
        let expiresIn: WireText?
        /// What the login of a user gives as well.
        let refreshToken: WireText?

        private enum CodingKeys: String, CodingKey {
            case accessToken = "access_token"
            case expiresIn = "expires_in"
            case refreshToken = "refresh_token"
        }
    }

    init(_ answer: Answer, receivedAt now: Instant) {
        bearer = answer.accessToken
        receivedAt = now
        let lifetime = Self.lifetime(of: answer, receivedAt: now)
        // Ahead by a tenth, at most a minute: a new token kills the old one, so that it must not be renewed too
        // eagerly.
        renewAt = now + (lifetime - min(lifetime / 10, .seconds(60)))
    }

    /// From the JWT's own times, which need no agreement between the clocks; else from `expires_in`, which 3CX gives in
    /// minutes although the standard says seconds (60 for a token of 3600 s, seen on 20.0).
    private static func lifetime(of answer: Answer, receivedAt now: Instant) -> Duration {
        if let claims = Claims(jwt: answer.accessToken) {
            let start = claims.issued ?? Double(now.milliseconds) / 1000
            return sensible(claims.expires - start)
        }
        let value = answer.expiresIn?.text.flatMap { Double($0) } ?? 60
        let seconds = value < 300 ? value * 60 : value
        return sensible(seconds.isFinite ? seconds : 3600)
    }

    /// At least a minute, whatever the clocks say: a token that is refused earlier is replaced anyway, and one that
    /// counted as expired at once would be minted anew with every poll.
    private static func sensible(_ seconds: Double) -> Duration {
        .seconds(min(max(seconds, 60), 86_400))
    }

    private struct Claims: Decodable {
        let expires: Double
        let issued: Double?

        private enum CodingKeys: String, CodingKey {
            case expires = "exp"
            case issued = "iat"
        }

        /// `nil` if the token is no JWT with an expiry. The signature is the PBX's own business.
        init?(jwt: String) {
            let parts = jwt.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count == 3 else { return nil }
            var text = String(parts[1].map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 })
            text += String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
            guard let payload = Data(base64Encoded: text) else { return nil }
            do {
                self = try JSONDecoder().decode(Claims.self, from: payload)
            } catch {
                return nil
            }
            guard expires.isFinite, issued?.isFinite != false else { return nil }
        }
    }
}
