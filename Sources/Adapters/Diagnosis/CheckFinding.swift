import Domain

/// One line of what `check` has found.
package struct CheckFinding: Codable, Equatable, Sendable {
    package enum Level: String, Codable, Sendable, CaseIterable {
        case ok
        /// Neither good nor bad, but worth knowing.
        case note
        /// The bridge works, though not as somebody may expect.
        case warning
        /// The bridge cannot work.
        case problem
    }

    /// What a finding is about, for programs that read the JSON.
    package enum Subject: String, Codable, Sendable, CaseIterable {
        case configuration
        case state
        case statusPage
        case connection
        case tls
        case login
        case version
        case licence
        case interface
        case permissions
        case extensions
        case queues
        case ringGroups
        case trunks
        case calls
        case digits
        case clock
        case endpoint
        case apiToken
        case agents
        case tickets
    }

    /// A DN by number and name, or an agent.
    package struct Item: Codable, Equatable, Sendable {
        package var number: String
        package var name: String?

        package init(_ number: String, _ name: String?) {
            self.number = number
            self.name = name
        }
    }

    package var level: Level
    package var subject: Subject
    package var text: String
    /// What the operator can do; each problem and each warning has one.
    package var remedy: String?
    package var items: [Item]?
    /// Of a mistake in the configuration: the line, and beneath it a caret. Secrets are left out.
    package var excerpt: [String]?
    /// Of a problem: what kind it is, which decides about the exit code.
    package var cause: Cause?

    package enum Cause: String, Codable, Sendable {
        case configuration
        case refused
        case unreachable
    }

    package func showing(_ excerpt: [String]) -> CheckFinding {
        var finding = self
        finding.excerpt = excerpt.isEmpty ? nil : excerpt
        return finding
    }

    package static func ok(_ subject: Subject, _ text: String, items: [Item]? = nil) -> CheckFinding {
        CheckFinding(level: .ok, subject: subject, text: text, items: items)
    }

    package static func note(_ subject: Subject, _ text: String) -> CheckFinding {
        CheckFinding(level: .note, subject: subject, text: text)
    }

    package static func warning(_ subject: Subject, _ text: String, remedy: String) -> CheckFinding {
        CheckFinding(level: .warning, subject: subject, text: text, remedy: remedy)
    }

    package static func problem(
        _ subject: Subject, _ cause: Cause, _ text: String, remedy: String
    ) -> CheckFinding {
        CheckFinding(level: .problem, subject: subject, text: text, remedy: remedy, cause: cause)
    }
}

extension CheckFinding {
    /// An answer may be that old, and clocks that go right differ by less.
    private static let clockTolerance: Duration = .seconds(60)

    /// `difference`: how much later it is there than here.
    static func clock(of server: String, ahead difference: Duration) -> CheckFinding {
        guard difference > clockTolerance || difference < .zero - clockTolerance else {
            return .ok(.clock, "the clock of \(server) agrees with this machine's")
        }
        let seconds = abs(difference.milliseconds / 1000)
        return .warning(
            .clock,
            "the clock of \(server) is \(seconds) s \(difference > .zero ? "ahead of" : "behind") this machine's, so "
                + "that times in Zammad and in the bridge's log differ",
            remedy: "set both by NTP")
    }
}
