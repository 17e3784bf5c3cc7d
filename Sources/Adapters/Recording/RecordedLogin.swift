import Domain
import FoundationEssentials

/// The answers to logins, with all secrets left out: whether it worked, and for how long.
enum RecordedLogin {
    static let paths: Set<String> = ["/api/login", TokenEndpoint.path, "/webclient/api/Login/GetAccessToken"]

    /// - Parameter key: `POST` and the path.
    static func withoutSecrets(_ answer: RecordedAnswer, key: String, at now: Instant) -> RecordedAnswer {
        guard answer.fault == nil else { return answer }
        if key == "POST /api/login" {
            let text = String(decoding: answer.body.prefix(4096), as: UTF8.self)
                .filter { !$0.isWhitespace && $0 != "\"" }
            let kept = text == "AuthSuccess" ? text : text.hasPrefix("<") ? "<html></html>" : "AuthFailed"
            return RecordedAnswer(status: answer.status, contentType: "text/plain", body: Array(kept.utf8))
        }
        return RecordedAnswer(
            status: answer.status, contentType: answer.contentType,
            body: Array(json(answer, isWebClient: key != "POST \(TokenEndpoint.path)", now).utf8))
    }

    private static func json(_ answer: RecordedAnswer, isWebClient: Bool, _ now: Instant) -> String {
        let value: JSONValue
        do {
            value = try JSONDecoder().decode(JSONValue.self, from: Data(answer.body))
        } catch {
            return answer.body.first { $0 > 0x20 } == UInt8(ascii: "<") ? "<html></html>" : ""
        }
        guard isWebClient else { return token(answer.body, value, now) ?? #"{"error":"refused"}"# }
        let status = value["Status"]?.string ?? ""
        let word = status.utf8.allSatisfy { Character(Unicode.Scalar($0)).isLetter } ? status.prefix(40) : "Refused"
        guard let inner = value["Token"], status == "AuthSuccess" else { return #"{"Status":"\#(word)"}"# }
        do {
            let kept = token(try FixtureJSON.encode(inner), inner, now) ?? "null"
            return #"{"Status":"AuthSuccess","Token":\#(kept)}"#
        } catch {
            return #"{"Status":"AuthSuccess"}"#
        }
    }

    /// A token of the same life; `nil` if it is none.
    private static func token(_ body: [UInt8], _ value: JSONValue, _ now: Instant) -> String? {
        let answer: AccessToken.Answer
        do {
            answer = try JSONDecoder().decode(AccessToken.Answer.self, from: Data(body))
        } catch {
            return nil
        }
        let renewal = (AccessToken(answer, receivedAt: now).renewAt - now).milliseconds
        // Back from the moment of its renewal, a tenth or a minute before the end.
        let life = renewal >= 540_000 ? renewal + 60_000 : renewal * 10 / 9
        let minutes = (life + 30_000) / 60_000
        let expires = minutes < 300 ? max(1, minutes) : life / 1000
        let refresh = answer.refreshToken == nil ? "" : #","refresh_token":"fixture""#
        return #"{"token_type":"Bearer","expires_in":\#(expires),"access_token":"fixture"\#(refresh)}"#
    }
}
