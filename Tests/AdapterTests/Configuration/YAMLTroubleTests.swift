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
            "a quote that is not closed at c.yaml:2:10; write another \" behind the value",
            "  group: \"Support", "         ^"),
        Row(
            "3CX:\n  group: 'Anna's'\n",
            "text behind the closing quote at c.yaml:2:16; put the whole value in quotes; within '…' a ' is written twice",
            "  group: 'Anna's'", "               ^"),
        Row(
            "3CX:\n  host: x\n   user: admin\n",
            "mapping values are not allowed in this context at c.yaml:3:8; check indentation, colons and quotes",
            "   user: admin", "       ^"),
        Row(
            "3CX: {host: x, pass: geheim: y}\n",
            "a value that begins with { at c.yaml:1:6; write it in quotes: 3CX: '…'", "3CX: ••••", "     ^"),
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
                "from # on the line is a comment in YAML, and no part of the value at c.yaml:4:25; if it belongs to the value, "
                    + "write it in quotes: client_secret: '…'; else write a space behind the #"
            ])
        #expect(warnings[0].excerpt == ["  client_secret: ••••", "                     ^"])
        for harmless in ["secret # client", "'secret #client'", "secret#client"] {
            #expect(try Samples.load(Samples.minimal.replacing("secret-client", with: harmless)).warnings.isEmpty)
        }
    }

    @Test("a text that YAML takes for a tag is not printed")
    func tag() {
        let errors = Samples.errors(Samples.minimal.replacing("secret-client", with: "!geheim"))
        #expect(errors.contains("write a value that begins with ! in quotes"))
        #expect(!errors.contains("heim"))
    }
}
