import Adapters
import Domain
import Ports

@testable import App

/// Somebody who answers as a test wants, and remembers all that was said.
actor ScriptedTerminal: SetupTerminal {
    nonisolated let isInteractive: Bool
    private var answers: [String]
    private(set) var said: [String] = []
    /// The prompts, those for secrets with a star.
    private(set) var prompts: [String] = []

    init(_ answers: [String] = [], isInteractive: Bool = true) {
        self.answers = answers
        self.isInteractive = isInteractive
    }

    var text: String { said.joined(separator: "\n") }
    /// Answers that nobody has asked for.
    var left: [String] { answers }

    func say(_ text: String) { said.append(text) }
    func show(_ finding: CheckFinding) { said += CheckOutput.lines(of: finding) }
    func step(_ text: String) {}

    func ask(_ prompt: String, isSecret: Bool) throws(SetupEnd) -> String {
        prompts.append((isSecret ? "*" : "") + prompt)
        said.append(prompt)
        guard !answers.isEmpty else { throw .inputOver }
        return answers.removeFirst()
    }
}

/// A 3CX and a Zammad that answer as a test wants.
actor ScriptedProbes: SetupProbes {
    private let isVersion20: Bool
    private let password = "right"
    private let endpoint = "https://help.example.com/api/v1/cti/right"
    private let survey: PhoneSystemSurvey
    static let survey = PhoneSystemSurvey(
        groups: ["Sales", "Support"],
        stations: [
            .init("101", name: "Anna", kind: .extension), .init("102", name: "Ben", kind: .extension),
            .init("816", name: "Support Line", kind: .queue),
        ])
    /// What was asked with.
    private(set) var seen: [BridgeConfiguration] = []

    init(isVersion20: Bool = true, _ survey: PhoneSystemSurvey = ScriptedProbes.survey) {
        self.isVersion20 = isVersion20
        self.survey = survey
    }

    func isVersion20(_ configuration: BridgeConfiguration, _ report: CheckReporter) async -> Bool? {
        guard !configuration.phoneSystem.host.contains("nowhere") else {
            await report.finding(.problem(.connection, .unreachable, "nobody answers", remedy: "check 3CX.host"))
            return nil
        }
        guard !configuration.phoneSystem.host.contains("private") || configuration.phoneSystem.tlsCAFile != nil else {
            await report.finding(
                .problem(.tls, .unreachable, "an unknown CA", remedy: "name its file in 3CX.tls_ca_file"))
            return nil
        }
        return isVersion20
    }

    func survey(_ configuration: BridgeConfiguration, _ report: CheckReporter) async -> PhoneSystemSurvey? {
        seen.append(configuration)
        let system = configuration.phoneSystem
        let secret = isVersion20 && system.clientID != nil ? system.clientSecret : system.password
        guard secret == Secret(password) else {
            await report.finding(.problem(.login, .refused, "login refused", remedy: "check it"))
            return nil
        }
        await report.finding(.ok(.login, "logged in"))
        return survey
    }

    func checkPhoneSystem(_ configuration: BridgeConfiguration, _ report: CheckReporter) async -> [String: String] {
        await report.finding(.ok(.login, "logged in"))
        await report.finding(.ok(.extensions, "watching \(configuration.phoneSystem.groups)"))
        return [:]
    }

    func checkZammad(
        _ configuration: BridgeConfiguration, emails: [String: String], _ report: CheckReporter
    ) async {
        guard configuration.zammad.endpoint == Secret(endpoint) else {
            return await report.finding(.problem(.endpoint, .refused, "a wrong token", remedy: "copy it"))
        }
        await report.finding(.ok(.endpoint, "the token is taken"))
        guard configuration.zammad.apiToken != nil, configuration.zammad.tickets.creation != .off else { return }
        guard configuration.zammad.tickets.group == "Users" else {
            return await report.finding(.problem(.tickets, .configuration, "no such group", remedy: "correct it"))
        }
        await report.finding(.ok(.tickets, "tickets can be made"))
    }
}
