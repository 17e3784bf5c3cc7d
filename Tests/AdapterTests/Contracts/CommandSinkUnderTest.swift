import Ports
import Testing

@testable import Adapters

/// Zammad's sink, in front of a helpdesk that can fail.
enum CommandSinkUnderTest {
    /// `timeout`: of one attempt.
    static func run(
        timeout: Duration = .seconds(60), _ body: (any CommandSink, LoopbackZammad) async throws -> Void
    ) async throws {
        let zammad = try await LoopbackZammad.start(apiToken: "api")
        var settings = BridgeConfiguration.Zammad(endpoint: Secret(zammad.endpoint))
        settings.apiToken = Secret("api")
        try await TransportUnderTest.run { transport in
            try await body(
                ZammadSink(
                    endpoint: settings.endpoint, transport: transport, timeout: timeout,
                    api: ZammadAPI(settings, transport: transport, timeout: timeout)), zammad)
        }
        await zammad.stop()
    }
}
