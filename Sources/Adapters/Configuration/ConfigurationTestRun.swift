import Domain
package import Ports

/// Runs the tests of a configuration through the core of the daemon: nobody is asked, and nothing is sent.
package struct ConfigurationTestRun: Sendable {
    /// A test whose call was not treated as expected.
    package struct Failure: Equatable, Sendable {
        package let test: ConfigurationTest
        /// What was expected and what came, one a line.
        package let differences: [String]

        /// `test "queue" at FILE:LINE:COLUMN: …`
        package var description: String {
            "test \"\(test.name)\" \(test.location.preposition) \(test.location): "
                .withoutControlCharacters + differences.joined(separator: "; ").withoutControlCharacters
        }
    }

    package let count: Int
    package let failures: [Failure]

    package init(_ effective: EffectiveConfiguration) {
        count = effective.tests.count
        failures = effective.tests.compactMap { test in
            let differences = Self.differences(test, effective.configuration)
            return differences.isEmpty ? nil : Failure(test: test, differences: differences)
        }
    }

    private static func differences(_ test: ConfigurationTest, _ configuration: BridgeConfiguration) -> [String] {
        let decisions = decisions(test, configuration)
        let expected = test.expected
        guard let command = decisions.lazy.flatMap(\.commands).first(where: { $0.event == .newCall }) else {
            return whenUntold(expected, decisions)
        }
        var differences: [String] = []
        switch expected.target {
        case .none?: differences.append("expected no report, but it is reported to \(command.zammad.shown ?? "Zammad")")
        case .zammad(let wanted)? where wanted != command.zammad:
            differences.append("expected Zammad \(wanted), but it goes to \(command.zammad.shown ?? "the only one")")
        case .zammad?, nil: break
        }
        func compare(_ what: String, _ expected: String?, _ found: String) {
            guard let expected, expected != found else { return }
            differences.append("expected \(what) \(expected), but it is \(found)")
        }
        compare("direction", expected.direction?.rawValue, command.direction.rawValue)
        compare("from", expected.from, command.from)
        // With the answer Zammad is told who has the call.
        let answer = decisions.lazy.flatMap(\.commands).first { $0.event == .answer }
        compare("to", expected.to, test.answeredBy == nil ? command.to : (answer ?? command).to)
        return differences
    }

    private static func whenUntold(_ expected: ConfigurationTest.Expectation, _ decisions: [CallDecision]) -> [String] {
        let reason = decisions.last?.reason ?? "there is no call"
        guard expected.target == ConfigurationTest.Target.none else { return ["not reported: \(reason)"] }
        guard let part = expected.reason, !reason.contains(part) else { return [] }
        return ["expected the reason \"\(part)\", but it is \"\(reason)\""]
    }

    /// What the core decides: at the first poll, and when the call has been answered.
    private static func decisions(_ test: ConfigurationTest, _ configuration: BridgeConfiguration) -> [CallDecision] {
        var core = BridgeCore(
            calls: CallLifecycle.Settings.each(configuration), delivery: Zammad.Settings.each(configuration))
        let start = Instant(milliseconds: 0)
        var call = test.call
        let first = CallSnapshot(takenAt: start, calls: [call])
        var decisions = core.handle(.polled(first, at: test.phoneSystem), at: start).decisions
        guard let answering = test.answeredBy else { return decisions }
        if call.direction == .outbound {
            for index in call.legs.indices { call.legs[index].state = .connected }
        } else {
            call.legs = [CallLeg(dn: answering, role: .agent, state: .connected, isMonitored: true)]
        }
        let later = start + .seconds(1)
        decisions +=
            core.handle(.polled(CallSnapshot(takenAt: later, calls: [call]), at: test.phoneSystem), at: later).decisions
        return decisions
    }
}
