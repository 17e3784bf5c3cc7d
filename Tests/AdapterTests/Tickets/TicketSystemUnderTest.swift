import Domain
import Ports
import Testing

@testable import Adapters
@testable import Played

/// Zammad's tickets, in front of a helpdesk that can fail.
struct TicketSystemUnderTest: Sendable {
    let tickets: ZammadTickets
    let sink: ZammadSink
    let zammad: LoopbackZammad

    static func run(
        timeout: Duration = .seconds(60),
        settings: BridgeConfiguration.Zammad.Tickets = .init(),
        _ body: (TicketSystemUnderTest) async throws -> Void
    ) async throws {
        let zammad = try await LoopbackZammad.start(apiToken: "api")
        var section = BridgeConfiguration.Zammad(endpoint: Secret(zammad.endpoint))
        section.apiToken = Secret("api")
        section.tickets = settings
        var configuration = BridgeConfiguration(phoneSystem: .init(host: "http://pbx"), zammad: section)
        configuration.phoneSystem.countryPrefix = "49"
        configuration.phoneSystem.numberFormat = .e164
        try await TransportUnderTest.run { transport in
            let api = try #require(ZammadAPI(section, transport: transport, timeout: timeout))
            try await body(
                TicketSystemUnderTest(
                    tickets: ZammadTickets(api: api, configuration),
                    sink: ZammadSink(endpoint: section.endpoint, transport: transport, api: api), zammad: zammad))
        }
        await zammad.stop()
    }

    func perform(_ step: TicketStep, _ call: EndedCall = .example) async -> TicketOutcome {
        await tickets.perform(TicketAttempt(id: 1, jobID: 1, step: step, call: call))
    }

    /// A customer; its id.
    func addCustomer(_ phone: String = "+49 30 23125001", at now: Int64 = 0) async -> Int {
        Int(await zammad.helpdesk.update { $0.addUser(name: "Eva Beispiel", phone: phone, at: now) })
    }

    var articles: [ZammadHelpdesk.Article] { get async { await zammad.helpdesk.value.articles } }
}

extension EndedCall {
    static let example = ended("3cx-7-1770110101000")

    static func ended(_ id: String, number: String = "493023125001", after seconds: Int64 = 0) -> EndedCall {
        // The loopback Zammad stamps its own time.
        let now = SystemClock().now() + .seconds(seconds)
        return EndedCall(
            callID: CallID(text: id), direction: .inbound, number: number, digits: number, name: "Eva Beispiel",
            queue: Station(dn: "816", name: "Support"), outcome: .missed,
            startedAt: Instant(milliseconds: now.milliseconds - 21_000), endedAt: now)
    }
}
