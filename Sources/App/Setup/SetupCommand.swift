import Adapters
import ArgumentParser
import FoundationEssentials
import Ports

struct SetupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "setup",
        abstract: "Write a configuration by asking for what it needs, and try it.",
        discussion: """
            Asks for the address of 3CX and a login, lists groups, queues and extensions to choose from, asks for the \
            form of the numbers and for Zammad's endpoint, and tries each of them at once, in the words of check. At \
            the end it shows the file, writes it (mode 0640, with the package for root and the bridge alone), offers \
            to start the service, and waits for the first call. A file that is \
            there already answers in advance, and is kept as FILE.bak (or FILE.bak.1, and so on); its other keys and \
            its comments stay, and so do its owner and its group.

            Each answer can be given as a flag, and is then not asked for; secrets come from files, such as \
            --pass-file <(pass 3cx). With --non-interactive nothing is asked: the answers come from flags, from the \
            existing file and from the defaults. Nothing is written before the end, and Ctrl-C leaves everything as \
            it was.

            Exits with 0 when the file is written, 1 if it is not wanted, 64 if an answer is missing or wrong or \
            there is no terminal to ask at, 69, 77 or 78 as check does if something cannot be reached, is refused or \
            does not fit, 74 if the file cannot be written, 130 after Ctrl-C.
            """)

    @Option(
        name: [.customShort("c"), .long],
        help: ArgumentHelp(
            "The file to write.",
            discussion:
                "Without it /etc/3cx-zammad-bridge/config.yaml; if that is not there, "
                + "/opt/3cx-zammad-bridge/config.yaml answers in advance.",
            valueName: "file"))
    var config: String?

    @OptionGroup var options: SetupOptions

    @Flag(help: "Ask nothing: take the answers from flags, the existing file and the defaults.")
    var nonInteractive = false

    @Flag(
        inversion: .prefixedNo,
        help: "Enable and start the service (--no-service: do not); without either, setup asks.")
    var service: Bool?

    @Option(
        help: ArgumentHelp(
            "How long to wait for the first call; 0s: not at all. Default: 2m, and not at all with --non-interactive.",
            valueName: "duration"))
    var wait: SetupWait?

    func validate() throws {
        guard !nonInteractive, !(StandardStreams.inputIsTerminal && StandardStreams.dataIsTerminal) else { return }
        throw ValidationError(
            "there is no terminal to ask at; give the answers as flags, with --non-interactive (zammadbridge setup "
                + "--help)"
        )
    }

    func run() async throws {
        StandardStreams.outliveReaders()
        let file = SetupFile(config ?? SystemService.configuration)
        let given: [String: ConfigurationEntry.Value]
        do {
            try file.checkPlace()
        } catch {
            throw ExitCode.journalUnusable.saying("\(error)")
        }
        do {
            given = try options.answers()
        } catch {
            throw ExitCode.validationFailure.saying("\(error)")
        }
        let input = TerminalInput()
        let terminal = TerminalConversation(input, isInteractive: !nonInteractive)
        let interruption = SetupInterruption(input)
        let listening = Task { await interruption.listen() }
        defer {
            listening.cancel()
            input.restore()
        }
        let outcome = try await converse(terminal, file, given)
        do {
            let kind = try interruption.whole { () throws(SetupFile.Failure) in try file.write(outcome.text) }
            interruption.willSay("\(file.path) is written")
            await terminal.say("")
            await terminal.show(.ok(.configuration, "\(file.path) is written, \(kind)"))
        } catch {
            throw ExitCode.journalUnusable.saying("\(error)")
        }
        await warnOfUnreadable(terminal, file)
        let isStarted = try await startService(terminal, file)
        await waitForCall(terminal, outcome.effective.configuration, isStarted: isStarted, interruption)
        await terminal.say(isStarted ? Self.afterStart : Self.next(file.path))
    }

    private func converse(
        _ terminal: TerminalConversation, _ file: SetupFile, _ given: [String: ConfigurationEntry.Value]
    ) async throws -> SetupDialogue.Outcome {
        if !nonInteractive {
            await terminal.say(
                """
                This writes \(file.path), step by step. What is in brackets is taken with Enter.
                Nothing is written before the end; Ctrl-C leaves everything as it is.
                """)
        }
        let present = try await present(file, terminal)
        var dialogue = SetupDialogue(terminal, ServerProbes(), path: file.path, file: present, given: given)
        do throws(SetupEnd) {
            return try await dialogue.run()
        } catch {
            switch error {
            case .missing(let flag, let title):
                throw ExitCode.validationFailure.saying(
                    "setup needs \(flag): \(title); see zammadbridge setup --help")
            case .refused(let code):
                throw ExitCode(code).saying(
                    "\(file.path) was not written, because of what stands above (✗); repair it there, or give "
                        + "another answer")
            case .declined, .inputOver:
                throw ExitCode.expectationFailed.saying(
                    "\(file.path) was not written; start setup again when you like")
            }
        }
    }

    /// What the file says that is there; `nil` for none, and for the example that the package brings.
    private func present(
        _ file: SetupFile, _ terminal: TerminalConversation
    ) async throws -> (text: String, effective: EffectiveConfiguration)? {
        let source = config == nil ? file.orEarlier(Self.earlier) : file
        guard source.exists else { return nil }
        let text: String
        guard source.isReadable else {
            throw ExitCode.journalUnusable.saying(
                "the present file cannot be read at \(source.path); run setup as root, or give another place with "
                    + "--config")
        }
        do {
            text = try ConfigurationAnswer.text(at: source.path)
        } catch {
            throw ExitCode.journalUnusable.saying("\(error)")
        }
        // One with answers in it is no example.
        guard text != ConfigurationReference.example else { return nil }
        let fate = source.path == file.path ? "it is kept as \(file.backup)" : "it stays as it is"
        do {
            let effective = try ConfigurationAnswer.read(text, path: source.path)
            guard effective.configuration.phoneSystems.count == 1, effective.configuration.zammads.count == 1 else {
                throw ExitCode.configuration.saying(
                    "\(source.path) has several phone systems or Zammads, which setup does not ask for; edit it by "
                        + "hand (docs/configuration.md), or give another place with --config")
            }
            let name = source.path == file.path ? "The present file" : source.path
            await terminal.say("\(name) answers in advance; \(fate).")
            return (text, effective)
        } catch let error as ConfigurationError {
            for problem in error.problems {
                await terminal.show(.warning(.configuration, "\(problem.message)", remedy: problem.remedy))
            }
            await terminal.say("The present file is wrong, so that it answers nothing; \(fate).")
            return nil
        }
    }

    /// Where the reference bridge has its configuration. The service does not read it.
    private static let earlier = "/opt/3cx-zammad-bridge/config.yaml"

    // MARK: - Afterwards

    /// Who may read it was decided before.
    private func warnOfUnreadable(_ terminal: TerminalConversation, _ file: SetupFile) async {
        guard SystemService.isAvailable(for: file.path), let group = SetupFile.groupID, !file.isReadable(by: group)
        else { return }
        await terminal.show(
            .warning(
                .configuration, "the service may not read \(file.path): its group is not \(SetupFile.group)",
                remedy: "chgrp \(SetupFile.group) \(file.path) && chmod 0640 \(file.path)"))
    }

    private func startService(_ terminal: TerminalConversation, _ file: SetupFile) async throws -> Bool {
        guard SystemService.isAvailable(for: file.path) else {
            if service == true {
                await terminal.show(
                    .warning(
                        .configuration,
                        "the service is not started: that takes systemd, root, the installed unit "
                            + "\(SystemService.name) and its file \(SystemService.configuration)",
                        remedy: "start the bridge by hand: zammadbridge run --config \(file.path)"))
            }
            return false
        }
        var isWanted = service ?? false
        if service == nil, !nonInteractive {
            do {
                let line = try await terminal.ask(
                    "Start the service now, and with the machine? [Y/n] ", isSecret: false)
                isWanted = !line.trimmed.lowercased().hasPrefix("n")
            } catch {
                isWanted = false
            }
        }
        guard isWanted else { return false }
        let isStarted = SystemService.enable()
        await terminal.show(
            isStarted
                ? .ok(.configuration, "the service \(SystemService.name) runs")
                : .warning(
                    .configuration, "the service \(SystemService.name) could not be started",
                    remedy: "see systemctl status \(SystemService.name), and journalctl -u \(SystemService.name)"))
        return isStarted
    }

    private func waitForCall(
        _ terminal: TerminalConversation, _ configuration: BridgeConfiguration, isStarted: Bool,
        _ interruption: SetupInterruption
    ) async {
        let limit = wait?.duration ?? (nonInteractive ? .zero : .seconds(120))
        guard limit > .zero else { return }
        var witness = FirstCall.Witness.phoneSystem
        if isStarted, let address = StatusAddress(configuration.bridge.statusListen), address.port != 0 {
            witness = .bridge(StatusClient(url: address.url, token: configuration.bridge.statusToken))
        }
        let skip = Latch()
        interruption.ends(skip)
        let first = FirstCall(configuration: configuration, terminal: terminal, limit: limit, skip: skip)
        let came = await first.wait(witness)
        interruption.ends(nil)
        if came, case .phoneSystem = witness {
            await terminal.show(.ok(.calls, "a call came; this is what the bridge will report to Zammad"))
        } else if came {
            await terminal.show(.ok(.calls, "a call came, and Zammad has it: look at its caller log"))
        } else {
            await terminal.show(.note(.calls, "no call came; docs/troubleshooting.md tells where to look"))
        }
    }

    private static let afterStart = """

        The bridge runs. zammadbridge status tells how it is, zammadbridge tap what it does.
        """

    private static func next(_ path: String) -> String {
        let isService = SystemService.isAvailable(for: path)
        return """

            Next: \(isService ? "systemctl enable --now \(SystemService.name)" : "zammadbridge run --config \(path)")
            To try everything again: zammadbridge check\(isService ? "" : " --config \(path)")
            """
    }
}

/// How long to wait for a call.
struct SetupWait: ExpressibleByArgument, Sendable {
    let duration: Duration

    init?(argument: String) {
        guard let duration = DurationArgument.duration(argument), duration <= .seconds(3600) else { return nil }
        self.duration = duration
    }
}
