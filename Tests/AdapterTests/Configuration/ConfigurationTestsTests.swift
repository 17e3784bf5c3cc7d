import Ports
import Testing

@testable import Adapters

@Suite("The section tests of a configuration")
struct ConfigurationTestsTests {
    private static let rules = """
        3CX:
          host: https://pbx.example.com
          client_id: bridge
          client_secret: secret-client
          country_prefix: 49
          number_format: e164
        Zammad:
          - name: support
            endpoint: https://support.example.com/api/v1/cti/secret-one
            match: {queue: 816, did: +49301234*}
          - name: sales
            endpoint: https://sales.example.com/api/v1/cti/secret-two
            match: {extension: 200-299, trunk: 10002}
        tests:

        """

    private static func load(_ tests: String...) throws -> EffectiveConfiguration {
        let yaml = rules + tests.map { "  - \($0)" }.joined(separator: "\n") + "\n"
        return try YAMLConfigurationSource().load(Array(yaml.utf8), path: "c.yaml")
    }

    @Test(
        "pass when the rules do what they expect",
        arguments: [
            "{call: {direction: in, from: \"030 1234567\", queue: 816}, expect: {zammad: support, direction: in, from: \"49301234567\", to: \"816\"}}",
            "{call: {direction: in, from: \"030 1234567\", to: 101, did: 0301234567}, expect: {zammad: support, to: \"101\"}}",
            "{call: {direction: in, to: 101, trunk: 10002}, expect: {zammad: sales, from: anonymous}}",
            "{call: {direction: out, from: 201, to: \"0301234567\"}, expect: {zammad: sales, direction: out, from: \"201\", to: \"49301234567\"}}",
            "{call: {direction: in, from: \"0301234567\", queue: 816, answered_by: 205}, expect: {zammad: support, to: \"205\"}}",
            "{call: {direction: in, from: \"0301234567\", to: 101}, expect: {zammad: none, reason: no Zammad takes it}}",
            "{call: {direction: internal, from: 101, to: 102}, expect: {reason: no external party}}",
        ])
    func passes(test: String) throws {
        let run = ConfigurationTestRun(try Self.load(test))
        #expect(run.count == 1)
        #expect(run.failures.map(\.description) == [])
    }

    @Test(
        "fail with what was expected and what came, with file, line and column",
        arguments: [
            (
                "{name: q, call: {direction: in, from: \"030 1234567\", queue: 816}, expect: {zammad: sales, from: \"0301234567\"}}",
                "test \"q\" at c.yaml:15:5: expected Zammad sales, but it goes to support; expected from 0301234567, but it is 49301234567"
            ),
            (
                "{call: {direction: in, queue: 816}, expect: {zammad: none}}",
                "test \"number 1\" at c.yaml:15:5: expected no report, but it is reported to support"
            ),
            (
                "{call: {direction: in, to: 101}, expect: {zammad: support}}",
                "test \"number 1\" at c.yaml:15:5: not reported: no Zammad takes it: nothing in Zammad.match fits"
            ),
            (
                "{call: {direction: in, to: 101}, expect: {reason: internal}}",
                "test \"number 1\" at c.yaml:15:5: expected the reason \"internal\", but it is "
                    + "\"no Zammad takes it: nothing in Zammad.match fits\""
            ),
        ])
    func fails(test: String, message: String) throws {
        let run = ConfigurationTestRun(try Self.load(test))
        #expect(run.failures.map(\.description) == [message])
    }

    @Test(
        "that are not well-formed are mistakes of the configuration",
        arguments: [
            ("{call: {direction: in}}", "a test needs both call and expect at c.yaml:15:5; "),
            (
                "{call: {direction: in}, expect: {zammad: suport}}",
                "no Zammad is called \"suport\" at c.yaml:15:46; did you mean support?"
            ),
            (
                "{call: {directon: in}, expect: {zammad: none}}",
                "unknown key \"directon\" in call of section tests at c.yaml:15:13; did you mean direction?"
            ),
            (
                "{call: {direction: up}, expect: {zammad: none}}",
                "direction in section tests must be one of in, out, internal at c.yaml:15:24; "
            ),
            ("{call: {direction: in}, expect: {}}", "a test expects nothing at c.yaml:15:37; "),
            ("7", "a test in section tests must be a mapping, not a text at c.yaml:15:5; "),
        ])
    func malformed(test: String, message: String) {
        #expect {
            try Self.load(test)
        } throws: { error in
            "\(error)".contains(message)
        }
    }
}
