package import Domain
import FoundationEssentials
package import Ports

/// Posts commands to the generic CTI endpoint of one Zammad.
package struct ZammadSink: CommandSink {
    private let endpoint: Secret
    private let transport: any HTTPTransport
    private let timeout: Duration
    private let userIDs: ZammadUserIDs
    private let api: ZammadAPI?

    /// - Parameters:
    ///   - timeout: Zammad may take long on a busy instance, and a timeout leaves the outcome open.
    ///   - userIDs: Zammad's users for the agents, as far as they are known at the moment of an attempt.
    ///   - api: For questions about what Zammad has; `nil` without a token.
    package init(
        endpoint: Secret, transport: any HTTPTransport, timeout: Duration = .seconds(15),
        userIDs: ZammadUserIDs = ZammadUserIDs(), api: ZammadAPI? = nil
    ) {
        self.api = api
        self.endpoint = endpoint
        self.transport = transport
        self.timeout = timeout
        self.userIDs = userIDs
    }

    package func deliver(_ command: CallCommand) async -> DeliveryOutcome {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let body: [UInt8]
        do {
            body = try [UInt8](encoder.encode(ZammadPayload(withUserID(command))))
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
                // Zammad names the requested path where it has none (`No route matches …`).
                ReplyClassifier.Answer(response, hiding: ZammadEndpoint(endpoint).secrets), to: command.event)
        } catch {
            return ReplyClassifier.classify(
                failure: error.description, requestMayHaveBeenSent: error.requestMayHaveBeenSent)
        }
    }

    package func lookUp(_ hangup: CallCommand) async -> DeliveryOutcome {
        guard let api else { return .unverifiable("Zammad.api_token is missing") }
        do {
            let response = try await api.send(.get, "/api/v1/cti/log")
            let answer = ReplyClassifier.Answer(response, hiding: ZammadEndpoint(endpoint).secrets)
            return LookUpClassifier.classify(
                status: response.status, errorText: answer.errorText, retryAfter: answer.retryAfter,
                log: Self.rows(response), for: hangup.callID)
        } catch {
            return LookUpClassifier.classify(
                failure: error.description, requestMayHaveBeenSent: error.requestMayHaveBeenSent)
        }
    }

    private struct CallerLog: Decodable {
        struct Row: Decodable, Sendable {
            let callID: String
            let state: String

            private enum CodingKeys: String, CodingKey {
                case state
                case callID = "call_id"
            }
        }

        let list: [LossyElement<Row>]
    }

    private static func rows(_ response: HTTPResponse) -> [LookUpClassifier.Row]? {
        guard response.status == 200 else { return nil }
        do {
            return try WireJSON.decode(CallerLog.self, from: response.body).list.compactMap(\.value)
                .map { LookUpClassifier.Row(callID: $0.callID, state: $0.state) }
        } catch {
            return nil
        }
    }

    /// Here and not where commands are made: a command is journalled as the core made it and may wait for hours, and who an
    /// agent is in Zammad is asked over the network, so that it may be known only later. This way an answer never waits for
    /// it, and an attempt that comes after the search has succeeded has the id, also after a restart.
    private func withUserID(_ command: CallCommand) -> CallCommand {
        guard command.event == .answer, command.userID == nil, let agent = command.answeringNumber else {
            return command
        }
        var command = command
        command.userID = userIDs[agent]
        return command
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
