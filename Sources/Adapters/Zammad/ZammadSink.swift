package import Domain
package import Ports
package import Wire

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
        let request = HTTPRequest(
            method: .post,
            url: endpoint.reveal(),
            // Without Accept, Zammad's errors are web pages that do not say what is wrong.
            headers: ["Content-Type": "application/json", "Accept": "application/json"],
            body: JSONValue.object(ZammadPayload(withUserID(command)).parameters).bytes,
            timeout: timeout)
        do {
            let response = try await transport.send(request)
            return ReplyClassifier.classify(
                // Zammad names the requested path where it has none (`No route matches …`).
                ZammadAnswer(response, hiding: ZammadEndpoint(endpoint).secrets), to: command.event)
        } catch {
            return ReplyClassifier.classify(
                failure: error.description, requestMayHaveBeenSent: error.requestMayHaveBeenSent)
        }
    }

    package func lookUp(_ hangup: CallCommand) async -> DeliveryOutcome {
        guard let api else { return .unverifiable("Zammad.api_token is missing") }
        do {
            let response = try await api.send(.get, "/api/v1/cti/log")
            return LookUpClassifier.classify(
                ZammadAnswer(response, hiding: ZammadEndpoint(endpoint).secrets),
                log: Self.rows(response), for: hangup.callID)
        } catch {
            return LookUpClassifier.classify(
                failure: error.description, requestMayHaveBeenSent: error.requestMayHaveBeenSent)
        }
    }

    private struct CallerLog: Decodable {
        let list: [LossyElement<LookUpClassifier.Row>]
    }

    private static func rows(_ response: HTTPResponse) -> [LookUpClassifier.Row]? {
        guard response.status == 200 else { return nil }
        do {
            return try WireJSON.decode(CallerLog.self, from: response.body).list.compactMap(\.value)
        } catch {
            return nil
        }
    }

    /// Here and not where commands are made: a command is journalled as the core made it and may wait for hours, and
    /// who an agent is in Zammad is asked over the network, so that it may be known only later. This way an answer
    /// never waits for it, and an attempt that comes after the search has succeeded has the id, also after a restart.
    private func withUserID(_ command: CallCommand) -> CallCommand {
        guard command.event == .answer, command.userID == nil, let agent = command.answeringNumber else {
            return command
        }
        var command = command
        command.userID = userIDs[agent]
        return command
    }
}
