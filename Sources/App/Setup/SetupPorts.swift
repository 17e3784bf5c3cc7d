import Adapters
import Ports

/// Who answers.
protocol SetupTerminal: Sendable {
    /// Whether there is somebody to ask; without, flags and the present file answer.
    var isInteractive: Bool { get }
    func say(_ text: String) async
    func show(_ finding: CheckFinding) async
    /// What goes on, until the next line.
    func step(_ text: String) async
    /// One line. A secret is not shown while it is typed.
    func ask(_ prompt: String, isSecret: Bool) async throws(SetupEnd) -> String
}

/// What is asked of 3CX and of Zammad. Everything that is found is reported in the words of `check`.
protocol SetupProbes: Sendable {
    /// `nil` if it cannot be told.
    func isVersion20(_ configuration: BridgeConfiguration, _ report: CheckReporter) async -> Bool?
    /// `nil` without a login.
    func survey(_ configuration: BridgeConfiguration, _ report: CheckReporter) async -> PhoneSystemSurvey?
    /// - Returns: the e-mail addresses of the extensions.
    func checkPhoneSystem(_ configuration: BridgeConfiguration, _ report: CheckReporter) async -> [String: String]
    func checkZammad(_ configuration: BridgeConfiguration, emails: [String: String], _ report: CheckReporter) async
}

/// Why setup ends before anything is written.
enum SetupEnd: Error, Equatable {
    /// There is no more input.
    case inputOver
    /// The operator does not want it written.
    case declined
    /// An answer is missing that nobody can be asked for.
    case missing(flag: String, title: String)
    /// What was found, and said, cannot be repaired without other answers; with the exit code of `check`.
    case refused(Int32)
}

/// Keeps what is found while it is shown.
actor SetupFindings {
    private(set) var problems: [CheckFinding] = []
    private let terminal: any SetupTerminal
    private let shows: @Sendable (CheckFinding) -> Bool

    init(_ terminal: any SetupTerminal, showing shows: @escaping @Sendable (CheckFinding) -> Bool = { _ in true }) {
        self.terminal = terminal
        self.shows = shows
    }

    nonisolated var reporter: CheckReporter {
        CheckReporter(step: { [terminal] in await terminal.step($0) }, finding: { await self.add($0) })
    }

    private func add(_ finding: CheckFinding) async {
        guard shows(finding) else { return }
        if finding.level == .problem { problems.append(finding) }
        await terminal.show(finding)
    }

    /// 0 without a problem.
    var exitCode: Int32 { problems.compactMap { $0.cause?.exitCode }.max() ?? 0 }

    /// Whether the remedy is to name something by that key.
    func want(_ question: SetupQuestion) -> Bool {
        problems.contains { $0.remedy?.contains(question.path) ?? false }
    }
}
