import Adapters
import ArgumentParser
import Domain
import Ports
import Wire

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check the configuration, and whether 3CX and Zammad work with it.",
        discussion: """
            Lists all mistakes in the configuration at once, and which of its tests fail. Then it checks this \
            machine (the state directory, the status page's address, whether a bridge runs already) \
            and connects to 3CX and to Zammad: it says what is wrong with a \
            certificate, a login, a permission or a licence, what is watched, and which settings do not fit the phone \
            system. Each ✗ has its remedy below it; ! is a warning, with which the bridge can work. Nothing is left in \
            Zammad's caller log. docs/check.md describes the output and the JSON.

            Exits with 0 if there is no ✗, else with 78 if the configuration is wrong, 77 if something is refused, 69 \
            if something cannot be reached; if several apply, the first of these.

            On a 3CX v20 this ends the token of a bridge that runs with the same API client; the bridge fetches another.
            """)

    @OptionGroup var configurationOptions: ConfigurationOptions

    @Flag(help: "Only read the configuration, without asking 3CX or Zammad.")
    var offline = false

    @Flag(help: "Ask 3CX and Zammad as well (the default).")
    var online = false

    @Flag(help: "Print JSON at the end; docs/check.md describes it.")
    var json = false

    func validate() throws {
        guard offline, online else { return }
        throw ValidationError("--offline and --online exclude each other")
    }

    func run() async throws {
        let output = CheckOutput(isOffline: offline, printsJSON: json)
        await output.begin(CheckReport.Group(.configuration, "Configuration"))
        if let effective = await read(output), !offline {
            await output.begin(CheckReport.Group(.machine, "This machine"))
            await MachineCheck(effective.stateDirectory, effective.configuration.bridge).run(output.reporter)
            await ask(effective.configuration, output)
        }
        let code = try await output.finish()
        if code != 0 { throw ExitCode(code) }
    }

    /// `nil` if it is wrong.
    private func read(_ output: CheckOutput) async -> EffectiveConfiguration? {
        do {
            let effective = try configurationOptions.read()
            await output.found(effective.filePath)
            let file = effective.filePath ?? "from the environment"
            await output.add(.ok(.configuration, "configuration \(file) is valid"))
            for warning in effective.warnings {
                await output.add(
                    .warning(.configuration, warning.finding, remedy: warning.remedy).showing(warning.excerpt))
            }
            await runTests(of: effective, output)
            return effective
        } catch {
            for problem in error.problems {
                await output.add(
                    .problem(.configuration, .configuration, problem.finding, remedy: problem.remedy)
                        .showing(problem.excerpt))
            }
            return nil
        }
    }

    /// What the section `tests` expects of the rules.
    private func runTests(of effective: EffectiveConfiguration, _ output: CheckOutput) async {
        let run = ConfigurationTestRun(effective)
        guard run.count > 0 else { return }
        for failure in run.failures {
            await output.add(
                .problem(
                    .configuration, .configuration, failure.description, remedy: "change the rules, or what is expected"
                ))
        }
        if run.failures.isEmpty {
            await output.add(
                .ok(.configuration, "\(run.count) \(run.count == 1 ? "test passes" : "tests pass")"))
        }
    }

    private func ask(_ configuration: BridgeConfiguration, _ output: CheckOutput) async {
        var emails: [String: String] = [:]
        for system in configuration.phoneSystems {
            emails.merge(await askPhoneSystem(configuration.alone(with: system), output)) { first, _ in first }
        }
        for zammad in configuration.zammads { await askZammad(configuration.alone(with: zammad), emails, output) }
    }

    /// - Returns: the e-mail addresses of the extensions, where 3CX tells them.
    private func askPhoneSystem(_ configuration: BridgeConfiguration, _ output: CheckOutput) async -> [String: String] {
        let name = Self.title("3CX", configuration.phoneSystem.name)
        await output.begin(.init(.phoneSystem, "\(name) at \(Self.origin(configuration.phoneSystem.host))"))
        return await ServerProbes().checkPhoneSystem(configuration, output.reporter)
    }

    private func askZammad(
        _ configuration: BridgeConfiguration, _ emails: [String: String], _ output: CheckOutput
    ) async {
        let zammad = configuration.zammad
        await output.begin(
            .init(.zammad, "\(Self.title("Zammad", zammad.name)) at \(Self.origin(zammad.endpoint.reveal()))"))
        await ServerProbes().checkZammad(configuration, emails: emails, output.reporter)
    }

    private static func title<Peer>(_ what: String, _ name: PeerName<Peer>) -> String {
        name.shown.map { "\(what) \($0)" } ?? what
    }

    /// Scheme, host and port: a path may hold a secret.
    private static func origin(_ url: String) -> String {
        HTTPOrigin(url).map(String.init(describing:)) ?? "an unreadable address"
    }
}

extension ConfigurationProblem {
    /// What happened, and where.
    fileprivate var finding: String {
        (message + (location.map { " \($0.preposition) \($0)" } ?? "")).withoutControlCharacters
    }
}
