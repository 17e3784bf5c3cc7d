import Domain
import FoundationEssentials
import Wire

/// The answers to logins, with all secrets left out: whether it worked, and for how long.
enum RecordedLogin {
    static func withoutSecrets(_ answer: RecordedAnswer, of login: PhoneSystemLogin, at now: Instant) -> RecordedAnswer
    {
        guard answer.fault == nil else { return answer }
        let body =
            switch login {
            case .webAdministration: word(answer.body)
            case .apiClient: json(answer.body) { _ in token(answer.body, now) ?? #"{"error":"refused"}"# }
            case .webClient: json(answer.body) { reply($0, now) }
            }
        return RecordedAnswer(
            status: answer.status, contentType: login == .webAdministration ? "text/plain" : answer.contentType,
            body: Array(body.utf8))
    }

    private static func word(_ body: [UInt8]) -> String {
        let text = String(decoding: body.prefix(4096), as: UTF8.self).filter { !$0.isWhitespace && $0 != "\"" }
        return text == "AuthSuccess" ? text : text.hasPrefix("<") ? "<html></html>" : "AuthFailed"
    }

    private static func json(_ body: [UInt8], _ kept: (JSONValue) -> String) -> String {
        do {
            return kept(try JSONDecoder().decode(JSONValue.self, from: Data(body)))
        } catch {
            return body.first { $0 > 0x20 } == UInt8(ascii: "<") ? "<html></html>" : ""
        }
    }

    private static func reply(_ value: JSONValue, _ now: Instant) -> String {
        let status = value["Status"]?.string ?? ""
        let word = status.utf8.allSatisfy { Character(Unicode.Scalar($0)).isLetter } ? status.prefix(40) : "Refused"
        guard let inner = value["Token"], status == "AuthSuccess" else { return #"{"Status":"\#(word)"}"# }
        return #"{"Status":"AuthSuccess","Token":\#(token(inner.bytes, now) ?? "null")}"#
    }

    /// A token of the same life; `nil` if it is none.
    private static func token(_ body: [UInt8], _ now: Instant) -> String? {
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
