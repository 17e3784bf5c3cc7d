import Adapters
import Logging
import Ports
import Wire

/// Prints what `check` finds as soon as it is found, or all of it as JSON at the end.
actor CheckOutput {
    private var report: CheckReport
    private let printsJSON: Bool
    private let showsSteps: Bool

    init(isOffline: Bool, printsJSON: Bool) {
        report = CheckReport(isOffline: isOffline)
        self.printsJSON = printsJSON
        showsSteps = !printsJSON && StandardStreams.messagesAreTerminal && StandardStreams.dataIsTerminal
    }

    nonisolated var reporter: CheckReporter {
        CheckReporter(step: { await self.step($0) }, finding: { await self.add($0) })
    }

    func found(_ file: String?) {
        report.file = file
    }

    func begin(_ group: CheckReport.Group) {
        if !report.groups.isEmpty { line("") }
        report.begin(group)
        line(group.title)
    }

    func add(_ finding: CheckFinding) {
        report.add(finding)
        for line in Self.lines(of: finding) { self.line(line, finding.level.priority) }
    }

    static func lines(of finding: CheckFinding) -> [String] {
        let sign = finding.level.sign.text(StandardStreams.dataHasColours)
        return ["  \(sign) \(finding.text.withoutControlCharacters)"]
            + (finding.excerpt ?? []).map { "        \($0)" }
            + (finding.remedy.map { ["      \($0.withoutControlCharacters)"] } ?? [])
    }

    /// - Returns: the exit code.
    func finish() throws -> Int32 {
        if printsJSON {
            StandardStreams.printData(try report.printedJSON())
        } else {
            line("")
            line(report.summary, report.problems > 0 ? .error : report.warnings > 0 ? .warning : .info)
        }
        return report.exitCode
    }

    private func step(_ text: String) {
        if showsSteps { StandardStreams.printProgress("  … \(text)") }
    }

    private func line(_ text: String, _ priority: Logger.Level = .info) {
        guard !printsJSON else { return }
        if showsSteps { StandardStreams.printProgress("") }
        StandardStreams.printData(text, priority)
    }
}

extension CheckFinding.Level {
    fileprivate var sign: TerminalSign {
        switch self {
        case .ok: .good
        case .note: .unknown
        case .warning: .warning
        case .problem: .bad
        }
    }

    /// For the system's journal, which the unit's check before the start writes to.
    fileprivate var priority: Logger.Level {
        switch self {
        case .ok, .note: .info
        case .warning: .warning
        case .problem: .error
        }
    }
}
