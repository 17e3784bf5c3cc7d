import Foundation
import Ports
import Testing

@testable import Adapters

@Suite("The text of a configuration in which keys are changed")
struct ConfigurationTextTests {
    private static func changed(_ text: String, _ changes: (String, ConfigurationEntry.Value?)...) -> String {
        var changed = ConfigurationText(text)
        for (path, value) in changes { changed.set(path, value) }
        return changed.text
    }

    @Test("gets keys in their sections, behind those that are there")
    func insertion() {
        #expect(Self.changed("", ("3CX.host", .text("https://a"))) == "3CX:\n  host: https://a\n")
        let text = "# Start\n3CX:   # theirs\n    user: a\n\n# About Zammad\nZammad:\n"
        #expect(
            Self.changed(text, ("3CX.group", .list([.text("A, B")])), ("Zammad.api_token", .text("t: 1")))
                == "# Start\n3CX:   # theirs\n    user: a\n    group: [\"A, B\"]\n\n# About Zammad\nZammad:\n"
                + "  api_token: \"t: 1\"\n")
    }

    @Test("replaces and removes a value with all its lines, and nothing else")
    func replacement() {
        let text = """
            3CX:
              group:
              - A   # the first

              # and
              - B
              #group: old
              pass: >-
                secret
                words
              user: b
            """
        let rest = "  #group: old\n  pass: >-\n    secret\n    words\n  user: b\n"
        #expect(Self.changed(text, ("3CX.group", .text("C"))) == "3CX:\n  group: C\n" + rest)
        #expect(Self.changed(text, ("3CX.group", nil)) == "3CX:\n" + rest)
        #expect(Self.changed(text, ("3CX.queue_extension", nil)) == text + "\n")
        #expect(ConfigurationText(text).masked.contains("  pass: ••••\n  user: b\n"))
        #expect(!ConfigurationText(text).masked.contains("words"))
    }

    @Test("knows keys of the same name in other sections, and other line ends")
    func sections() {
        let text = "3CX:\r\n  name: a\r\n\"Zammad\":\r\n  name: b\r\n"
        #expect(Self.changed(text, ("Zammad.name", .text("c"))) == "3CX:\n  name: a\n\"Zammad\":\n  name: c\n")
    }

    @Test(
        "shows no secret, however it is written",
        arguments: [
            "3CX: {host: https://a, client_id: b, client_secret: geheim}\nZammad: {endpoint: https://z/api/geheim2}",
            #"{"3CX": {"host": "https://a", "client_id": "b", "client_secret": "geheim"}, "#
                + #""Zammad": {"endpoint": "https:\/\/z/api/geheim2"}}"#,
            "3CX:\n  host: https://a\n  client_id: b\n  \"client_secret\": geheim\n"
                + "'Zammad':\n  'endpoint':\thttps://z/api/geheim2\n",
            "3CX:\n  - host: https://a\n    client_id: b\n  # the key\n    client_secret: geheim\n"
                + "Zammad:\n  - endpoint: https://z/api/geheim2\n",
            "3CX:\n  - client_secret: geheim\n    client_id: b\n    host: https://a\n"
                + "Zammad:\n- endpoint: https://z/api/geheim2\n",
            "3CX:\n  host: https://a\n  client_id: &x geheim\n  client_secret: *x\n"
                + "Zammad:\n  endpoint: https://z/api/geheim2\n  name: geheim2\n",
            "3CX:\n  host: https://a\n  client_id: &x x1\n  client_secret: *x\n"
                + "Zammad:\n  endpoint: https://z/api/geheim2\n",
            "3CX:\n  host: https://a\n  # pass: geheim3\n  #\"client_secret\" = geheim3\n  client_id: b\n"
                + "  client_secret:\tgeheim  # pass: geheim3\nZammad:\n  endpoint: https://z/api/geheim2\n"
                + "# before: geheim4, https://z/api/geheim4 with geheim2\n",
            "3CX:\n  host: https://a\n  client_id: b\n  client_secret: \"ge\\\n    heim\"\n"
                + "Zammad:\n  ? endpoint\n  : https://z/api/geheim2\n",
        ])
    func secrets(_ text: String) throws {
        let effective = try ConfigurationAnswer.read(text, path: "c.yaml")
        let shown = ConfigurationText(text).shown(effective, hiding: [Secret("geheim4")])
        for part in ["geheim", "heim\"", ": x1", "x x1"] { #expect(!shown.contains(part), "\(shown)") }
        #expect(shown.contains("••••"))
    }

    @Test("has a name for each secret of a configuration")
    func secretPaths() throws {
        let text = """
            Bridge: {status_token: 0123456789abcdef}
            3CX: {host: https://a, user: u, pass: b, client_id: i, client_secret: c}
            Zammad: {endpoint: https://z/d, api_token: e}
            """
        let secrets = try ConfigurationAnswer.read(text, path: "c.yaml").configuration.secrets
        #expect(Set(secrets.keys) == Set(ConfigurationKeys.all.filter(\.isSecret).map(\.path)))
    }

    @Test("knows keys in quotes, a tab behind the colon, and the mark at the start of a file")
    func spellings() {
        let text = "\u{FEFF}3CX:\n  \"group\": A\n  'queue_extension': 1\n  include:\t[1]\nZammad:\n  name: b\n"
        #expect(
            Self.changed(text, ("3CX.group", nil), ("3CX.queue_extension", .text("2")), ("3CX.include", nil))
                == "3CX:\n  queue_extension: 2\nZammad:\n  name: b\n")
    }

    @Test("takes no key within another's value for one of the section")
    func depth() {
        let text = "Zammad:\n  agents:\n    name: a\n  name: b\n"
        #expect(Self.changed(text, ("Zammad.name", .text("c"))) == text.replacing("name: b", with: "name: c"))
    }

    @Test("is read up to the size that the bridge reads")
    func large() async throws {
        try await ProgramFolder.with { folder in
            let text = try Self.example() + String(repeating: "# much to say\n", count: 10_000)
            #expect(try ConfigurationAnswer.text(at: folder.write("c.yaml", text)) == text)
        }
    }

    @Test(
        "holds values that the reader gives back as they were",
        arguments: [
            "plain", "0123", "a: b", "#x", "\"'\\", "päss wörd", "yes", "~", "{a", "- b", "x #y", "*a", "!b", "%",
        ])
    func values(_ value: String) throws {
        let text = Self.changed(
            try Self.example(), ("3CX.pass", .text(value)), ("3CX.group", .list([.text(value), .text("b")])))
        let system = try ConfigurationAnswer.read(text, path: "c.yaml").configuration.phoneSystem
        #expect(system.password == Secret(value) && system.groups == [value, "b"])
    }

    @Test("of the example stays a configuration, whichever key is removed or set again")
    func example() throws {
        let entries = try ConfigurationAnswer.read(Self.example(), path: "c.yaml").entries
        for key in ConfigurationKeys.all where !key.isRequired && key.name != "country_prefix" {
            _ = try ConfigurationAnswer.read(Self.changed(Self.example(), (key.path, nil)), path: "c.yaml")
        }
        var text = ConfigurationText(try Self.example())
        for entry in entries where entry.origin != .default && entry.value != .text("••••") && entry.key != "endpoint" {
            text.set("\(entry.section).\(entry.key)", entry.value)
        }
        let again = try ConfigurationAnswer.read(text.text, path: "c.yaml").entries
        #expect(again.map(\.value) == entries.map(\.value))
    }

    @Test("config --example prints the file of the repository")
    func printed() async throws {
        try await ProgramFolder.with { folder in
            let output = try await BridgeProcess.run(["config", "--example"], in: folder)
            #expect(try output.exit == .code(0) && output.data == Self.example())
        }
    }

    private static func example() throws -> String {
        try String(
            contentsOf: ConfigurationSamples.repository.appending(path: "config.example.yaml"), encoding: .utf8)
    }
}
