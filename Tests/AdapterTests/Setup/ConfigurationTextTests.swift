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
