import Domain
import Ports
import Testing

@testable import Adapters

private typealias Samples = ConfigurationSamples

@Suite("A configuration with several phone systems and Zammads")
struct SeveralSidesConfigurationTests {
    private static let good = """
        3CX:
          - name: berlin
            host: https://berlin.example.com
            client_id: bridge
            client_secret: secret-client
          - name: hamburg
            api: legacy
            host: https://hamburg.example.com
            user: admin
            pass: secret-pass
            group: Support
        Zammad:
          - name: support
            endpoint: https://support.example.com/api/v1/cti/secret-one
            match: {queue: [816, 820-829], pbx: berlin}
            log_missed_queue_calls: yes
          - endpoint: https://office.example.com/api/v1/cti/secret-two
        """

    private static func problems(_ yaml: String, environment: [String: String] = [:]) -> String {
        do {
            _ = try YAMLConfigurationSource(environment: environment).load(Array(yaml.utf8), path: "c.yaml")
            return ""
        } catch {
            return error.description
        }
    }

    private static func load(
        _ yaml: String, environment: [String: String] = [:]
    ) throws -> EffectiveConfiguration {
        try YAMLConfigurationSource(environment: environment).load(Array(yaml.utf8), path: "c.yaml")
    }

    @Test("has each entry with what it says, its own defaults, and the rules in the order of the file")
    func entries() throws {
        let effective = try Self.load(Self.good)
        let configuration = effective.configuration
        #expect(effective.warnings.isEmpty)
        #expect(configuration.phoneSystems.map(\.name) == ["berlin", "hamburg"])
        #expect(
            configuration.phoneSystems.map(\.host) == ["https://berlin.example.com", "https://hamburg.example.com"])
        #expect(configuration.zammads.map(\.name) == ["support", "office.example.com"])
        #expect(configuration.zammads.map(\.logMissedQueueCalls) == [true, false])
        let alone = configuration.alone(with: configuration.phoneSystems[1])
        #expect(alone.bridge.api == .legacy && alone.bridge.instance == "hamburg")
        #expect(CallLifecycle.Settings.each(configuration).map(\.instance) == ["berlin", "hamburg"])
        let routing = Routing(configuration)
        #expect(routing.rules.map(\.zammad) == ["support", "office.example.com"])
        #expect(routing.rules[0].match.queues.map(\.description) == ["816", "820-829"])
        #expect(routing.rules[1].match.isCatchAll)
    }

    @Test("of one phone system and one Zammad has the default names, and no rules")
    func single() throws {
        let configuration = try Self.load(Samples.minimal).configuration
        #expect(configuration.phoneSystems.map(\.name) == [.default] && configuration.zammads.map(\.name) == [.default])
        #expect(Routing(configuration).rules.isEmpty)
        #expect(CallLifecycle.Settings(configuration).instance == "3cx")
    }

    @Test(
        "with a mistake is refused, with line and column of the entry",
        arguments: [
            ("name: hamburg", "name: berlin", "is that of entry 1 of section 3CX too at c.yaml:6:11; "),
            (
                "name: hamburg\n    ", "",
                "3CX.name is missing: with several phone systems it is part of the call ids at c.yaml:6:5; "
            ),
            (
                "pbx: berlin", "pbx: berlni",
                "no phone system is called \"berlni\", as Zammad.match.pbx has it at c.yaml:15:12; did you mean berlin?"
            ),
            (
                "    user: admin\n", "",
                "3CX.api: legacy needs 3CX.user and 3CX.pass at c.yaml:7:10; add user to section 3CX"
            ),
            ("    host: https://hamburg.example.com\n", "", "3CX.host is missing at c.yaml:6:5; "),
            ("820-829", "829-820", "\"829-820\" in Zammad.match.queue is not a pattern at c.yaml:15:26; "),
            ("log_missed_queue_calls: yes", "log_missed_queue_calls: perhaps", "at c.yaml:16:29; "),
        ])
    func mistakes(old: String, new: String, message: String) {
        let problems = Self.problems(Self.good.replacing(old, with: new))
        #expect(problems.contains(message), "\(problems)")
        #expect(problems.split(separator: "\n").count == 1, "\(problems)")
    }

    @Test("warns of calls that nobody gets, and of a Zammad that gets none")
    func warnings() throws {
        let nobody = Self.good.replacing(
            "  - endpoint: https://office", with: "  - match: {extension: 1*}\n    endpoint: https://office")
        #expect(try Self.load(nobody).warnings.map(\.message) == ["calls that fit no Zammad.match are not reported"])
        let never = Self.good.replacing("    match: {queue: [816, 820-829], pbx: berlin}\n", with: "")
        #expect(
            try Self.load(never).warnings.map(\.message) == [
                "this Zammad never gets a call: entry 1 before it takes every call"
            ])
    }

    @Test("takes secrets from variables that name the entry by position or by name, and refuses those that do not")
    func environment() throws {
        let yaml = Self.good.replacing("    client_secret: secret-client\n", with: "").replacing(
            "    pass: secret-pass\n", with: "")
        let given = try Self.load(
            yaml,
            environment: [
                "ZAMMADBRIDGE_3CX_BERLIN_CLIENT_SECRET": "one", "ZAMMADBRIDGE_3CX_2_PASS": "two",
                "ZAMMADBRIDGE_ZAMMAD_2_SEND_QUEUE": "yes",
            ]
        ).configuration
        #expect(given.phoneSystems[0].clientSecret == Secret("one") && given.phoneSystems[1].password == Secret("two"))
        #expect(given.zammads.map(\.sendQueue) == [false, true])
        let vague = Self.problems(Self.good, environment: ["ZAMMADBRIDGE_3CX_PASS": "x"])
        #expect(
            vague
                == "it is not said which entry of section 3CX is meant in environment variable ZAMMADBRIDGE_3CX_PASS; "
                + "use for example ZAMMADBRIDGE_3CX_BERLIN_PASS")
        #expect(!Self.problems(Self.good, environment: ["ZAMMADBRIDGE_3CX_3_PASS": "x"]).isEmpty)
    }

    @Test("gives the value of a variable to one entry: that of the name rather than that of the position")
    func environmentOfOneEntry() throws {
        let yaml = """
            3CX:
              - {name: 2, host: 'https://a.example.com', client_id: c, client_secret: secret-a}
              - {name: b.c, host: 'https://b.example.com', client_id: c, client_secret: secret-b}
              - {name: b_c, host: 'https://c.example.com', client_id: c, client_secret: secret-c}
            Zammad: {endpoint: 'https://z.example.com/api/v1/cti/secret-z'}
            """
        let given = try Self.load(
            yaml,
            environment: [
                "ZAMMADBRIDGE_3CX_2_CLIENT_SECRET": "of 2", "ZAMMADBRIDGE_3CX_B_C_CLIENT_SECRET": "of b_c",
            ]
        ).configuration
        #expect(given.phoneSystems.map(\.clientSecret) == [Secret("of 2"), Secret("secret-b"), Secret("of b_c")])
    }

    @Test("is printed as lists that say the same when they are read again, with the secrets masked")
    func rendering() throws {
        let effective = try Self.load(Self.good)
        let text = effective.render()
        #expect(!text.contains("secret-"))
        let again = try Self.load(
            text.replacing("\"••••\"", with: "secret").replacing("/••••", with: "/api/v1/cti/secret").replacing(
                "\"https://", with: "https://"
            ).replacing("secret\"", with: "secret"))
        #expect(again.configuration.phoneSystems.map(\.name) == ["berlin", "hamburg"])
        #expect(again.configuration.zammads.map(\.match) == effective.configuration.zammads.map(\.match))
        let json = try effective.renderJSON()
        #expect(json.contains("\"Zammad\" : [") && json.contains("\"Bridge\" : {"))
    }

    @Test("that changes tells what was added, removed and changed, by the names of the entries")
    func changes() throws {
        let old = try Self.load(Self.good)
        let new = try Self.load(
            Self.good.replacing("secret-one", with: "secret-three").replacing("name: hamburg", with: "name: bremen"))
        let changes = ConfigurationChange.between(old, new)
        #expect(changes.map(\.key) == ["Zammad[support].endpoint", "3CX[bremen]", "3CX[hamburg]"])
        #expect(changes.map(\.new) == [nil, "added", "removed"])
    }

    @Test("A thousand phone systems are taken, and no more")
    func most() throws {
        func yaml(_ count: Int) -> String {
            "3CX:\n"
                + (1...count).map {
                    "  - {name: p\($0), host: 'https://p\($0).example.com', client_id: c, client_secret: s\($0)}"
                }
                .joined(separator: "\n")
                + "\nZammad:\n  endpoint: https://z.example.com/api/v1/cti/t\n"
        }
        #expect(try Self.load(yaml(1000)).configuration.phoneSystems.count == 1000)
        #expect(Self.problems(yaml(1001)).contains("section 3CX has 1001 entries"))
    }
}
