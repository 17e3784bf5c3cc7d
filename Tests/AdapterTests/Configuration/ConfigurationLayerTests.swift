import Foundation
import Ports
import Testing

@testable import Adapters

@Suite("Configuration: files, secrets, environment and their precedence")
struct ConfigurationLayerTests {
    typealias Samples = ConfigurationSamples

    @Test("Environment beats file, file beats default; each origin is told")
    func precedence() throws {
        let text = "Bridge: {poll_interval: 1, group_refresh: 10, hangup_grace: 1}\n\(Samples.minimal)"
        let effective = try Samples.load(
            text,
            environment: ["ZAMMADBRIDGE_BRIDGE_POLL_INTERVAL": "2", "ZAMMADBRIDGE_BRIDGE_GROUP_REFRESH": "20"])
        #expect(effective.configuration.bridge.pollInterval == .seconds(2))
        #expect(effective.configuration.bridge.groupRefresh == .seconds(20))
        #expect(effective.configuration.bridge.hangupGrace == .seconds(1))
        let origins = Dictionary(uniqueKeysWithValues: effective.entries.map { ("\($0.section).\($0.key)", $0.origin) })
        #expect(origins["Bridge.poll_interval"] == .environment("ZAMMADBRIDGE_BRIDGE_POLL_INTERVAL"))
        #expect(origins["Bridge.group_refresh"] == .environment("ZAMMADBRIDGE_BRIDGE_GROUP_REFRESH"))
        #expect(origins["Bridge.hangup_grace"] == .file(path: "c.yaml", line: 1))
        #expect(origins["Bridge.transfers"] == .default)
    }

    @Test("Secrets come from environment, file, files named in it, and systemd's credentials, in this order")
    func secretPrecedence() throws {
        try Samples.withFolder { folder in
            try Data("from-credential\n".utf8).write(to: folder.appending(path: "3cx-pass"))
            try Data("from-credential-2\r\n".utf8).write(to: folder.appending(path: "zammad-api-token"))
            let file = folder.appending(path: "secret").path
            try Data("from file\n\n".utf8).write(to: URL(filePath: file))
            let credentials = ["CREDENTIALS_DIRECTORY": folder.path]
            let user = Samples.minimal.replacingOccurrences(of: "3CX:", with: "3CX:\n  group: A\n  user: u")
            func load(_ line: String, _ more: [String: String] = [:]) throws -> (String?, ConfigurationOrigin?) {
                let text = user.replacingOccurrences(of: "user: u", with: "user: u\n  \(line)")
                let effective = try Samples.load(text, environment: credentials.merging(more) { $1 })
                #expect(effective.configuration.zammad.apiToken?.reveal() == "from-credential-2")
                return (
                    effective.configuration.phoneSystem.password?.reveal(),
                    effective.entries.first { $0.key == "pass" }?.origin
                )
            }
            #expect(try load("") == ("from-credential", .credential("3cx-pass")))
            #expect(try load("pass: ''") == ("from-credential", .credential("3cx-pass")))
            #expect(try load("pass_file: \(file)") == ("from file\n", .secretFile(path: file)))
            #expect(try load("pass: x") == ("x", .file(path: "c.yaml", line: 4)))
            let variable = ["ZAMMADBRIDGE_3CX_PASS": "y"]
            #expect(try load("pass_file: /none", variable) == ("y", .environment("ZAMMADBRIDGE_3CX_PASS")))
            let fileVariable = ["ZAMMADBRIDGE_3CX_PASS_FILE": file]
            #expect(try load("pass: x", fileVariable) == ("from file\n", .secretFile(path: file)))
            #expect(try load("pass: x", variable) == ("y", .environment("ZAMMADBRIDGE_3CX_PASS")))
        }
    }

    @Test("Lists in the environment are separated by commas, and an empty variable takes away what the file says")
    func environmentForms() throws {
        let effective = try Samples.load(
            Samples.reference,
            environment: [
                "ZAMMADBRIDGE_3CX_GROUP": "Support, Sales", "ZAMMADBRIDGE_3CX_QUEUE_EXTENSION": "",
                "ZAMMADBRIDGE_3CX_TRUNK_DIGITS": "6", "ZAMMADBRIDGE_ZAMMAD_SEND_QUEUE": "yes", "OTHER": "x",
            ])
        #expect(effective.configuration.phoneSystem.groups == ["Support", "Sales"])
        #expect(effective.configuration.phoneSystem.queueExtensions == [])
        #expect(effective.configuration.phoneSystem.trunkDigits == 6)
        #expect(effective.configuration.zammad.sendQueue)
    }

    @Test("Unknown variables are errors with a suggestion, and wrong values name the variable")
    func environmentErrors() {
        let errors = Samples.errors(
            Samples.minimal,
            environment: [
                "ZAMMADBRIDGE_3CX_PASSWD": "marker", "ZAMMADBRIDGE_XYZ": "marker",
                "ZAMMADBRIDGE_BRIDGE_HISTORY_DAYS": "0",
            ])
        #expect(
            errors == """
                unknown setting in environment variable ZAMMADBRIDGE_3CX_PASSWD; did you mean ZAMMADBRIDGE_3CX_PASS?
                unknown setting in environment variable ZAMMADBRIDGE_XYZ; unset it; docs/configuration.md lists the variables
                Bridge.history_days must be a whole number from 1 to 3650, not "0" in environment variable \
                ZAMMADBRIDGE_BRIDGE_HISTORY_DAYS; write for example history_days: 5
                """)
    }

    @Test("The first file that exists is read, also when it cannot be used")
    func search() throws {
        try Samples.withFolder { folder in
            let names = ["one.yaml", "two.yaml", "three.yaml"].map { folder.appending(path: $0).path }
            try Data(Samples.minimal.utf8).write(to: URL(filePath: names[1]))
            try Data("wrong".utf8).write(to: URL(filePath: names[2]))
            #expect(try YAMLConfigurationSource(candidates: names).load().filePath == names[1])
            #expect(try YAMLConfigurationSource(path: names[1], candidates: []).load().filePath == names[1])
            try FileManager.default.createDirectory(atPath: names[0], withIntermediateDirectories: true)
            #expect(
                throws: ConfigurationError(problems: [
                    .init(
                        "the configuration file is a directory", at: .file(names[0]),
                        remedy: "name the file in it, for example \(names[0])/config.yaml")
                ])
            ) { try YAMLConfigurationSource(candidates: names).load() }
        }
    }

    @Test("Where no file is, the error lists the places, and nothing is missing when the environment gives it all")
    func noFile() throws {
        let none = ["/no/a.yaml", "/no/b.yaml"]
        #expect {
            try YAMLConfigurationSource(candidates: none).load()
        } throws: {
            "\($0)" == "no configuration file found, looked for /no/a.yaml, /no/b.yaml; "
                + "write one with zammadbridge setup, or name one with --config"
        }
        var environment = [
            "ZAMMADBRIDGE_3CX_HOST": "https://pbx.example.com", "ZAMMADBRIDGE_3CX_CLIENT_ID": "c",
            "ZAMMADBRIDGE_3CX_CLIENT_SECRET": "s",
        ]
        #expect {
            try YAMLConfigurationSource(candidates: none, environment: environment).load()
        } throws: {
            "\($0)".split(separator: "\n").dropFirst() == [
                "Zammad.endpoint is missing; add endpoint: https://zammad.example.com/api/v1/cti/TOKEN to section "
                    + "Zammad or set ZAMMADBRIDGE_ZAMMAD_ENDPOINT"
            ]
        }
        environment["ZAMMADBRIDGE_ZAMMAD_ENDPOINT"] = "https://z.example.com/api/v1/cti/t"
        let effective = try YAMLConfigurationSource(candidates: none, environment: environment).load()
        #expect(effective.filePath == nil)
        #expect(effective.configuration.phoneSystem.clientID == "c")
    }

    @Test("Files that are missing, too large, or not to be read are told apart")
    func unusableFiles() throws {
        try Samples.withFolder { folder in
            let large = folder.appending(path: "large.yaml").path
            try Data(repeating: 0x20, count: YAMLDocument.maximumBytes + 1).write(to: URL(filePath: large))
            let loop = folder.appending(path: "loop").path
            try FileManager.default.createSymbolicLink(atPath: loop, withDestinationPath: loop)
            func message(_ path: String) -> String? {
                do {
                    _ = try YAMLConfigurationSource(path: path).load()
                    return nil
                } catch {
                    return error.problems.first?.message
                }
            }
            #expect(message(large) == "the configuration file is larger than 1048576 bytes")
            #expect(message("/no/such") == "the configuration file does not exist")
            let pipe = folder.appending(path: "pipe").path
            try #require(mkfifo(pipe, 0o600) == 0)
            // And does not wait for somebody who writes to it.
            #expect(message(pipe) == "the configuration file is a pipe or a terminal, and not a file")
            #expect(message(loop)?.hasPrefix("the configuration file cannot be read (") == true)
        }
    }

    @Test("Secret files that cannot be used are errors which do not repeat what was written")
    func secretFileErrors() throws {
        try Samples.withFolder { folder in
            let empty = folder.appending(path: "empty").path
            try Data("\n".utf8).write(to: URL(filePath: empty))
            let pipe = folder.appending(path: "pipe").path
            try #require(mkfifo(pipe, 0o600) == 0)
            let wrong = [
                ("marker", "does not exist"), (folder.path, "is a directory"), (empty, "is empty"),
                (pipe, "is a pipe or a terminal, and not a file"),
            ]
            for (path, words) in wrong {
                let errors = Samples.errors(Samples.minimal + "\n  api_token_file: \(path)")
                #expect(errors.hasPrefix("the file of Zammad.api_token_file \(words) at c.yaml:7:19; "))
                #expect(!errors.contains(path))
            }
        }
    }
}
