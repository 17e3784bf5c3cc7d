import Ports
import Testing

@testable import Adapters

/// Every sink there is, in front of a helpdesk that can fail.
struct CommandSinkUnderTest: Sendable, CustomTestStringConvertible {
    static let all = BridgeConfiguration.HTTPClientKind.allCases.map(CommandSinkUnderTest.init)

    let client: BridgeConfiguration.HTTPClientKind

    var testDescription: String { "Zammad over \(client.rawValue)" }

    /// `timeout`: of one attempt.
    func run(
        timeout: Duration = .seconds(60), _ body: (any CommandSink, LoopbackZammad) async throws -> Void
    ) async throws {
        let zammad = try await LoopbackZammad.start(apiToken: "api")
        var settings = BridgeConfiguration.Zammad(endpoint: Secret(zammad.endpoint))
        settings.apiToken = Secret("api")
        try await TransportUnderTest(kind: client).run { transport in
            try await body(
                ZammadSink(
                    endpoint: settings.endpoint, transport: transport, timeout: timeout,
                    api: ZammadAPI(settings, transport: transport, timeout: timeout)), zammad)
        }
        await zammad.stop()
    }
}
