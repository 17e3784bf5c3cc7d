/// All that one run of `check` has found; the JSON of `check --json` (docs/check.md).
package struct CheckReport: Codable, Equatable, Sendable {
    /// What belongs to one peer.
    package struct Group: Codable, Equatable, Sendable {
        package enum Peer: String, Codable, Sendable {
            case configuration
            case machine
            case phoneSystem
            case zammad
        }

        package var peer: Peer
        package var title: String
        package var findings: [CheckFinding] = []

        package init(_ peer: Peer, _ title: String) {
            self.peer = peer
            self.title = title
        }
    }

    /// Its version.
    package private(set) var schema = 1
    package var file: String?
    package var isOffline: Bool
    package var groups: [Group] = []
    package private(set) var problems = 0
    package private(set) var warnings = 0
    package private(set) var exitCode: Int32 = 0

    private enum CodingKeys: String, CodingKey {
        case schema, file
        case isOffline = "offline"
        case groups, problems, warnings, exitCode
    }

    package init(isOffline: Bool) {
        self.isOffline = isOffline
    }

    package mutating func begin(_ group: Group) {
        groups.append(group)
    }

    package mutating func add(_ finding: CheckFinding) {
        guard !groups.isEmpty else { return }
        groups[groups.count - 1].findings.append(finding)
        switch finding.level {
        case .ok, .note: return
        case .warning: warnings += 1
        case .problem: problems += 1
        }
        guard let cause = finding.cause else { return }
        exitCode = max(exitCode, cause.exitCode)
    }

    /// The last line for people.
    package var summary: String {
        func count(_ number: Int, _ what: String) -> String { "\(number) \(what)\(number == 1 ? "" : "s")" }
        switch (problems, warnings) {
        case (0, 0): return isOffline ? "The configuration is valid; nothing was asked." : "All is as it should be."
        case (0, _): return "\(count(warnings, "warning")); the bridge can work."
        case (_, 0): return "\(count(problems, "problem")); the bridge cannot work as it is configured."
        default:
            return
                "\(count(problems, "problem")) and \(count(warnings, "warning")); the bridge cannot work as it is "
                + "configured."
        }
    }
}

extension CheckFinding.Cause {
    /// After sysexits. Of several the highest counts: what can be repaired here comes before what another must repair.
    package var exitCode: Int32 {
        switch self {
        case .unreachable: 69
        case .refused: 77
        case .configuration: 78
        }
    }
}

/// Tells what goes on while it goes on.
package struct CheckReporter: Sendable {
    /// What is about to be asked.
    package var step: @Sendable (String) async -> Void
    package var finding: @Sendable (CheckFinding) async -> Void

    package init(
        step: @escaping @Sendable (String) async -> Void, finding: @escaping @Sendable (CheckFinding) async -> Void
    ) {
        self.step = step
        self.finding = finding
    }

    func callAsFunction(_ findings: [CheckFinding]) async {
        for one in findings { await finding(one) }
    }
}
