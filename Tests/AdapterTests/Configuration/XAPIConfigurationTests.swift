import Ports
import Testing

@testable import Adapters

@Suite("Configuration: api: xapi")
struct XAPIConfigurationTests {
    private static func text(_ credentials: String) -> String {
        """
        Bridge: {api: xapi}
        3CX: {host: "https://pbx.example.com"\(credentials)}
        Zammad: {endpoint: "https://zammad.example.com/api/v1/cti/secret-token"}
        """
    }

    @Test(
        "goes with an API client, with a user of the web client, and without a group",
        arguments: [", client_id: a, client_secret: b", ", user: 101, pass: b", ", user: 1, pass: b, group: Support"])
    func accepted(credentials: String) throws {
        let effective = try ConfigurationSamples.load(Self.text(credentials))
        #expect(effective.configuration.bridge.api == .xapi)
        #expect(effective.warnings.isEmpty)
    }

    @Test(
        "needs either, and says what is missing",
        arguments: [
            ("", "client_id and client_secret"), (", client_id: a", "client_secret"), (", user: a", "pass"),
            (", client_id: a, user: b", "client_secret"),
        ]
    )
    func refused(credentials: String, missing: String) {
        #expect(
            ConfigurationSamples.errors(Self.text(credentials))
                == "Bridge.api: xapi needs 3CX.client_id and 3CX.client_secret, or 3CX.user and 3CX.pass at c.yaml:1:15; "
                + "add \(missing) to section 3CX")
    }
}
