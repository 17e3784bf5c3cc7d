import Adapters
import Foundation
import Ports
import Testing

@testable import App

@Suite("setup at a terminal", .timeLimit(.minutes(10)))
struct SetupTerminalTests {
    /// Up to the question for Zammad's endpoint.
    private static func answerPhoneSystem(_ stage: SetupStage) async throws {
        try await stage.answer("Address of 3CX: ", stage.pbx.server.origin)
        try await stage.answer("Login [1]: ")
        try await stage.answer("Client ID [zammadbridge]: ")
        try await stage.answer("API key that 3CX has shown: ", ProgramSecrets.clientSecret)
        try await stage.wait(for: "3  Support")
        try await stage.answer("Groups: ", "3")
        try await stage.wait(for: "816  Support Line")
        try await stage.answer("Queues: ", "816")
        try await stage.wait(for: "101  Agent 101")
        try await stage.answer("Only these extensions: ")
        try await stage.answer("Calling code of your country: ", "49")
        try await stage.answer("Number [0301234567]: ")
        try await stage.wait(for: "49301234567")
        try await stage.answer("Form of the numbers [e164]: ")
    }

    @Test("writes a configuration with which check is content, and says which call came first")
    func whole() async throws {
        try await SetupStage.run { stage in
            try await Self.answerPhoneSystem(stage)
            try await stage.answer("Address of Zammad's endpoint: ", stage.zammad.endpoint + "x")
            try await stage.wait(for: "✗ Zammad does not accept the token")
            try await stage.answer("Address of Zammad's endpoint [as before]: ", stage.zammad.endpoint)
            try await stage.wait(for: "✓ the CTI integration is switched on")
            try await stage.answer("API token of a Zammad user: ", ProgramSecrets.apiToken)
            try await stage.answer("Tickets for calls [off]: ", "missed")
            try await stage.answer("Group of the tickets [Users]: ")
            try await stage.wait(for: "✓ Zammad has the group Users")
            try await stage.wait(for: "✓ watching 3 extensions: 101 Agent 101")
            try await stage.wait(for: "client_secret: ••••")
            #expect(try stage.files.isEmpty)
            try await stage.answer("[Y/n] ", "y")
            try await stage.wait(for: "bridge.yaml is written, mode 0640")
            #expect(try stage.files == ["bridge.yaml"])
            try await stage.wait(for: "Call a watched extension from outside now")
            // The first poll is of the calls before. Not by `show`, which waits for a question about the call: the poll
            // that follows the opening of the socket may show the call by itself.
            let pbx = try #require(stage.pbx as? EventsUnderTest).pbx
            try await pbx.waitForOpenSockets(1)
            try await pbx.replaceDNs(CallControlUnderTest.dns([SceneCall(7, .inboundRinging)]))
            try await stage.wait(for: "Zammad: newCall, from 4930")
            try await stage.wait(for: "✓ a call came")
            #expect(try await stage.waitForExit() == .code(0))
            let check = try await BridgeProcess.run(["check", "-c", stage.path], in: stage.folder)
            #expect(check.says("✓ configuration"), "\(check.data)")
            #expect(check.says("✓ watching 3 extensions"), "\(check.data)")
            #expect(check.says("✓ Zammad.api_token may look for tickets"), "\(check.data)")
            #expect(!check.data.contains("✗"), "\(check.data)")
            #expect(await stage.zammad.rows().isEmpty)
        }
    }

    @Test("leaves the terminal and the files as they were on Ctrl-C while a secret is typed")
    func interrupted() async throws {
        try await SetupStage.run(present: "# nothing yet, replace-with-the-key\n") { stage in
            try await stage.answer("Address of 3CX: ", stage.pbx.server.origin)
            try await stage.wait(for: "Login [1]: ")
            #expect(stage.echoes)
            stage.type("\n")
            try await stage.answer("Client ID [zammadbridge]: ")
            try await stage.wait(for: "API key that 3CX has shown: ")
            #expect(!stage.echoes)
            stage.interrupt()
            try await stage.wait(for: "nothing was written")
            #expect(try await stage.waitForExit() == .code(130))
            #expect(stage.echoes)
            #expect(try stage.files == ["bridge.yaml"])
            #expect(try stage.folder.read("bridge.yaml") == "# nothing yet, replace-with-the-key\n")
        }
    }

    @Test("skips the wait for a call on Ctrl-C, and ends well")
    func skipped() async throws {
        try await SetupStage.run(.legacy, flags: ["--country", "49", "--number-format", "e164"]) { stage in
            try await stage.answer("Address of 3CX: ", stage.pbx.server.origin)
            try await stage.answer("User: ", "admin")
            try await stage.answer("Password: ", "wrong")
            try await stage.wait(for: "✗ login refused")
            try await stage.answer("User [admin]: ")
            try await stage.answer("Password [as before]: ", ProgramSecrets.password)
            try await stage.wait(for: "✓ 3CX 18.0.9.20")
            try await stage.answer("How many digits has an extension [3]: ")
            try await stage.answer("How many digits has a trunk [5]: ")
            try await stage.answer("Groups: ", "support")
            try await stage.answer("Queues: ")
            try await stage.answer("Address of Zammad's endpoint: ", stage.zammad.endpoint)
            try await stage.answer("API token of a Zammad user: ")
            try await stage.answer("[Y/n] ")
            try await stage.wait(for: "Ctrl-C skips this")
            // Nothing is asked.
            #expect(!stage.echoes)
            stage.interrupt()
            try await stage.wait(for: "zammadbridge run --config")
            #expect(try await stage.waitForExit() == .code(0))
            #expect(stage.echoes)
            #expect(try stage.folder.read("bridge.yaml").contains("  group: Support\n"))
        }
    }

    // MARK: - Without a terminal

    @Test("wants flags where there is no terminal, and exits with 64")
    func noTerminal() async throws {
        try await ProgramFolder.with { folder in
            let output = try await BridgeProcess.run(["setup", "-c", "bridge.yaml"], in: folder)
            #expect(output.exit == .code(64) && output.messages.contains("--non-interactive"), "\(output)")
            // The example answers nothing.
            try folder.write("b.yaml", ConfigurationReference.example)
            let missing = try await BridgeProcess.run(["setup", "-c", "b.yaml", "--non-interactive"], in: folder)
            #expect(missing.exit == .code(64), "\(missing)")
            #expect(missing.messages.hasPrefix("error: setup needs --host: Address of 3CX"), "\(missing)")
        }
    }

    @Test("answers with flags and files alone, keeps the file that was there, and exits as check does")
    func nonInteractive() async throws {
        try await CheckedStage.run(.version20) { stage in
            let folder = stage.folder
            let old = try folder.write("bridge.yaml", "# nothing yet, replace-with-the-key\n")
            let secret = try folder.write("secret", ProgramSecrets.clientSecret + "\n")
            let endpoint = try folder.write("endpoint", stage.zammad.endpoint)
            var flags = [
                "setup", "--non-interactive", "-c", old, "--host", stage.pbx.server.origin, "--client-secret-file",
                secret, "--group", "Support", "--queue", "816", "--country", "49", "--endpoint-file", endpoint,
            ]
            let output = try await BridgeProcess.run(flags, in: folder)
            #expect(output.exit == .code(0), "\(output)")
            #expect(output.says("✓ watching 3 extensions"), "\(output.data)")
            #expect(try folder.read("bridge.yaml.bak") == "# nothing yet, replace-with-the-key\n")
            let first = try folder.read("bridge.yaml")
            let backups = ["bridge.yaml.bak", "bridge.yaml.bak.1"]
            #expect(first.contains("  queue_extension: 816\n  country_prefix: 49\n  number_format: e164\n"))

            // Once more, with what is there.
            let again = try await BridgeProcess.run(["setup", "--non-interactive", "-c", old], in: folder)
            #expect(again.exit == .code(0), "\(again)")
            #expect(try folder.read("bridge.yaml") == first && folder.read(backups[1]) == first)
            #expect(try folder.read(backups[0]) == "# nothing yet, replace-with-the-key\n")

            await stage.pbx.refuseCredentials(true)
            let refused = try await BridgeProcess.run(flags, in: folder)
            #expect(refused.exit == .code(77), "\(refused)")
            #expect(refused.data.contains("check 3CX.client_id and 3CX.client_secret"), "\(refused.data)")
            #expect(refused.messages.hasPrefix("error: \(old) was not written"), "\(refused)")
            flags[flags.count - 1] = folder.path("missing")
            let missing = try await BridgeProcess.run(flags, in: folder)
            #expect(missing.exit == .code(64) && missing.messages.contains("does not exist"), "\(missing)")
            let nowhere = try await BridgeProcess.run(
                ["setup", "--non-interactive", "-c", secret + "/bridge.yaml"], in: folder)
            #expect(nowhere.exit == .code(74), "\(nowhere)")
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
            #expect(!names.contains { $0.hasSuffix(".part") }, "\(names)")
        }
    }

    @Test("says nothing that the terminal would take for more than text, and takes secrets as the bridge does")
    func controls() async throws {
        try await ProgramFolder.with { folder in
            let name = "b\u{1B}]0;PWN\u{07}.yaml"
            try folder.write(
                name, ConfigurationReference.example.replacing("https://pbx.example.com", with: "http://127.0.0.1:9"))
            let output = try await BridgeProcess.run(["setup", "--non-interactive", "-c", name], in: folder)
            #expect(output.exit == .code(69), "\(output)")
            #expect(output.says("The present file answers in advance"), "\(output)")
            #expect(output.data.contains("b?]0;PWN?.yaml.bak") && !output.data.contains("\u{1B}"), "\(output)")
            let options = try SetupOptions.parse(["--pass-file", folder.write("pass", " a b \n")])
            #expect(try options.answers() == ["3CX.pass": .text(" a b ")])
        }
    }

    @Test("has the flag that each question names")
    func flags() async throws {
        try await ProgramFolder.with { folder in
            let help = try await BridgeProcess.run(["setup", "--help"], in: folder)
            for question in SetupQuestion.all {
                #expect(help.data.contains("  \(question.flag) <"), "\(question.flag)")
            }
        }
    }
}
