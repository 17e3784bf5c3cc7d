import Domain
import FoundationEssentials
import Ports
import Synchronization

@testable import Adapters
@testable import Wire

extension FuzzTarget {
    private static let secret = "q7-endpoint-token"

    static let zammad = [
        FuzzTarget(name: "zammad-reply") { bytes in
            for status in [200, 422, 500] {
                let answer = ZammadAnswer(
                    HTTPResponse(status: status, headers: ["Retry-After": "\(bytes.count)"], body: bytes),
                    hiding: [secret])
                for text in [answer.errorText, answer.actionDetail].compactMap(\.self) {
                    try expect(text.count <= 200 && !text.contains(secret), "an unfit text: \(text)")
                }
                for event in CallCommand.Event.allCases { _ = ReplyClassifier.classify(answer, to: event) }
            }
        },
        FuzzTarget(name: "zammad-tickets") { bytes in
            for status in [200, 422, 500] {
                for step in steps {
                    let transport = Constant(response: HTTPResponse(status: status, body: bytes))
                    let attempt = TicketAttempt(id: 1, jobID: 1, step: step, call: call)
                    let text = try await tickets(through: transport).perform(attempt).failure ?? ""
                    try expect(text.count <= 400 && !text.contains(secret), "an unfit text: \(text)")
                    let requests = transport.requests.load(ordering: .relaxed)
                    try expect(requests <= 32, "\(requests) requests for one step")
                }
            }
        },
        FuzzTarget(name: "trace") { bytes in
            let mask = TraceMask(secrets: [Secret(secret)])
            for type in ["application/json", "text/html", "application/x-www-form-urlencoded", nil] {
                let line = mask.body(bytes, contentType: type)
                try expect(!line.contains(secret), "the secret in a trace")
                try expect(!line.contains("\n"), "a trace of two lines")
                let count = line.unicodeScalars.count
                try expect(count <= TraceMask.longestBody + 40, "a trace of \(count) characters")
            }
        },
    ]

    // MARK: - Tickets

    /// Whatever is asked for, this is the answer.
    private final class Constant: HTTPTransport {
        let response: HTTPResponse
        let requests = Atomic(0)

        init(response: HTTPResponse) { self.response = response }

        func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
            requests.add(1, ordering: .relaxed)
            return response
        }

        func shutdown() async {}
    }

    private static let call = EndedCall(
        callID: CallID(text: "3cx-7-1770110100000"), direction: .inbound, number: "+4930123456", digits: "4930123456",
        outcome: .missed, startedAt: Instant(milliseconds: 1_770_110_100_000),
        endedAt: Instant(milliseconds: 1_770_110_130_000))

    private static let steps: [TicketStep] = [
        .findCustomer, .createCustomer, .findTicket(customer: 3), .createTicket(customer: 3),
        .addArticle(ticket: 5, customer: 3),
    ]

    private static func tickets(through transport: any HTTPTransport) throws(Finding) -> ZammadTickets {
        var zammad = BridgeConfiguration.Zammad(endpoint: Secret("https://zammad.invalid/api/v1/cti/x"))
        zammad.apiToken = Secret(secret)
        zammad.tickets.group = "Users"
        zammad.tickets.mergeWindow = .seconds(3600)
        var configuration = BridgeConfiguration(phoneSystem: .init(host: "http://pbx.invalid"), zammad: zammad)
        configuration.phoneSystem.countryPrefix = "49"
        guard let api = ZammadAPI(zammad, transport: transport) else {
            throw Finding(description: "no API for an endpoint with a token")
        }
        return ZammadTickets(api: api, configuration)
    }
}
