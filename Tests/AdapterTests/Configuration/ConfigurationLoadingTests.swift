@testable import Adapters
import Domain
import Foundation
import Ports
import Testing

@Suite("Configuration: what is accepted")
struct ConfigurationLoadingTests {
    typealias Samples = ConfigurationSamples

    @Test("A configuration of the reference bridge works unchanged")
    func reference() throws {
        let effective = try Samples.load(Samples.reference)
        var expected = BridgeConfiguration(
            phoneSystem: .init(host: "https://pbx.example.com"),
            zammad: .init(endpoint: Secret("https://zammad.example.com/api/v1/cti/secret-token")))
        expected.phoneSystem.user = "admin"
        expected.phoneSystem.password = Secret("secret-pass")
        expected.phoneSystem.clientID = "bridge"
        expected.phoneSystem.clientSecret = Secret("secret-client")
        expected.phoneSystem.groups = ["Support Team"]
        expected.phoneSystem.extensionDigits = 3
        expected.phoneSystem.trunkDigits = 5
        expected.phoneSystem.queueExtensions = ["816"]
        expected.phoneSystem.countryPrefix = "49"
        expected.zammad.logMissedQueueCalls = true
        #expect(effective.configuration == expected)
        #expect(effective.filePath == "c.yaml")
        #expect(
            effective.warnings.map(\.message) == [
                "3CX.number_format is not given; national is used, which is kept for compatibility"
            ])
    }

    @Test("What is not given has the default of BridgeConfiguration")
    func defaults() throws {
        let effective = try Samples.load(Samples.minimal)
        var expected = BridgeConfiguration(
            phoneSystem: .init(host: "https://pbx.example.com"),
            zammad: .init(endpoint: Secret("https://zammad.example.com/api/v1/cti/secret-token")))
        expected.phoneSystem.clientID = "bridge"
        expected.phoneSystem.clientSecret = Secret("secret-client")
        #expect(effective.configuration == expected)
        #expect(effective.warnings.isEmpty)
    }

    @Test("The example configuration loads without warnings and uses e164")
    func example() throws {
        let text = try String(contentsOf: Samples.repository.appending(path: "config.example.yaml"), encoding: .utf8)
        let effective = try Samples.load(text)
        #expect(effective.warnings.isEmpty)
        #expect(effective.configuration.phoneSystem.numberFormat == .e164)
    }

    @Test("Every key reaches the configuration")
    func everyKey() async throws {
        try await TestCertificates.withFile { try everyKey(caFile: $0) }
    }

    private func everyKey(caFile: String) throws {
        let effective = try Samples.load(
            """
            Bridge: {poll_interval: 250ms, api: callcontrol, events: off, reconcile_interval: 1m, hangup_grace: 1.5,
              group_refresh: 1h, transfers: split, instance: berlin-1, state_dir: /state, history_days: 7,
              status_listen: ""}
            3CX: {user: a, pass: b, client_id: c, client_secret: d, host: "http://localhost:5000/", group: [A, B],
              extension_digits: 4, trunk_digits: "6", queue_extension: [816, "0817"], country_prefix: +43,
              number_format: as_is, tls_ca_file: \(caFile)}
            Zammad:
              - {endpoint: "https://z.example.com/api/v1/cti/t", log_missed_queue_calls: true, send_queue: Yes,
                max_parallel: 3, max_event_age: 1d, reject_blocked_callers: on, tls_ca_file: \(caFile),
                api_token: e,
                agents: {101: 7, "102": anna@example.com}, tickets: {create: missed, group: Support, title: "{cause}",
                body: "{number}", create_customers: yes, merge_window: 30m,
                notify_customer: yes}}
            """)
        var expected = BridgeConfiguration(
            phoneSystem: .init(host: "http://localhost:5000"),
            zammad: .init(endpoint: Secret("https://z.example.com/api/v1/cti/t")))
        expected.bridge.pollInterval = .milliseconds(250)
        expected.bridge.api = .callcontrol
        expected.bridge.events = false
        expected.bridge.reconcileInterval = .seconds(60)
        expected.bridge.hangupGrace = .milliseconds(1500)
        expected.bridge.groupRefresh = .seconds(3600)
        expected.bridge.transfers = .split
        expected.bridge.instance = "berlin-1"
        expected.bridge.stateDirectory = "/state"
        expected.bridge.historyDays = 7
        expected.bridge.statusListen = ""
        expected.phoneSystem.user = "a"
        expected.phoneSystem.password = Secret("b")
        expected.phoneSystem.clientID = "c"
        expected.phoneSystem.clientSecret = Secret("d")
        expected.phoneSystem.groups = ["A", "B"]
        expected.phoneSystem.extensionDigits = 4
        expected.phoneSystem.trunkDigits = 6
        expected.phoneSystem.queueExtensions = ["816", "0817"]
        expected.phoneSystem.countryPrefix = "43"
        expected.phoneSystem.numberFormat = .asIs
        expected.phoneSystem.tlsCAFile = caFile
        expected.zammad.name = "z.example.com"
        expected.zammad.logMissedQueueCalls = true
        expected.zammad.sendQueue = true
        expected.zammad.maxParallel = 3
        expected.zammad.maxEventAge = .seconds(86400)
        expected.zammad.rejectBlockedCallers = true
        expected.zammad.tlsCAFile = caFile
        expected.zammad.apiToken = Secret("e")
        expected.zammad.tickets.creation = .missed
        expected.zammad.tickets.group = "Support"
        expected.zammad.tickets.title = "{cause}"
        expected.zammad.tickets.body = "{number}"
        expected.zammad.tickets.createsCustomers = true
        expected.zammad.tickets.mergeWindow = .seconds(1800)
        expected.zammad.tickets.notifiesCustomer = true
        expected.zammad.agents = .listed(["101": .userID(7), "102": .loginOrMail("anna@example.com")])
        #expect(effective.configuration == expected)
    }

    @Test("a key of an earlier version has no effect, and is named")
    func withdrawn() throws {
        let effective = try Samples.load("Bridge:\n  http_client: foundation\n" + Samples.minimal)
        #expect(effective.configuration == (try Samples.load(Samples.minimal)).configuration)
        #expect(
            effective.warnings.map(\.description) == [
                "Bridge.http_client has no effect any more: there is only one HTTP client now at c.yaml:2:3; "
                    + "remove it"
            ])
        let variable = ["ZAMMADBRIDGE_BRIDGE_HTTP_CLIENT": "nio"]
        #expect(try Samples.load(Samples.minimal, environment: variable).warnings.count == 1)
    }

    @Test(
        "Tickets are off unless something else is said, also in one word",
        arguments: [
            ("", .off), ("tickets: off", .off), ("tickets: no", .off), ("tickets: missed", .missed),
            ("tickets: {create: all}", .all), ("tickets: {group: Support}", .off),
        ] as [(String, TicketQueue.Settings.Creation)])
    func tickets(_ line: String, _ creation: TicketQueue.Settings.Creation) throws {
        let effective = try Samples.load("\(Samples.minimal)\n  api_token: t\n  \(line)")
        let tickets = effective.configuration.zammad.tickets
        #expect(tickets.creation == creation)
        #expect(tickets.mergeWindow == .seconds(4 * 3600) && !tickets.createsCustomers && !tickets.notifiesCustomer)
        #expect(tickets.group == (line.contains("Support") ? "Support" : "Users"))
        let warnings = line.contains("Support") ? ["Zammad.tickets has no create, so that no tickets are made"] : []
        #expect(effective.warnings.map(\.message) == warnings)
        #expect(Zammad.Settings(effective.configuration).tickets.creation == creation)
    }

    @Test("Agents are user ids, logins, e-mail addresses, or all by their e-mail addresses")
    func agents() throws {
        func agents(_ value: String) throws -> BridgeConfiguration.Zammad.Agents {
            try Samples.load("\(Samples.minimal)\n  api_token: t\n  agents: \(value)").configuration.zammad.agents
        }
        #expect(try agents("auto") == .automatic)
        #expect(try agents("{}") == .listed([:]))
        #expect(
            try agents("{101: 7, 102: anna, 103: a@example.com, 104: \"8\"}")
                == .listed([
                    "101": .userID(7), "102": .loginOrMail("anna"), "103": .loginOrMail("a@example.com"),
                    "104": .userID(8),
                ]))
        #expect(try Samples.load(Samples.minimal + "\n  agents: {101: 7}").warnings.isEmpty)
    }

    @Test(
        "All spellings of a country prefix mean the same",
        arguments: ["49", "\"49\"", "+49", "\"+49\"", "0049", "'0049'"])
    func countryPrefix(spelling: String) throws {
        let text = Samples.reference.replacingOccurrences(of: "prefix: 49", with: "prefix: \(spelling)")
        #expect(try Samples.load(text).configuration.phoneSystem.countryPrefix == "49")
    }

    @Test(
        "Zero, nothing and empty text mean that there is no queue",
        arguments: ["0", "\"\"", "~", "", "null", "[]", "[0]"])
    func noQueue(spelling: String) throws {
        let text = Samples.reference.replacingOccurrences(of: "extension: 816", with: "extension: \(spelling)")
        #expect(try Samples.load(text).configuration.phoneSystem.queueExtensions == [])
    }

    @Test(
        "Text keys keep what is written, whatever YAML would make of it",
        arguments: ["0123", "yes", "1e3", "0x10", "1_000", "2024-01-01", "12:30:45", "null0"])
    func rawText(password: String) throws {
        let text = Samples.reference.replacingOccurrences(of: "\"secret-pass\"", with: password)
        #expect(try Samples.load(text).configuration.phoneSystem.password?.reveal() == password)
    }

    @Test(
        "Durations are seconds or have a unit",
        arguments: [
            ("0.5", Duration.milliseconds(500)), ("2", .seconds(2)), ("1e1", .seconds(10)), ("30s", .seconds(30)),
            ("100ms", .milliseconds(100)), ("1m", .seconds(60)), (".25", .milliseconds(250)),
        ])
    func durations(text: String, duration: Duration) throws {
        let effective = try Samples.load("Bridge: {poll_interval: \(text)}\n\(Samples.minimal)")
        #expect(effective.configuration.bridge.pollInterval == duration)
    }

    @Test("A byte order mark, line ends of Windows and comments do no harm")
    func oddButValid() throws {
        let text = "\u{FEFF}# comment\n" + Samples.minimal + "\n"
        let effective = try Samples.load(text.replacingOccurrences(of: "\n", with: "\r\n"))
        #expect(effective.configuration.phoneSystem.clientSecret?.reveal() == "secret-client")
    }

    @Test("A few aliases are fine")
    func aliases() throws {
        let effective = try Samples.load(
            Samples.minimal + "\n  api_token: &text /dev/null\nBridge: {state_dir: *text}")
        #expect(effective.configuration.bridge.stateDirectory == "/dev/null")
    }
}
