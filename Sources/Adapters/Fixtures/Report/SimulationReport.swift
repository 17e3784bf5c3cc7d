import Domain
import Ports
import Wire

/// What a replay showed, against what was expected.
package struct SimulationReport: Sendable {
    package let path: String
    let fixture: Fixture
    let result: FixtureReplay.Result
    let expected: [ExpectedRequest]

    package init(path: String, fixture: Fixture, result: FixtureReplay.Result, expected: [ExpectedRequest]) {
        self.path = path
        self.fixture = fixture
        self.result = result
        self.expected = expected
    }

    package var passed: Bool {
        result.requests == expected && result.changes == fixture.changes && result.tickets == fixture.tickets
            && result.undelivered == 0 && result.waitingTickets == 0
    }

    // MARK: - Text

    /// The timeline, and the differences if there are any.
    package func text(showsTimeline: Bool, on terminal: TerminalText = TerminalText(hasColours: false)) -> String {
        let sign = passed ? terminal.good("✓") : terminal.bad("✗")
        let name = terminal.strong(fixture.name.withoutControlCharacters)
        let description = fixture.description.withoutControlCharacters
        var lines = ["\(sign) \(name) (\(fixture.source.rawValue)): \(description)"]
        if showsTimeline { lines += result.moments.map { "  \(Self.line($0, terminal))" } }
        if !passed { lines += differences(on: terminal).map { "  \($0)" } }
        return lines.joined(separator: "\n")
    }

    private static func line(_ moment: FixtureReplay.Moment, _ terminal: TerminalText) -> String {
        let time = Seconds.column(moment.at)
        let column = terminal.quiet(String(repeating: " ", count: max(0, 9 - time.count)) + time)
        switch moment.kind {
        case .decision(let decision): return "\(column)  \(describe(decision))"
        case .request(let request, let answer):
            let fields = request.fields.filter { !["at", "event"].contains($0.name) }
            let list = fields.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
            let event = terminal.accent("→ \(request.payload.event.rawValue)")
            return "\(column)  \(event) \(list)" + (answer.map { "  " + terminal.warning("[\($0)]") } ?? "")
        case .change(let change, let answer):
            return "\(column)  \(terminal.accent("→")) \(change.line.withoutControlCharacters)  [\(answer)]"
        case .ticket(let ticket):
            let words = "\(ticket.callID): \(ticket.words)".withoutControlCharacters
            return "\(column)  \(ticket.ticket == nil ? terminal.warning(words) : terminal.accent(words))"
        case .pollFailed(let reason):
            return "\(column)  \(terminal.warning("poll failed: \(reason.withoutControlCharacters)"))"
        case .notice(let text): return "\(column)  \(terminal.quiet("note: \(text.withoutControlCharacters)"))"
        }
    }

    static func describe(_ decision: CallDecision) -> String {
        let call = decision.callID?.text ?? "call \(decision.pbxCallID)"
        let number = decision.externalNumber.map { " \($0)" } ?? ""
        return "\(call)\(number): \(decision.from.rawValue) → \(decision.to.rawValue), \(decision.reason)"
            .withoutControlCharacters
    }

    var changes: [RequestChange] { RequestChange.all(expected: expected, actual: result.requests) }

    /// What was still to be done in the end.
    var leftovers: [String] {
        (result.undelivered > 0 ? ["\(result.undelivered) events were not delivered in the end"] : [])
            + (result.waitingTickets > 0 ? ["\(result.waitingTickets) tickets were not made in the end"] : [])
    }

    /// Expected and actual requests, line by line.
    package var differences: [String] { differences(on: TerminalText(hasColours: false)) }

    private func differences(on terminal: TerminalText) -> [String] {
        requestDifferences(on: terminal)
            + differences("change", result.changes.map(\.line), fixture.changes.map(\.line), on: terminal)
            + differences("ticket", result.tickets.map(\.line), fixture.tickets.map(\.line), on: terminal)
    }

    private func differences(
        _ what: String, _ actual: [String], _ expected: [String], on terminal: TerminalText
    ) -> [String] {
        actual.difference(from: expected).map { change in
            switch change {
            case .remove(_, let line, _): terminal.bad("- \(what) \(line.withoutControlCharacters)")
            case .insert(_, let line, _): terminal.good("+ \(what) \(line.withoutControlCharacters)")
            }
        }
    }

    private func requestDifferences(on terminal: TerminalText) -> [String] {
        var lines = leftovers.map(terminal.bad)
        let changes = changes
        guard changes.contains(where: { $0.kind != .same }) else {
            return lines + changes.map { "  \($0.request.line)" }
        }
        lines.insert("\(terminal.bad("- expected")), \(terminal.good("+ actual")):", at: 0)
        for change in changes {
            switch change.kind {
            case .same: lines.append(terminal.quiet("  \(change.request.line)"))
            case .missing:
                lines.append(terminal.bad("- ") + Self.line(change, plain: terminal.bad, marked: terminal.badMark))
            case .surplus:
                lines.append(terminal.good("+ ") + Self.line(change, plain: terminal.good, marked: terminal.goodMark))
            }
        }
        return lines
    }

    /// A request's line with the fields marked that matter.
    private static func line(
        _ change: RequestChange, plain: (String) -> String, marked: (String) -> String
    ) -> String {
        let texts = change.request.fields.map { field in
            let text = "\"\(field.name)\": \(field.value)"
            return change.unlike.contains(field.name) ? marked(text) : plain(text)
        }
        return plain("{ ") + texts.joined(separator: plain(", ")) + plain(" }")
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
        let failed = reports.count { !$0.passed }
        let document = Document(passed: reports.count - failed, failed: failed, scenarios: reports.map(\.scenario))
        return try document.printedJSON()
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
        case .change(let change, let answer): "\(change.line) [\(answer)]"
        case .ticket(let ticket): "\(ticket.callID): \(ticket.words)"
        case .pollFailed(let text), .notice(let text): text
        }
    }
}

extension FixtureReplay.Moment.Kind {
    fileprivate var name: String {
        switch self {
        case .decision: "decision"
        case .request: "request"
        case .change: "change"
        case .ticket: "ticket"
        case .pollFailed: "look_failed"
        case .notice: "notice"
        }
    }
}
