import Domain

/// One scenario of the page: its calls as swimlanes, with what Zammad was told and why.
struct SimulationSection {
    private let report: SimulationReport
    private let id: String
    private let isOpen: Bool
    private let end: Int64
    private let changes: [RequestChange]

    init(_ report: SimulationReport, id: String, isOpen: Bool) {
        self.report = report
        self.id = id
        self.isOpen = isOpen
        end = report.fixture.steps.last?.milliseconds ?? 0
        changes = report.changes
    }

    var html: String {
        let stories = CallStory.calls(of: report.result, end: end)
        var taken: Set<Int> = []
        var calls: [String] = []
        for story in stories {
            let own = changes.indices.filter { !taken.contains($0) && story.isTold(by: changes[$0].request) }
            taken.formUnion(own)
            calls.append(SimulationSwimlane(story, requests: own.map { changes[$0] }, end: end).html)
        }
        let rest = changes.indices.filter { !taken.contains($0) }
        if !rest.isEmpty {
            calls.append(
                """
                <section class="call"><h3>Calls that were not seen</h3>
                \(SimulationSwimlane.list(rest.map { changes[$0] }))
                </section>
                """)
        }
        if calls.isEmpty { calls.append("<p class=\"call quiet\">No call was seen.</p>") }
        return """
            <details class="card fixture \(report.passed ? "good" : "bad")"\(isOpen ? " open=\"open\"" : "")>
            <summary>\
            <span class="sign" aria-label="\(report.passed ? "passed" : "failed")">\(report.passed ? "✓" : "✗")</span>\
            <h2>\(HTMLText.name(report.fixture.name))</h2><span class="source">\(report.fixture.source.rawValue)</span>
            <p>\(HTMLText.name(report.fixture.description))</p></summary>
            <div class="inside" id="\(id)">
            \(trouble)\(calls.joined(separator: "\n"))
            \(tickets)
            \(remarks)
            </div>
            </details>
            """
    }

    private var trouble: String {
        var text = report.leftovers.map { "<p class=\"trouble\">\($0).</p>\n" }.joined()
        if report.result.changes != report.fixture.changes {
            text += "<p class=\"trouble\">What was changed elsewhere is not as expected (<code>changes</code>).</p>\n"
        }
        return text
    }

    /// What became of the tickets, and what was expected instead.
    private var tickets: String {
        let (actual, expected) = (report.result.tickets, report.fixture.tickets)
        guard !actual.isEmpty || !expected.isEmpty else { return "" }
        let lines =
            actual.map { Self.line($0, expected.contains($0) ? nil : "not expected") }
            + expected.filter { !actual.contains($0) }.map { Self.line($0, "expected, missing") }
        return """
            <section class="tickets"><h3>Tickets</h3>
            <ol class="told">
            \(lines.joined(separator: "\n"))
            </ol>
            </section>
            """
    }

    private static func line(_ ticket: ExpectedTicket, _ fault: String?) -> String {
        """
        <li class="ticket"><span></span><span class="time">\(Seconds.column(ticket.at))</span>\
        <span class="event">\(ticket.result.rawValue.replacing("_", with: " "))</span>\
        <span class="fields">\(fault.map { "<mark>\($0)</mark> · " } ?? "")\(HTMLText.escaped(ticket.words)) · \
        callId <b>\(HTMLText.name(ticket.callID))</b></span></li>
        """
    }

    /// Polls that failed, and what the log would say.
    private var remarks: String {
        let remarks = report.result.moments.compactMap { moment -> String? in
            let text: String
            switch moment.kind {
            case .pollFailed(let reason): text = "poll failed: \(reason)"
            case .notice(let notice): text = notice
            case .change(let change, let answer): text = "\(change.line) [\(answer)]"
            case .decision, .request, .ticket: return nil
            }
            return """
                <li><span class="time">\(Seconds.column(moment.at))</span><span>\(HTMLText.escaped(text))</span></li>
                """
        }
        guard !remarks.isEmpty else { return "" }
        return """
            <details class="why"><summary>About the phone system: \
            \(remarks.count) \(remarks.count == 1 ? "remark" : "remarks")</summary><ol>
            \(remarks.joined(separator: "\n"))
            </ol></details>
            """
    }
}
