import Domain
import FoundationEssentials
import Ports

extension ReplyClassifier.Answer {
    /// What Zammad may say in a body.
    private struct Object: Decodable {
        /// `error`, or `error_human`; `nil` only if the object has neither.
        let error: String?
        let action: String?
        let detail: String?

        private enum CodingKeys: String, CodingKey {
            case error, action, reason
            case errorForPeople = "error_human"
            case callerID = "caller_id"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            // Fields of other types are as good as missing.
            func text(_ key: CodingKeys) throws -> String? {
                do {
                    return try container.decodeIfPresent(String.self, forKey: key)
                } catch is DecodingError {
                    return nil
                }
            }
            let hasError = container.contains(.error) || container.contains(.errorForPeople)
            error = try text(.error) ?? text(.errorForPeople) ?? (hasError ? "without a text" : nil)
            action = try text(.action)
            detail = try text(.reason) ?? text(.callerID)
        }
    }

    /// `secrets`: what is left out of the texts.
    init(_ response: HTTPResponse, hiding secrets: [String]) {
        self.init(
            status: response.status, redirection: String(response.redirection(hiding: secrets).prefix(200)),
            wantsTLS: response.wantsTLS)
        retryAfter = response.headers.first("Retry-After").flatMap { Int64($0) }
            .map { Backoff.wait(askedFor: $0, withStatus: response.status) }
        // Past a byte order mark, and the zeros of UTF-16.
        guard let start = response.body.first(where: { (0x21...0x7E).contains($0) }) else {
            body = .empty
            return
        }
        guard start == UInt8(ascii: "{") else {
            body = start == UInt8(ascii: "<") ? .webPage : .other
            return
        }
        do {
            let object = try JSONDecoder().decode(Object.self, from: Data(WireJSON.repaired(response.body)))
            func fit(_ text: String) -> String {
                String(secrets.reduce(text) { $0.replacing($1, with: "…") }.prefix(200)).withoutControlCharacters
            }
            errorText = object.error.map(fit)
            action = object.action
            actionDetail = object.detail.map(fit)
        } catch {
            body = .other
        }
    }
}
