import Ports
import Testing

@testable import Adapters

private typealias Samples = ConfigurationSamples

@Suite("A line that is no YAML")
struct YAMLTroubleTests {
    struct Row: Sendable {
        let text: String
        let problem: String
        let excerpt: [String]

        init(_ text: String, _ problem: String, _ excerpt: String...) {
            self.text = text
            self.problem = problem
            self.excerpt = excerpt
        }
    }

    private static let escaped = "write it in '…': pass: '…', where a \\ stands for itself and a ' is written twice"

    private static let rows = [
        Row(
            "3CX:\n\thost: https://pbx.example.com\n",
            "a tab in the indentation at c.yaml:2:1; indent with spaces",
            "→host: https://pbx.example.com", "^"),
        Row(
            "3CX:\n  user: admin\n  host:https://pbx.example.com\n  pass: geheim\n",
            "no space after the colon at c.yaml:3:8; write host: https://pbx.example.com",
            "  host:https://pbx.example.com", "       ^"),
        Row(
            "3CX:\n  host:https://pbx.example.com\n\n  # a comment\n  user: admin\n",
            "no space after the colon at c.yaml:2:8; write host: https://pbx.example.com",
            "  host:https://pbx.example.com", "       ^"),
        Row(
            "3CX:\n  user: admin\n  pass:geheim\n  group: Support\n",
            "no space after the colon at c.yaml:3:8; write pass: …", "  pass:••••", "       ^"),
        Row(
            "3CX:\n  user: admin\n  pass_file:geheim\n  group: Support\n",
            "no space after the colon at c.yaml:3:13; write pass_file: …", "  pass_file:••••", "            ^"),
        Row(
            "3CX:\n  pass_file: %geheim\n  group: Support\n",
            "a value that begins with % at c.yaml:2:14; write it in quotes: pass_file: '…'", "  pass_file: ••••",
            "             ^"),
        Row(
            "3CX:\n  user: admin\n  host:https://admin:geheim@pbx.example.com\n  group: Support\n",
            "no space after the colon at c.yaml:3:8; write host: …", "  host:••••", "       ^"),
        Row(
            "3CX:\n  pass: %geheim\n  group: Support\n",
            "a value that begins with % at c.yaml:2:9; write it in quotes: pass: '…'", "  pass: ••••", "        ^"),
        Row(
            "3CX:\n  pass: @geheim\n", "a value that begins with @ at c.yaml:2:9; write it in quotes: pass: '…'",
            "  pass: ••••", "        ^"),
        Row(
            "3CX:\n  pass: [geheim\n  group: Support\n",
            "a value that begins with [ at c.yaml:2:9; write it in quotes: pass: '…'", "  pass: ••••", "        ^"),
        Row(
            "3CX:\n  group: Support: Berlin\n  pass: geheim\n",
            "a value with a colon in it at c.yaml:2:17; write it in quotes: group: '…'",
            "  group: Support: Berlin", "                ^"),
        Row(
            "3CX:\n  pass: ge: heim\n", "a value with a colon in it at c.yaml:2:11; write it in quotes: pass: '…'",
            "  pass: ••••", "          ^"),
        Row(
            "3CX:\n  group: \"Support\n  user: admin\n",
            "a quote that is not closed at c.yaml:2:10; write another \" after the value",
            "  group: \"Support", "         ^"),
        Row(
            "3CX:\n  group: 'Anna's'\n",
            "text after the closing quote at c.yaml:2:16; put the whole value in quotes; within '…' a ' is written twice",
            "  group: 'Anna's'", "               ^"),
        Row(
            "3CX:\n  host: x\n   user: admin\n",
            "mapping values are not allowed in this context at c.yaml:3:8; check indentation, colons and quotes",
            "   user: admin", "       ^"),
        Row(
            "3CX: {host: x, pass: geheim: y}\n",
            "a value that begins with { at c.yaml:1:6; write it in quotes: 3CX: '…'", "3CX: ••••", "     ^"),
        Row(
            "%3CX:\n  host: x\n", "a line that begins with % at c.yaml:1:1; write 3CX: without it", "%3CX:", "^"),
        Row(
            "3CX:\n  user: x\n  @pass: geheim\n",
            "a line that begins with @ at c.yaml:3:3; write pass: without it", "  @pass: ••••", "  ^"),
        Row(
            "3CX:\n  pass: - geheim\n", "a value that begins with - at c.yaml:2:9; write it in quotes: pass: '…'",
            "  pass: ••••", "        ^"),
        Row(
            "3CX:\n  pass: ? geheim\n", "a value that begins with ? at c.yaml:2:9; write it in quotes: pass: '…'",
            "  pass: ••••", "        ^"),
        Row(
            "3CX:\n  group: [A, B]\n  pass: ,geheim\n",
            "a value that begins with , at c.yaml:3:9; write it in quotes: pass: '…'", "  pass: ••••", "        ^"),
        Row(
            "3CX:\n  pass: \"a\\dheim\"\n",
            "a \\ within \"…\" that YAML does not know at c.yaml:2:11; \(escaped)", "  pass: ••••", "          ^"),
        Row(
            "3CX:\n  user: x\n  pass: \"a\\\\\\x4heim\"\n",
            "a \\ within \"…\" that YAML does not know at c.yaml:3:13; \(escaped)", "  pass: ••••", "            ^"),
    ]

    @Test("is shown with a caret, says what to write instead, and tells no secret", arguments: rows)
    func explained(_ row: Row) {
        do {
            _ = try Samples.load(row.text)
            Issue.record("read: \(row.text)")
        } catch {
            let problem = error.problems[0]
            #expect(problem.description == "not valid YAML: \(row.problem)")
            #expect(problem.excerpt == row.excerpt)
            let all = "\(error)" + error.problems.flatMap(\.excerpt).joined()
            #expect(!all.contains("heim"))
        }
    }

    @Test("that is YAML and loses a part of a text is warned of; a comment is not")
    func lostPart() throws {
        let text = Samples.minimal.replacing("secret-client", with: "secret #client")
        let warnings = try Samples.load(text).warnings
        #expect(
            warnings.map(\.description) == [
                "the text from # on is a comment in YAML, and not part of the value at c.yaml:4:25; if it "
                    + "belongs to the value, write it in quotes: client_secret: '…'; else write a space after the #"
            ])
        #expect(warnings[0].excerpt == ["  client_secret: ••••", "                     ^"])
        for harmless in ["secret # client", "'secret #client'", "secret#client"] {
            #expect(try Samples.load(Samples.minimal.replacing("secret-client", with: harmless)).warnings.isEmpty)
        }
    }

    @Test(
        "is not warned of where a list or quotes hold the whole text",
        arguments: [#"["Sales: #1, \"Berlin\""]"#, #"[Sales, "a #b"]"#, "'a #b'", #""a #b""#])
    func keptPart(_ value: String) throws {
        let text = Samples.minimal.replacing("  client_id", with: "  group: \(value)\n  client_id")
        #expect(try Samples.load(text).warnings.isEmpty)
    }

    @Test(
        "that loses a whole value comes before what is missing by that",
        arguments: [
            ("#geheim", "the text from # on is a comment in YAML, and not part of the value"),
            ("##geheim", "the text from # on is a comment in YAML, and not part of the value"),
            ("&geheim", "a value that begins with & is a name in YAML, and not taken for the value"),
        ])
    func lostValue(_ value: String, _ message: String) {
        do {
            _ = try Samples.load(Samples.minimal.replacing("secret-client", with: value))
            Issue.record("read: \(value)")
        } catch {
            #expect(error.problems.count == 2)
            #expect(error.problems[0].description.hasPrefix("\(message) at c.yaml:4:18; "))
            #expect(error.problems[0].excerpt == ["  client_secret: ••••", "                 ^"])
            #expect(error.problems[1].description.hasPrefix("3CX credentials are missing"))
            #expect(!"\(error)".contains("heim"))
        }
    }

    @Test(
        "that is YAML by a key with a colon in it is told as a missing space",
        arguments: [
            Row(
                "3CX:\n  host: https://p\nZammad:endpoint: https://z/api/v1/cti/geheim\n",
                "no space after the colon at c.yaml:3:8; write Zammad: on a line of its own, and its keys on the following "
                    + "lines, indented, each as KEY: VALUE",
                "Zammad:••••", "       ^"),
            Row(
                "3CX:\n  pass:geheim: x\n", "no space after the colon at c.yaml:2:8; write pass: …", "  pass:••••",
                "       ^"),
        ])
    func keyWithColon(_ row: Row) {
        do {
            _ = try Samples.load(row.text)
            Issue.record("read: \(row.text)")
        } catch {
            #expect(error.problems.map(\.description) == [row.problem])
            #expect(error.problems[0].excerpt == row.excerpt)
        }
    }

    @Test("a text that YAML takes for a tag is not printed")
    func tag() {
        let errors = Samples.errors(Samples.minimal.replacing("secret-client", with: "!geheim"))
        #expect(errors.contains("write a value that begins with ! in quotes"))
        #expect(!errors.contains("heim"))
    }
}
