import Adapters
import Ports
import Testing

@testable import App

@Suite("setup's conversation")
struct SetupDialogueTests {
    private static let path = "/etc/bridge.yaml"
    private static let endpoint = "https://help.example.com/api/v1/cti/right"

    private static func dialogue(
        _ terminal: ScriptedTerminal, _ probes: ScriptedProbes = ScriptedProbes(), present: String? = nil,
        given: [SetupQuestion: ConfigurationEntry.Value] = [:]
    ) throws -> SetupDialogue {
        let file = try present.map { (text: $0, effective: try ConfigurationAnswer.read($0, path: path)) }
        let answers = Dictionary(uniqueKeysWithValues: given.map { ($0.key.path, $0.value) })
        return SetupDialogue(terminal, probes, path: path, file: file, given: answers)
    }

    /// The lines that are no remark and not empty.
    private static func lines(_ text: String) -> [String] {
        text.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("#") }
    }

    @Test("asks for what a v20 needs, tries it, and writes what setup writes by default")
    func version20() async throws {
        let terminal = ScriptedTerminal([
            "pbx.example.com", "", "", "right", "2", "816", "", "49", "", "", Self.endpoint, "", "y",
        ])
        var dialogue = try Self.dialogue(terminal)
        let outcome = try await dialogue.run()
        #expect(
            Self.lines(outcome.text) == [
                "3CX:", "  host: https://pbx.example.com", "  client_id: zammadbridge", "  client_secret: right",
                "  group: Support", "  queue_extension: 816", "  country_prefix: 49", "  number_format: e164",
                "Zammad:", "  endpoint: \(Self.endpoint)", "  log_missed_queue_calls: true",
            ])
        #expect(await terminal.left.isEmpty)
        let prompts = await terminal.prompts
        #expect(
            prompts.filter { $0.hasPrefix("*") } == [
                "*API key that 3CX has shown: ", "*Address of Zammad's endpoint: ", "*API token of a Zammad user: ",
            ])
        let text = await terminal.text
        for said in [
            "  1  Sales", "816  Support Line", "101  Anna", "3CX shows 0301234567. Zammad will get",
            "e164      49301234567", "✓ watching [\"Support\"]", "    client_secret: ••••", "    endpoint: ••••",
        ] { #expect(text.contains(said), "\(said)") }
        #expect(!text.contains("right\n") && !text.contains("cti/right"))
    }

    @Test("explains a wrong answer in the words of check, and asks again")
    func wrongAnswers() async throws {
        let terminal = ScriptedTerminal([
            "https://pbx.example.com/webclient", "nowhere.example.com", "pbx.example.com", "1", "", "wrong", "", "",
            "right",
            "Suport", "Support", "17", "", "103-101", "", "Germany", "49", "", "e165", "", "help.example.com",
            Self.endpoint,
            "", "y",
        ])
        var dialogue = try Self.dialogue(terminal)
        let outcome = try await dialogue.run()
        #expect(outcome.effective.configuration.phoneSystem.groups == ["Support"])
        let text = await terminal.text
        for said in [
            "  ✗ 3CX.host must be an address with https:// or http:// and without a path\n      write only https://pbx.example.com",
            "  ✗ nobody answers\n      check 3CX.host", "Address of 3CX [https://nowhere.example.com]: ",
            "  ✗ login refused\n      check it", "API key that 3CX has shown [as before]: ",
            "  ✗ there is no \"Suport\" to choose\n      did you mean Support?", "there is no \"17\" to choose",
            "  ✗ 3CX.include must be a number", "  ✗ 3CX.country_prefix must be a country calling code",
            "there is no \"e165\" to choose\n      did you mean e164?",
            "  ✗ Zammad.endpoint must be an https:// or http:// address with a path",
        ] { #expect(text.contains(said), "\(said)") }
    }

    @Test("asks for the file of a CA only where that may be the remedy")
    func authority() async throws {
        let terminal = ScriptedTerminal(["private.example.com", "", ""])
        var dialogue = try Self.dialogue(terminal)
        await #expect(throws: SetupEnd.inputOver) { _ = try await dialogue.run() }
        #expect(
            await terminal.prompts == [
                "Address of 3CX: ", "File with the CA of 3CX's certificate (PEM): ",
                "Address of 3CX [https://private.example.com]: ", "File with the CA of 3CX's certificate (PEM): ",
            ])
    }

    @Test("before version 20 wants a group or a queue, and the digits where 3CX does not list extensions")
    func legacy() async throws {
        let probes = ScriptedProbes(isVersion20: false, PhoneSystemSurvey(groups: ["Support"]))
        let terminal = ScriptedTerminal([
            "pbx.example.com:5001", "admin", "right", "", "", "", "", "Support", "", "41", "", "", Self.endpoint, "",
            "y",
        ])
        var dialogue = try Self.dialogue(terminal, probes)
        let outcome = try await dialogue.run()
        #expect(
            Self.lines(outcome.text).prefix(9) == [
                "3CX:", "  host: https://pbx.example.com:5001", "  user: admin", "  pass: right",
                "  extension_digits: 3", "  trunk_digits: 5", "  group: Support", "  country_prefix: 41",
                "  number_format: e164",
            ])
        #expect(await terminal.text.contains("Choose at least one group or queue"))
    }

    @Test("with the login of the web client chooses XAPI, and says that it is untested")
    func webClient() async throws {
        let terminal = ScriptedTerminal([
            "pbx.example.com", "2", "107", "right", "", "", "", "49", "", "", Self.endpoint, "", "y",
        ])
        let probes = ScriptedProbes()
        var dialogue = try Self.dialogue(terminal, probes)
        let outcome = try await dialogue.run()
        #expect(outcome.effective.configuration.bridge.api == .xapi)
        #expect(outcome.effective.configuration.phoneSystem.user == "107")
        #expect(await probes.seen.map(\.bridge.api) == [.xapi])
        #expect(await terminal.text.contains("Untested on a real Professional licence"))
    }

    @Test("makes tickets only with a token, in a group that Zammad has")
    func tickets() async throws {
        let terminal = ScriptedTerminal([
            "pbx.example.com", "", "", "right", "", "", "", "49", "", "", Self.endpoint, "token", "missed", "User", "",
            "", "Users", "y",
        ])
        var dialogue = try Self.dialogue(terminal)
        let outcome = try await dialogue.run()
        #expect(outcome.text.contains("  api_token: token\n  tickets: {create: missed, group: Users}\n"))
        #expect(outcome.effective.configuration.zammad.tickets.creation == .missed)
        #expect(await terminal.text.contains("✗ no such group"))
    }

    // MARK: - A file that is there

    private static let present = """
        # Ours.
        3CX:
          host: https://pbx.example.com   # the new one
          client_id: zammadbridge
          client_secret: right
          group: [Support]
          ignore_numbers:
            - 0171*
          country_prefix: +49
          number_format: national
        Zammad:
          endpoint: \(endpoint)
          log_missed_queue_calls: false
        tests:
          - call: {direction: in, from: "030 1234567", queue: 816}
            expect: {from: "0301234567"}

        """

    @Test("takes the file that is there as it is written when Enter answers everything")
    func unchanged() async throws {
        let terminal = ScriptedTerminal(Array(repeating: "", count: 15))
        var dialogue = try Self.dialogue(terminal, present: Self.present)
        let outcome = try await dialogue.run()
        #expect(outcome.text == Self.present)
    }

    @Test("changes the keys that were answered otherwise, and leaves remarks and other keys")
    func changed() async throws {
        let terminal = ScriptedTerminal([
            "", "", "", "", "Sales, Support", "-", "", "", "", "e164", "", "", "y",
        ])
        var dialogue = try Self.dialogue(terminal, present: Self.present)
        let outcome = try await dialogue.run()
        let expected = Self.present.replacing("  group: [Support]", with: "  group: [Sales, Support]")
            .replacing("number_format: national", with: "number_format: e164")
        #expect(outcome.text == expected)
    }

    @Test("removes from a file what does not fit another login")
    func otherLogin() async throws {
        let terminal = ScriptedTerminal(["", "2", "107", "right"] + Array(repeating: "", count: 12))
        var dialogue = try Self.dialogue(terminal, present: Self.present)
        let outcome = try await dialogue.run()
        #expect(!outcome.text.contains("client_"))
        #expect(outcome.effective.configuration.bridge.api == .xapi)
    }

    @Test("takes what is still a placeholder of the example for no answer, and the rest as it is")
    func placeholders() async throws {
        let present = ConfigurationReference.example
            .replacing("https://pbx.example.com", with: "https://pbx.ours.example")
            .replacing("replace-with-the-api-key", with: "right").replacing(
                "#include: [100-119, 2*]", with: "include: 1*")
        let terminal = ScriptedTerminal(
            Array(repeating: "", count: 10) + [Self.endpoint] + Array(repeating: "", count: 2))
        var dialogue = try Self.dialogue(terminal, present: present)
        let outcome = try await dialogue.run()
        let configuration = outcome.effective.configuration
        #expect(
            configuration.phoneSystem.host == "https://pbx.ours.example" && configuration.phoneSystem.password == nil)
        #expect(configuration.phoneSystem.clientSecret == Secret("right"))
        #expect(configuration.zammad.endpoint == Secret(Self.endpoint))
        #expect(outcome.text.contains("  include: 1*\n") && !outcome.text.contains("replace-with-the-"))
        let prompts = await terminal.prompts
        #expect(prompts.contains("*Address of Zammad's endpoint: "), "\(prompts)")
    }

    @Test("shows no secret of a file in another style")
    func masked() async throws {
        let present = Self.present.replacing(
            "  client_secret: right", with: "  \"client_secret\": right # pass: geheim\n  # right")
        let terminal = ScriptedTerminal(Array(repeating: "", count: 15))
        var dialogue = try Self.dialogue(terminal, present: present)
        let outcome = try await dialogue.run()
        #expect(outcome.text == present)
        let text = await terminal.text
        #expect(!text.contains("right") && !text.contains("geheim") && text.contains("\"client_secret\": ••••"))
    }

    @Test("refuses what it cannot change, where the answers would be lost", arguments: [true, false])
    func lost(_ isRemoved: Bool) async throws {
        let present = Self.present.replacing("  group: [Support]", with: "  ? group\n  : [Support]")
        let terminal = ScriptedTerminal(
            ["", "", "", "", isRemoved ? "-" : "Sales"] + Array(repeating: "", count: 10))
        var dialogue = try Self.dialogue(terminal, present: present)
        await #expect(throws: SetupEnd.refused(78)) { _ = try await dialogue.run() }
        guard isRemoved else { return }
        let text = await terminal.text
        #expect(
            text.contains("✗ /etc/bridge.yaml is written in a way in which setup cannot change 3CX.group"), "\(text)")
        #expect(text.contains("edit it by hand (docs/configuration.md), or move it away and start setup again"))
    }

    @Test("says what to do with a file that is no configuration after the change")
    func unchangeable() async throws {
        let present = """
            3CX: {host: "https://pbx.example.com", client_id: a, client_secret: right, country_prefix: 49}
            Zammad: {endpoint: "\(Self.endpoint)", log_missed_queue_calls: true}
            """
        let terminal = ScriptedTerminal(["", "", "", "", "Sales"] + Array(repeating: "", count: 10))
        var dialogue = try Self.dialogue(terminal, present: present)
        await #expect(throws: SetupEnd.refused(78)) { _ = try await dialogue.run() }
        let text = await terminal.text
        #expect(text.contains("✗ /etc/bridge.yaml is written in a way in which setup cannot change it\n      edit it"))
        #expect(!text.contains("right"), "\(text)")
    }

    // MARK: - Without a terminal

    @Test("shows and writes the country's code without + and 00", arguments: ["+49", "0049"])
    func country(_ code: String) async throws {
        let terminal = ScriptedTerminal([
            "pbx.example.com", "", "", "right", "", "", "", code, "", "", Self.endpoint, "", "y",
        ])
        var dialogue = try Self.dialogue(terminal)
        #expect(try await dialogue.run().text.contains("  country_prefix: 49\n"))
        #expect(await terminal.text.contains("e164      49301234567"))
    }

    @Test("says which flags were not needed")
    func leftFlags() async throws {
        let terminal = ScriptedTerminal(isInteractive: false)
        var dialogue = try Self.dialogue(
            terminal,
            given: Self.flags.merging([.extensionDigits: .text("x"), .ticketGroup: .text("Users")]) { $1 })
        _ = try await dialogue.run()
        let text = await terminal.text
        for flag in ["--extension-digits", "--ticket-group"] {
            #expect(text.contains("\(flag) was not needed and is not in the file"), "\(text)")
        }
        #expect(!text.contains("--group was"))
    }

    private static let flags: [SetupQuestion: ConfigurationEntry.Value] = [
        .host: .text("pbx.example.com"), .clientSecret: .text("right"), .group: .list([.text("Support")]),
        .country: .text("49"), .endpoint: .text(endpoint),
    ]

    @Test("needs nobody where flags answer")
    func flags() async throws {
        let terminal = ScriptedTerminal(isInteractive: false)
        var dialogue = try Self.dialogue(terminal, given: Self.flags)
        let outcome = try await dialogue.run()
        #expect(
            Self.lines(outcome.text) == [
                "3CX:", "  host: https://pbx.example.com", "  client_id: zammadbridge", "  client_secret: right",
                "  group: Support", "  country_prefix: 49", "  number_format: e164", "Zammad:",
                "  endpoint: \(Self.endpoint)", "  log_missed_queue_calls: true",
            ])
        #expect(await terminal.prompts.isEmpty)
    }

    @Test("says which flag is missing", arguments: [SetupQuestion.host, .clientSecret, .country, .endpoint])
    func missing(_ question: SetupQuestion) async throws {
        let terminal = ScriptedTerminal(isInteractive: false)
        var dialogue = try Self.dialogue(terminal, given: Self.flags.filter { $0.key != question })
        await #expect(throws: SetupEnd.missing(flag: question.flag, title: question.title)) {
            _ = try await dialogue.run()
        }
    }

    @Test(
        "ends with the code of what was found",
        arguments: [
            (.clientSecret, .text("wrong"), 77), (.endpoint, .text("\(endpoint)x"), 77),
            (.host, .text("nowhere.example.com"), 69), (.country, .text("x"), 64),
            (.group, .list([.text("Nobody")]), 64),
        ] as [(SetupQuestion, ConfigurationEntry.Value, Int32)])
    func refused(_ question: SetupQuestion, _ answer: ConfigurationEntry.Value, _ code: Int32) async throws {
        let terminal = ScriptedTerminal(isInteractive: false)
        var dialogue = try Self.dialogue(terminal, given: Self.flags.merging([question: answer]) { $1 })
        await #expect(throws: SetupEnd.refused(code)) { _ = try await dialogue.run() }
        #expect(await terminal.text.contains("✗"))
    }

    @Test("writes nothing that is not wanted")
    func declined() async throws {
        let terminal = ScriptedTerminal(["n"])
        var dialogue = try Self.dialogue(
            terminal,
            given: Self.flags.merging([
                .clientID: .text("bridge1"), .queue: .list([.text("816")]), .include: .list([.text("101")]),
                .numberFormat: .text("e164"), .apiToken: .text(""),
            ]) { $1 })
        await #expect(throws: SetupEnd.declined) { _ = try await dialogue.run() }
    }
}

extension SetupQuestion: Hashable {
    static func == (left: SetupQuestion, right: SetupQuestion) -> Bool { left.path == right.path }
    func hash(into hasher: inout Hasher) { hasher.combine(path) }
}
