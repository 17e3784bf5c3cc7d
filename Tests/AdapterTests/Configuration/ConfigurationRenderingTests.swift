import Foundation
import Ports
import Testing

@testable import Adapters

@Suite("Configuration: what is shown")
struct ConfigurationRenderingTests {
    typealias Samples = ConfigurationSamples

    private static let rich = """
        Bridge: {poll_interval: 0.25, hangup_grace: 3, instance: berlin-1, history_days: 9, status_listen: ""}
        3CX:
          user: "null"
          pass: MARKER-1
          client_id: "a: b # c\\t\\u2028"
          client_secret: MARKER-2
          host: https://pbx.example.com:5001
          group: ["Support, Team", "'Vertrieb' \\"Süd\\"", "true", "- x", ""]
          queue_extension: ["0816", 817]
          country_prefix: 49
        Zammad:
          endpoint: https://zammad.example.com/api/v1/cti/MARKER-3
          api_token: MARKER-4
          agents: {101: 7, 102: anna@example.com}
          tickets: {create: missed, group: "Users: all", body: "{cause}\\nfrom {number}", merge_window: 90m}
        """.replacingOccurrences(of: ", \"\"]", with: "]")

    /// What a rendered configuration needs to be complete again.
    private static let secrets = [
        "ZAMMADBRIDGE_3CX_PASS": "MARKER-1", "ZAMMADBRIDGE_3CX_CLIENT_SECRET": "MARKER-2",
        "ZAMMADBRIDGE_ZAMMAD_ENDPOINT": "https://zammad.example.com/api/v1/cti/MARKER-3",
        "ZAMMADBRIDGE_ZAMMAD_API_TOKEN": "MARKER-4",
    ]

    @Test("What is rendered reads back as the same configuration", arguments: [rich, Samples.reference])
    func roundTrip(text: String) throws {
        let first = try Samples.load(text, environment: Self.secrets)
        let second = try Samples.load(first.render(), environment: Self.secrets)
        #expect(second.configuration == first.configuration)
        #expect(second.warnings.map(\.message) == first.warnings.map(\.message))
        #expect(second.entries.map(\.value) == first.entries.map(\.value))
    }

    @Test("Masked secrets that are left in a file are refused")
    func maskedSecrets() throws {
        let errors = Samples.errors(try Samples.load(Self.rich).render())
        #expect(
            errors.split(separator: "\n").map { $0.split(separator: " ")[0] } == [
                "3CX.pass", "3CX.client_secret", "Zammad.endpoint", "Zammad.api_token",
            ])
    }

    @Test("No secret is in any rendering, dump, description or warning")
    func masking() throws {
        let effective = try Samples.load(Self.rich)
        var dumped = ""
        dump(effective, to: &dumped)
        let shown = [
            effective.render(), try effective.renderJSON(), dumped, "\(effective)", String(reflecting: effective),
            effective.warnings.map(\.description).joined(),
        ]
        for text in shown { #expect(!text.contains("MARKER")) }
        #expect(effective.configuration.phoneSystem.password?.reveal() == "MARKER-1")
        #expect(effective.render().contains("  endpoint: \"https://zammad.example.com/••••\"  # c.yaml:12\n"))
    }

    @Test(
        "No secret is in an error, whatever is wrong with it",
        arguments: [
            "pass: [MARKER]", "pass: {a: MARKER}", "pas: MARKER", "pass: \"MARKER", "pass: !x MARKER",
            "pass: *MARKER1 x",
            "pass: MARKER••••", "pass_file: MARKER", "pass: MARKER\n  pass: MARKER2", "host: https://a:MARKER@b",
            "host: MARKER://x", "pass_file: [MARKER]", "pass: MARKER\n  pass_file: MARKER", "host: pbx/MARKER",
        ])
    func maskedErrors(line: String) {
        let errors = Samples.errors("3CX:\n  user: u\n  \(line)\nZammad: {endpoint: 'zammad/MARKER'}")
        #expect(!errors.isEmpty)
        #expect(!errors.contains("MARKER\"") && !errors.contains("MARKER@") && !errors.contains("MARKER "))
        #expect(!errors.contains("MARKER"))
    }

    @Test("The rendering tells each value's origin")
    func rendering() throws {
        let effective = try Samples.load(Samples.minimal, environment: ["ZAMMADBRIDGE_3CX_GROUP": "A,B"])
        #expect(
            effective.render() == """
                Bridge:
                  poll_interval: 0.5  # default
                  api: auto  # default
                  events: true  # default
                  reconcile_interval: 30  # default
                  hangup_grace: ~  # default: 0; with call control alone 2 s or two poll intervals, whichever is longer
                  group_refresh: 300  # default
                  transfers: follow  # default
                  instance: 3cx  # default
                  state_dir: ~  # default: $STATE_DIRECTORY, else /var/lib/3cx-zammad-bridge
                  history_days: 30  # default
                  status_listen: 127.0.0.1:9315  # default
                  status_token: ~  # default
                3CX:
                  name: ~  # default: `Bridge.instance`; required in a list of several
                  api: ~  # default: `Bridge.api`
                  user: ~  # default
                  pass: ~  # default
                  client_id: bridge  # c.yaml:3
                  client_secret: "••••"  # c.yaml:4
                  host: https://pbx.example.com  # c.yaml:2
                  group: [A, B]  # environment ZAMMADBRIDGE_3CX_GROUP
                  extension_digits: ~  # default
                  trunk_digits: ~  # default
                  queue_extension: ~  # default
                  voicemail_extensions: ~  # default: 666, unless 3CX says that it is something else
                  include: ~  # default: all
                  exclude: ~  # default
                  ignore_numbers: ~  # default
                  anonymous: report  # default
                  country_prefix: ~  # default
                  number_format: ~  # default: national with a country_prefix, else as_is
                  outside_line_prefix: ~  # default
                  tls_ca_file: ~  # default
                Zammad:
                  name: ~  # default: in a list the host of `endpoint`
                  endpoint: "https://zammad.example.com/••••"  # c.yaml:6
                  log_missed_queue_calls: false  # default
                  send_queue: false  # default
                  max_parallel: 12  # default
                  max_event_age: ~  # default: unlimited
                  reject_blocked_callers: false  # default
                  tls_ca_file: ~  # default
                  api_token: ~  # default
                  agents: {}  # default
                  tickets: {create: "off"}  # default
                  match: ~  # default: every call

                """)
    }

    @Test("A path with a line break stays within its comment")
    func oddPath() throws {
        let source = YAMLConfigurationSource()
        let effective = try source.load(Array(Samples.minimal.utf8), path: "a\nBridge: {}")
        #expect(try Samples.load(effective.render(), environment: Self.secrets).configuration.bridge == .init())
    }

    @Test("The JSON rendering has the documented form")
    func json() throws {
        struct Document: Decodable {
            struct Value: Decodable {
                let origin: String
            }
            struct Warning: Decodable {
                let message: String
                let remedy: String
                let location: String?
            }
            let file: String?
            let warnings: [Warning]
            let configuration: [String: [String: Value]]
        }
        let text = try Samples.load(Self.rich).renderJSON()
        let document = try JSONDecoder().decode(Document.self, from: Data(text.utf8))
        #expect(document.file == "c.yaml")
        #expect(document.warnings.allSatisfy { !$0.message.isEmpty && !$0.remedy.isEmpty })
        #expect(document.configuration["3CX"]?["pass"]?.origin == "c.yaml:4")
        #expect(document.configuration["Bridge"]?["reconcile_interval"]?.origin == "default")
        #expect(text.contains("\"value\" : 0.25"))
        #expect(text.contains("\"value\" : null"))
    }
}
