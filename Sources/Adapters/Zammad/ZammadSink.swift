package import Domain
import FoundationEssentials
package import Ports

/// Posts commands to the generic CTI endpoint of one Zammad.
package struct ZammadSink: CommandSink {
    private let endpoint: Secret
    private let transport: any HTTPTransport
    private let timeout: Duration

    /// What must not be repeated from an answer: Zammad names the requested path where it has none (`No route matches …`).
    private var secrets: [String] {
        let target = HTTPOrigin.target(of: endpoint.reveal())
        let token = target.split { "/?".contains($0) }.last.map(String.init) ?? ""
        return [endpoint.reveal(), target, token].filter { $0.utf8.count >= 4 }
    }

    /// `timeout`: Zammad may take long on a busy instance, and a timeout leaves the outcome open.
    package init(endpoint: Secret, transport: any HTTPTransport, timeout: Duration = .seconds(15)) {
        self.endpoint = endpoint
        self.transport = transport
        self.timeout = timeout
    }

    package func deliver(_ command: CallCommand) async -> DeliveryOutcome {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let body: [UInt8]
        do {
            body = try [UInt8](encoder.encode(ZammadPayload(command)))
        } catch {
            return .refused("the event cannot be written as JSON")
        }
        let request = HTTPRequest(
            method: .post,
            url: endpoint.reveal(),
            // Without Accept, Zammad's errors are web pages that do not say what is wrong.
            headers: ["Content-Type": "application/json", "Accept": "application/json"],
            body: body,
            timeout: timeout
        )
        do {
            let response = try await transport.send(request)
            return ReplyClassifier.classify(
                ReplyClassifier.Answer(response, hiding: secrets), to: command.event)
        } catch {
            return ReplyClassifier.classify(
                failure: error.description, requestMayHaveBeenSent: error.requestMayHaveBeenSent)
        }
    }
}

extension ReplyClassifier.Answer {
    /// What Zammad may say in a body. Fields of other types are as good as missing.
    private struct Body: Decodable {
        let error: String?
        let errorForPeople: String?
        let action: String?
        let reason: String?
        let callerID: String?

        private enum CodingKeys: String, CodingKey {
            case error, action, reason
            case errorForPeople = "error_human"
            case callerID = "caller_id"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            func text(_ key: CodingKeys) throws -> String? {
                do {
                    return try container.decodeIfPresent(String.self, forKey: key)
                } catch is DecodingError {
                    return nil
                }
            }
            error = try text(.error)
            errorForPeople = try text(.errorForPeople)
            action = try text(.action)
            reason = try text(.reason)
            callerID = try text(.callerID)
        }
    }

    /// `secrets`: what is left out of the texts.
    init(_ response: HTTPResponse, hiding secrets: [String]) {
        let start = response.body.first { $0 > 0x20 }
        self.init(status: response.status, isHTML: start == UInt8(ascii: "<"))
        retryAfter = response.headers.first("Retry-After").flatMap { Int64($0) }.map { .seconds(min(max($0, 0), 3600)) }
        guard start == UInt8(ascii: "{") else { return }
        do {
            let body = try JSONDecoder().decode(Body.self, from: Data(response.body.prefix(65_536)))
            func fit(_ text: String) -> String {
                String(secrets.reduce(text) { $0.replacing($1, with: "…") }.prefix(200)).withoutControlCharacters
            }
            errorText = (body.error ?? body.errorForPeople).map(fit)
            action = body.action
            actionDetail = (body.reason ?? body.callerID).map(fit)
        } catch {
            // Not JSON after all: the status alone decides.
        }
    }
}
