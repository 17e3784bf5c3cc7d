import Domain
import FoundationEssentials
import Ports
import Wire

/// An HTTP answer of Zammad, as far as it matters.
package struct ZammadAnswer: Equatable, Sendable {
    package var status: Int
    /// `error` or `error_human` of a JSON body.
    package var errorText: String?
    /// `action` of a JSON body, with the field that belongs to it.
    package var action: String?
    package var actionDetail: String?
    /// Seconds of a Retry-After header.
    package var retryAfter: Duration?
    package var body: Body
    /// Where a redirect leads, as ` to …`, without anything secret.
    package var redirection: String
    /// Whether it says that this port speaks TLS, and was asked without.
    package var wantsTLS: Bool

    package enum Body: Equatable, Sendable {
        /// All that Zammad ever says to a request that accepts JSON alone.
        case object
        case webPage
        case empty
        case other
    }

    package init(
        status: Int,
        errorText: String? = nil,
        action: String? = nil,
        actionDetail: String? = nil,
        retryAfter: Duration? = nil,
        body: Body = .object,
        redirection: String = "",
        wantsTLS: Bool = false
    ) {
        self.status = status
        self.errorText = errorText
        self.action = action
        self.actionDetail = actionDetail
        self.retryAfter = retryAfter
        self.body = body
        self.redirection = redirection
        self.wantsTLS = wantsTLS
    }

    /// `HTTP 422: …`
    package var reason: String { "HTTP \(status)" + (errorText.map { ": \($0)" } ?? "") }

    /// Whether Zammad itself can have said this: a success is an object without an error (`{}`, or one with an
    /// action), a refusal one that names the error. A proxy, a login page or another server says anything else.
    package var isZammads: Bool {
        switch status {
        case 200: body == .object && errorText == nil
        case 400..<500: body == .object && errorText != nil
        default: body == .object
        }
    }

    /// `HTTP 200 with a web page: …`, for an answer that is not Zammad's.
    package var strangersWords: String {
        if wantsTLS {
            return
                "HTTP \(status): this port of Zammad expects https:// and was asked with http://; write https:// "
                + "in Zammad.endpoint"
        }
        if (300..<400).contains(status) { return "HTTP \(status): the endpoint redirects elsewhere\(redirection)" }
        let what =
            switch body {
            case .object: errorText.map { "an error (\($0))" } ?? "JSON that Zammad does not send"
            case .webPage: "a web page"
            case .empty: "nothing in it"
            case .other: "something that is not a JSON object"
            }
        return "HTTP \(status) with \(what): something between the bridge and Zammad answers, or another server"
    }
}

extension ZammadAnswer {
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
