import Foundation
import Ports
import Testing

@testable import Adapters

@Suite("Configuration: what is refused, where, and with which advice")
struct ConfigurationErrorTests {
    typealias Samples = ConfigurationSamples

    /// A text and what must be said about it.
    struct Finding: Sendable, CustomTestStringConvertible {
        let yaml: String
        let message: String

        init(_ yaml: String, _ message: String) {
            self.yaml = yaml
            self.message = message
        }

        var testDescription: String { yaml }
    }

    /// `minimal` has six lines: the added text begins in line 7.
    static let added: [Finding] = [
        Finding(
            "  max_paralel: 3",
            "unknown key \"max_paralel\" in section Zammad at c.yaml:7:3; did you mean max_parallel?"),
        Finding("  group: A", "unknown key \"group\" in section Zammad at c.yaml:7:3; it belongs in section 3CX"),
        Finding(
            "  trunk_digit: 5",
            "unknown key \"trunk_digit\" in section Zammad at c.yaml:7:3; "
                + "did you mean trunk_digits, which belongs in section 3CX?"
        ),
        Finding("  Endpoint: x", "unknown key \"Endpoint\" in section Zammad at c.yaml:7:3; did you mean endpoint?"),
        Finding("bridge: {}", "unknown section \"bridge\" at c.yaml:7:1; did you mean Bridge?"),
        Finding("3cx: {}", "unknown section \"3cx\" at c.yaml:7:1; did you mean 3CX?"),
        Finding("ZAMMAD: {}", "unknown section \"ZAMMAD\" at c.yaml:7:1; did you mean Zammad?"),
        Finding("xyz: 1", "unknown section \"xyz\" at c.yaml:7:1; the sections are Bridge, 3CX, Zammad, tests"),
        Finding(
            "poll_interval: 1",
            "unknown section \"poll_interval\" at c.yaml:7:1; the key poll_interval belongs in section Bridge"
        ),
        Finding(
            "Bridge: fast",
            "section Bridge must be a mapping, not a text at c.yaml:7:9; "
                + "write its keys on the following lines, indented, each as KEY: VALUE"
        ),
        Finding(
            "Bridge: [api]",
            "section Bridge must be a mapping, not a list at c.yaml:7:9; write its keys directly under Bridge:"
        ),
        Finding(
            "Bridge:\n  poll_interval: [1]",
            "Bridge.poll_interval must be a number of seconds from 0.001 to 60, not a list at c.yaml:8:18; "
                + "write for example poll_interval: 1"
        ),
        Finding(
            "Bridge:\n  poll_interval: fast",
            "Bridge.poll_interval must be a number of seconds from 0.001 to 60, not \"fast\" at c.yaml:8:18; "
                + "write for example poll_interval: 1"
        ),
        Finding(
            "Bridge:\n  events: maybe",
            "Bridge.events must be true or false, not \"maybe\" at c.yaml:8:11; write for example events: true"
        ),
        Finding(
            "Bridge:\n  api: callcontrl",
            "Bridge.api must be one of auto, legacy, callcontrol, xapi, not \"callcontrl\" at c.yaml:8:8; "
                + "did you mean callcontrol?"
        ),
        Finding(
            "Bridge:\n  api: legcay",
            "Bridge.api must be one of auto, legacy, callcontrol, xapi, not \"legcay\" at c.yaml:8:8; did you mean legacy?"
        ),
        Finding(
            "Bridge:\n  api: legacy",
            "neither 3CX.group nor 3CX.queue_extension is given, so that no call would be reported at c.yaml:1:1; "
                + "add group: NAME to section 3CX, the group of the agents whose calls are to be reported\n"
                + "Bridge.api: legacy needs 3CX.user and 3CX.pass at c.yaml:8:8; add user and pass to section 3CX"
        ),
        Finding(
            "Bridge:\n  instance: a b",
            "Bridge.instance must be 1 to 40 characters of A-Z, a-z, 0-9, dot, underscore and hyphen, not \"a b\" "
                + "at c.yaml:8:13; write for example instance: 3cx-berlin"
        ),
        Finding(
            "  max_parallel: 65",
            "Zammad.max_parallel must be a whole number from 1 to 64, not \"65\" at c.yaml:7:17; "
                + "write for example max_parallel: 5"
        ),
        Finding(
            "  max_parallel: !!binary aGk=",
            "the YAML tag !!binary is not supported here at c.yaml:7:17; remove the tag\n"
                + "Zammad.max_parallel must be a whole number from 1 to 64, not \"aGk=\" at c.yaml:7:17; "
                + "write for example max_parallel: 5"
        ),
        Finding(
            "  send_queue: !mine yes",
            "a YAML tag is not supported here at c.yaml:7:15; remove the tag, or write a value that begins with ! in quotes"
        ),
        Finding(
            "  match: {queue: [8*1]}",
            "\"8*1\" in Zammad.match.queue is not a pattern at c.yaml:7:19; write a number (816), a beginning (81*), "
                + "or a range whose ends have the same number of digits (800-816)"
        ),
        Finding(
            "  match: {queues: 1}",
            "unknown key \"queues\" in Zammad.match at c.yaml:7:11; did you mean queue?"
        ),
        Finding(
            "  tls_ca_file: /no/such.pem",
            "the file \"/no/such.pem\" of Zammad.tls_ca_file does not exist at c.yaml:7:16; "
                + "check the path and that the bridge's user may read it"
        ),
        Finding(
            "  agents: {anna: 7, 102: [1], 103: 1.5}",
            "\"anna\" in Zammad.agents is not an extension at c.yaml:7:12; write EXTENSION: ZAMMAD_USER\n"
                + "the Zammad user of extension 102 must be a user id, a login or an e-mail address, not a list "
                + "at c.yaml:7:26; write for example 102: 7 or 102: anna@example.com\n"
                + "the Zammad user id of extension 103 must be a whole number above 0, not 1.5 at c.yaml:7:36; "
                + "write for example 103: 7"
        ),
        Finding(
            "  agents: {101: 7, 102: anna@example.com, 103: ben}",
            "the login or e-mail address of extension 102 in Zammad.agents needs Zammad.api_token at c.yaml:7:25; "
                + "add api_token, the token of a Zammad user with the permission ticket.agent, or use user ids"
        ),
        Finding(
            "  agents: auto",
            "auto in Zammad.agents needs Zammad.api_token at c.yaml:7:11; "
                + "add api_token, the token of a Zammad user with the permission ticket.agent, or use user ids"
        ),
        Finding(
            "  tickets: {creat: all}",
            "unknown key \"creat\" in Zammad.tickets at c.yaml:7:13; did you mean create?"
        ),
        Finding(
            "  tickets: {create: missed}",
            "Zammad.tickets needs Zammad.api_token at c.yaml:7:12; "
                + "add api_token, the token of a Zammad user with the permission ticket.agent, or write tickets: off"
        ),
        Finding(
            "  tickets: {create: always, group: [A], title: 'From {nummer}', body: '{foo}', create_customers: perhaps,\n"
                + "    merge_window: 8d}",
            "create in Zammad.tickets must be one of off, missed, all at c.yaml:7:21; write for example create: missed\n"
                + "group in Zammad.tickets must be a text, not a list at c.yaml:7:36; write for example group: Users\n"
                + "title in Zammad.tickets has the unknown placeholder {nummer} at c.yaml:7:48; did you mean {number}?\n"
                + "body in Zammad.tickets has the unknown placeholder {foo} at c.yaml:7:71; the placeholders are {number}, "
                + "{name}, {time}, {agent}, {queue}, {cause}, {duration}, {call}\n"
                + "create_customers in Zammad.tickets must be true or false, not \"perhaps\" at c.yaml:7:98; "
                + "write for example create_customers: true\n"
                + "merge_window in Zammad.tickets must be a time of at most 7 days, not \"8d\" at c.yaml:8:19; "
                + "write for example merge_window: 4h"
        ),
        Finding(
            "  tickets: [missed]",
            "Zammad.tickets must be off, missed, all, or a mapping with the keys create, group, title, body, "
                + "create_customers, merge_window and notify_customer, not a list at c.yaml:7:12; "
                + "write for example tickets: {create: missed, group: Users}"
        ),
        Finding(
            "  endpoint: https://other",
            "key \"endpoint\" is given more than once, first in line 6 at c.yaml:7:3; keep one of them\n"
                + "Zammad.endpoint must be an https:// or http:// address with a path and without ? and # "
                + "at c.yaml:7:13; copy it from Zammad, Admin > System > Integrations > CTI (generic)"
        ),
        Finding(
            "3CX: {}",
            "key \"3CX\" is given more than once, first in line 1 at c.yaml:7:1; keep one of them\n"
                + "3CX.host is missing at c.yaml:7:1; "
                + "add host: https://pbx.example.com to section 3CX or set ZAMMADBRIDGE_3CX_HOST\n"
                + "3CX credentials are missing at c.yaml:7:1; add user and pass (before version 20) or client_id and "
                + "client_secret (version 20 and later) to section 3CX"
        ),
        Finding(
            "? [a]\n: b",
            "a key must be a text at c.yaml:7:3; write KEY: VALUE"
        ),
        Finding(
            "  \"quoted: x",
            "not valid YAML: while scanning a quoted scalar found unexpected end of stream at c.yaml:7:13; "
                + "check indentation, colons and quotes"
        ),
        Finding(
            "  a: *nothing",
            "not valid YAML: a value that begins with * at c.yaml:7:6; write it in quotes: a: '…'"
        ),
        Finding(
            "\tx: 1",
            "not valid YAML: a tab in the indentation at c.yaml:7:1; indent with spaces"
        ),
        Finding("  x: \u{7}", "the file contains the control character U+0007 at c.yaml:7:6; remove it"),
        Finding(
            "  api_token: \"••••\"",
            "Zammad.api_token is the masked form in which secrets are shown at c.yaml:7:14; "
                + "put the real value there, or in Zammad.api_token_file"
        ),
        Finding(
            "  api_token: a\n  api_token_file: b",
            "Zammad.api_token and Zammad.api_token_file are both given at c.yaml:8:19; keep one of them"
        ),
        Finding(
            "  api_token_file: /no/such",
            "the file of Zammad.api_token_file does not exist at c.yaml:7:19; "
                + "check the path and that the bridge's user may read it"
        ),
    ]

    @Test("A line too many is reported", arguments: added)
    func addedLines(finding: Finding) {
        #expect(Samples.errors(Samples.minimal + "\n" + finding.yaml) == finding.message)
    }

    @Test(
        "A status page that others can reach needs a token, and one that cannot be guessed",
        arguments: [
            Finding(
                "status_listen: 0.0.0.0:9315",
                "Bridge.status_listen can be reached from other machines, and Bridge.status_token is missing "
                    + "at c.yaml:2:18; add status_token to section Bridge, or write status_listen: 127.0.0.1:9315"),
            Finding(
                "status_listen: bridge.example.com:80",
                "Bridge.status_listen can be reached from other machines, and Bridge.status_token is missing "
                    + "at c.yaml:2:18; add status_token to section Bridge, or write status_listen: 127.0.0.1:80"),
            Finding(
                "status_token: 123456789012345",
                "Bridge.status_token is shorter than 16 characters at c.yaml:2:17; "
                    + "use for example what openssl rand -hex 16 prints"),
            Finding("status_token: 1234567890123456\n  status_listen: 0.0.0.0:9315", ""),
            Finding("status_listen: \"[::1]:9315\"", ""), Finding("status_listen: localhost:0", ""),
            Finding("status_listen: \"\"", ""),
        ])
    func statusPage(finding: Finding) {
        #expect(Samples.errors("Bridge:\n  \(finding.yaml)\n\(Samples.minimal)") == finding.message)
    }

    static let inPhoneSystem: [Finding] = [
        Finding("host: pbx.example.com", "3CX.host has no scheme at c.yaml:7:9; add https:// in front"),
        Finding("host: ftp://pbx", "3CX.host must begin with https:// or http:// at c.yaml:7:9; use https://"),
        Finding(
            "host: https://pbx/webclient",
            "3CX.host must be an address with https:// or http:// and without a path at c.yaml:7:9; "
                + "write only https://pbx"
        ),
        Finding(
            "host: https://a:b@pbx",
            "3CX.host must not contain a user name or password at c.yaml:7:9; remove what stands before the @"
        ),
        Finding(
            "host: https://pbx:99999", "3CX.host has no valid port at c.yaml:7:9; use a port from 1 to 65535 or none"),
        Finding(
            "trunk_digits: 0",
            "3CX.trunk_digits must be a whole number from 1 to 20, not \"0\" at c.yaml:7:17; "
                + "write for example trunk_digits: 5"
        ),
        Finding(
            "trunk_digits: 010",
            "3CX.trunk_digits must be a whole number from 1 to 20, not \"010\" at c.yaml:7:17; "
                + "write for example trunk_digits: 5"
        ),
        Finding(
            "trunk_digits: 2.5",
            "3CX.trunk_digits must be a whole number from 1 to 20, not \"2.5\" at c.yaml:7:17; "
                + "write for example trunk_digits: 5"
        ),
        Finding(
            "queue_extension: 8a",
            "3CX.queue_extension must be a number of 1 to 20 digits or a list of such numbers, not \"8a\" at "
                + "c.yaml:7:20; write for example queue_extension: 816"
        ),
        Finding(
            "group: [A, [B]]",
            "3CX.group must be a name or a list of names, not a list at c.yaml:7:14; write for example group: Support"
        ),
        Finding(
            "country_prefix: germany",
            "3CX.country_prefix must be a country calling code of 1 to 4 digits, not \"germany\" at c.yaml:7:19; "
                + "write for example country_prefix: 49"
        ),
        Finding(
            "number_format: e164",
            "3CX.number_format: e164 needs 3CX.country_prefix at c.yaml:7:18; "
                + "add country_prefix, for example 49, or use as_is"
        ),
        Finding(
            "usrename: x",
            "unknown key \"usrename\" in section 3CX at c.yaml:7:3; remove it; the keys of section 3CX are "
                + ConfigurationKeys.keys(of: .phoneSystem).map(\.name).joined(separator: ", ")
        ),
        Finding("password: x", "unknown key \"password\" in section 3CX at c.yaml:7:3; did you mean pass?"),
    ]

    @Test("A wrong value in 3CX is reported at its place", arguments: inPhoneSystem)
    func phoneSystem(finding: Finding) {
        let host = finding.yaml.hasPrefix("host") ? "" : "\n  host: https://pbx.example.com"
        let text = """
            Zammad:
              endpoint: https://zammad.example.com/api/v1/cti/secret-token
            3CX:
              # comment
              client_id: bridge
              client_secret: secret-client
              \(finding.yaml)\(host)
            """
        #expect(Samples.errors(text) == finding.message)
    }

    @Test(
        "Numbers that no duration can be are refused",
        arguments: ["1e400", "nan", ".nan", ".inf", "-1", "-0.5s", "0", "60.001", "2h", "0x1", "1 s", "", "1e-9"])
    func durations(text: String) {
        let error = Samples.errors("Bridge: {poll_interval: \"\(text)\"}\n\(Samples.minimal)")
        #expect(
            error.hasPrefix("Bridge.poll_interval must be a number of seconds from 0.001 to 60, not \"\(text)\" at "))
    }

    @Test("All problems are reported, in the order of the file")
    func allProblems() {
        let errors = Samples.errors(
            """
            Bridge:
              pol_interval: 1
              api: nothing
            3CX:
              user: a
              trunk_digits: x
            Zamad:
              endpoint: x
            """)
        #expect(
            errors.split(separator: "\n").map { $0.split(separator: ";")[0] } == [
                "Zammad.endpoint is missing at c.yaml:1:1",
                "unknown key \"pol_interval\" in section Bridge at c.yaml:2:3",
                "Bridge.api must be one of auto, legacy, callcontrol, xapi, not \"nothing\" at c.yaml:3:8",
                "3CX.host is missing at c.yaml:4:1",
                "3CX credentials are missing at c.yaml:4:1",
                "3CX.trunk_digits must be a whole number from 1 to 20, not \"x\" at c.yaml:6:17",
                "unknown section \"Zamad\" at c.yaml:7:1",
            ])
    }

    @Test("A key given three times is reported twice, and other duplicates as well")
    func duplicates() {
        let errors = Samples.errors(
            Samples.minimal
                + "\n  'send_queue': yes\n  \"send_queue\": no\n  send_queue: on\n  endpoint: https://z/api/v1/cti/x")
        #expect(
            errors.split(separator: "\n").map { $0.split(separator: ";")[0] } == [
                "key \"send_queue\" is given more than once, first in line 7 at c.yaml:8:3",
                "key \"send_queue\" is given more than once, first in line 7 at c.yaml:9:3",
                "key \"endpoint\" is given more than once, first in line 6 at c.yaml:10:3",
            ])
    }

    static let wholeFiles: [Finding] = [
        Finding("", "the file is empty at c.yaml:1:1; start from config.example.yaml"),
        Finding("# only\n# comments\n", "the file is empty at c.yaml:1:1; start from config.example.yaml"),
        Finding(
            "- a",
            "the file must hold the sections Bridge, 3CX and Zammad, not a list at c.yaml:1:1; "
                + "start from config.example.yaml"
        ),
        Finding(
            "text",
            "the file must hold the sections Bridge, 3CX and Zammad, not a text at c.yaml:1:1; "
                + "start from config.example.yaml"
        ),
        Finding(
            "a: 1\n---\nb: 2",
            "not valid YAML: expected a single document in the stream but found another document at c.yaml:2:1; "
                + "check indentation, colons and quotes"
        ),
    ]

    @Test("A file that is no mapping is refused", arguments: wholeFiles)
    func shapes(finding: Finding) {
        #expect(Samples.errors(finding.yaml) == finding.message)
    }

    @Test("Bytes that are no UTF-8 are reported at their place")
    func invalidUTF8() {
        #expect {
            try Samples.load(Array("a: b\nc: ".utf8) + [0xFF, 0x0A])
        } throws: { error in
            "\(error)" == "the file is not valid UTF-8 at c.yaml:2:4; save it with the encoding UTF-8"
        }
    }

    @Test("Aliases that multiply are refused in no time")
    func aliasBombs() {
        let many = (0..<20).map { "a\($0): &a\($0) [\($0 == 0 ? "x" : "*a\($0 - 1), *a\($0 - 1)")]" }
        #expect(Samples.errors(many.joined(separator: "\n")).hasPrefix("the file has more than 10 aliases (*name)"))
        let few = (0..<3).map {
            "a\($0): &a\($0) [\($0 == 0 ? "x" + String(repeating: ",x", count: 2000) : "*a\($0 - 1), *a\($0 - 1)")]"
        }
        let bomb = few.joined(separator: "\n") + "\nb: [*a2, *a2]\n? *a2\n: 1"
        #expect(Samples.errors(bomb).hasPrefix("the file holds more than 10000 values"))
    }

    @Test("Deep nesting is refused")
    func nesting() {
        let deep = String(repeating: "[", count: 900) + String(repeating: "]", count: 900)
        #expect(Samples.errors("a: \(deep)").hasPrefix("the file is nested more than 32 levels deep at c.yaml:1:"))
        let tooDeep = String(repeating: "[", count: 100_000)
        #expect(Samples.errors("a: \(tooDeep)").hasPrefix("not valid YAML: "))
    }

    @Test("No more than 100 problems are reported")
    func manyProblems() throws {
        let keys = (0..<500).map { "key\($0): 1" }.joined(separator: "\n")
        #expect(Samples.errors(keys).split(separator: "\n").count == 100)
    }

    static let odd: [Finding] = [
        Finding(
            "Bridge: {poll_interval: 0.05}",
            "Bridge.poll_interval is below 0.1 seconds, which is a burden for the phone system at c.yaml:7:25; use 0.5"
        ),
        Finding(
            "Bridge: {}\n3CX: {host: https://p, user: u, client_id: c, client_secret: s}",
            "3CX.user is not used without 3CX.pass at c.yaml:8:30; add pass, or remove 3CX.user"
        ),
        Finding(
            "3CX: {host: https://p, client_id: c, client_secret: s, extension_digits: 3, trunk_digits: 3}",
            "3CX.extension_digits and 3CX.trunk_digits are equal, so that trunks cannot be told from extensions "
                + "at c.yaml:7:91; count the digits of a trunk in 3CX's trunk list"
        ),
        Finding(
            "Zammad: {endpoint: https://z/hook}",
            "Zammad.endpoint does not contain /api/v1/cti/ at c.yaml:7:20; "
                + "check that it was copied whole from Zammad's settings"
        ),
        Finding(
            "3CX: {host: https://p, user: u, pass: p, client_id: c, client_secret: s}",
            "neither 3CX.group nor 3CX.queue_extension is given, which a phone system before version 20 needs "
                + "at c.yaml:7:1; add group: NAME to section 3CX, the group of the agents whose calls are to be "
                + "reported"
        ),
    ]

    @Test("What works but is odd gives a warning", arguments: odd)
    func warnings(finding: Finding) throws {
        let yaml = finding.yaml
        // Comments take the place of the section that the case replaces.
        let minimal = Samples.minimal.split(separator: "\n")
        let replacesPhoneSystem = yaml.contains("3CX: ")
        let replacesZammad = yaml.contains("Zammad: ")
        let kept = minimal.enumerated().map { index, line in
            (index < 4 ? replacesPhoneSystem : replacesZammad) ? "#" : String(line)
        }
        let effective = try Samples.load((kept + [yaml]).joined(separator: "\n"))
        #expect(effective.warnings.map(\.description) == [finding.message])
    }
}
