import Domain
import FoundationEssentials

/// What a replay showed, against what was expected.
package struct SimulationReport: Sendable {
    package let path: String
    private let fixture: Fixture
    private let result: FixtureReplay.Result
    private let expected: [ExpectedRequest]

    package init(path: String, fixture: Fixture, result: FixtureReplay.Result, expected: [ExpectedRequest]) {
        self.path = path
        self.fixture = fixture
        self.result = result
        self.expected = expected
    }

    package var passed: Bool { result.requests == expected && result.undelivered == 0 }

    // MARK: - Text

    /// The timeline, and the differences if there are any.
    package func text(showsTimeline: Bool) -> String {
        var lines = ["\(passed ? "✓" : "✗") \(fixture.name) (\(fixture.source.rawValue)): \(fixture.description)"]
        if showsTimeline { lines += result.moments.map { "  \(Self.line($0))" } }
        if !passed { lines += differences.map { "  \($0)" } }
        return lines.joined(separator: "\n")
    }

    private static func line(_ moment: FixtureReplay.Moment) -> String {
        let time = Seconds.column(moment.at)
        let column = String(repeating: " ", count: max(0, 9 - time.count)) + time
        switch moment.kind {
        case .decision(let decision): return "\(column)  \(describe(decision))"
        case .request(let request, let answer):
            let fields = request.fields.filter { !["at", "event"].contains($0.name) }
            let list = fields.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
            let event = request.payload.event.rawValue
            return "\(column)  → \(event) \(list)" + (answer.map { "  [\($0)]" } ?? "")
        case .lookFailed(let reason): return "\(column)  look failed: \(reason)"
        case .notice(let text): return "\(column)  note: \(text)"
        }
    }

    private static func describe(_ decision: CallDecision) -> String {
        let call = decision.callID?.text ?? "call \(decision.pbxCallID)"
        let number = decision.externalNumber.map { " \($0)" } ?? ""
        return "\(call)\(number): \(decision.from.rawValue) → \(decision.to.rawValue), \(decision.reason)"
    }

    /// Expected and actual requests, line by line, from the first to the last difference.
    package var differences: [String] {
        var lines: [String] = []
        if result.undelivered > 0 { lines.append("\(result.undelivered) events were not delivered in the end") }
        for change in Self.changes(expected.map(\.line), result.requests.map(\.line)) {
            switch change {
            case .same(let line): lines.append("  \(line)")
            case .missing(let line): lines.append("- \(line)")
            case .surplus(let line): lines.append("+ \(line)")
            }
        }
        guard lines.contains(where: { $0.hasPrefix("- ") || $0.hasPrefix("+ ") }) else { return lines }
        return ["- expected, + actual:"] + lines
    }

    private enum Change {
        case same(String)
        case missing(String)
        case surplus(String)
    }

    private static func changes(_ expected: [String], _ actual: [String]) -> [Change] {
        let difference = actual.difference(from: expected)
        var removed: Set<Int> = []
        var inserted: Set<Int> = []
        for change in difference {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): inserted.insert(offset)
            }
        }
        var changes: [Change] = []
        var (left, right) = (0, 0)
        while left < expected.count || right < actual.count {
            if left < expected.count, removed.contains(left) {
                changes.append(.missing(expected[left]))
                left += 1
            } else if right < actual.count, inserted.contains(right) {
                changes.append(.surplus(actual[right]))
                right += 1
            } else if right < actual.count {
                changes.append(.same(actual[right]))
                left += 1
                right += 1
            } else {
                break
            }
        }
        return changes
    }

    // MARK: - JSON

    private struct Document: Encodable {
        struct Scenario: Encodable {
            var file: String
            var name: String
            var source: String
            var passed: Bool
            var timeline: [Line]
            var requests: [ExpectedRequest]
            var expected: [ExpectedRequest]
            var differences: [String]
        }

        struct Line: Encodable {
            var at: Double
            var kind: String
            var text: String
        }

        var passed: Int
        var failed: Int
        var scenarios: [Scenario]
    }

    /// All reports in one document; docs/fixtures.md describes it.
    package static func json(_ reports: [SimulationReport]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        let failed = reports.count { !$0.passed }
        let document = Document(passed: reports.count - failed, failed: failed, scenarios: reports.map(\.scenario))
        return try String(decoding: encoder.encode(document), as: UTF8.self)
    }

    private var scenario: Document.Scenario {
        Document.Scenario(
            file: path, name: fixture.name, source: fixture.source.rawValue, passed: passed,
            timeline: result.moments.map { moment in
                Document.Line(at: Double(moment.at) / 1000, kind: moment.kind.name, text: Self.text(of: moment))
            },
            requests: result.requests, expected: expected, differences: passed ? [] : differences)
    }

    private static func text(of moment: FixtureReplay.Moment) -> String {
        switch moment.kind {
        case .decision(let decision): describe(decision)
        case .request(let request, let answer): request.line + (answer.map { " [\($0)]" } ?? "")
        case .lookFailed(let text), .notice(let text): text
        }
    }
}

extension FixtureReplay.Moment.Kind {
    fileprivate var name: String {
        switch self {
        case .decision: "decision"
        case .request: "request"
        case .lookFailed: "look_failed"
        case .notice: "notice"
        }
    }
}
