import Domain

/// One call over time: a lane for each who took part, one for Zammad, and in words what it was told and why.
struct SimulationSwimlane {
    private let story: CallStory
    private let requests: [RequestChange]
    private let from: Int64
    private let to: Int64

    /// - Parameter end: When the last step is; a call may go on after it.
    init(_ story: CallStory, requests: [RequestChange], end: Int64) {
        self.story = story
        self.requests = requests
        let times = requests.map(\.request.at) + [story.from, story.to]
        let (first, last) = (times.min() ?? 0, times.max() ?? 0)
        let margin = max(200, (last - first) / 30)
        from = max(0, first - margin)
        to = last + margin
    }

    var html: String {
        let lanes = story.lanes.map(lane)
        return """
            <section class="call">
            <h3>\(title)</h3>
            <p class="ends">\(HTMLText.escaped(outcome))</p>
            <div class="lanes">
            \(lanes.joined(separator: "\n"))
            \(pins)
            <div></div>\(axis)
            </div>
            \(Self.list(requests))
            \(reasons)
            </section>
            """
    }

    // MARK: - Words

    private var title: String {
        let number = HTMLText.name(story.number ?? NumberPlan.anonymous)
        let place = story.phoneSystem.shown.map { " at \(HTMLText.escaped($0))" } ?? ""
        let call = "<span class=\"quiet\">call \(HTMLText.escaped(story.id.text))\(place)</span>"
        switch story.direction {
        case .inbound?: return "From \(number) \(call)"
        case .outbound?: return "To \(number) \(call)"
        case .internal?: return "Internal \(call)"
        case nil: return "Unknown direction \(call)"
        }
    }

    private var outcome: String {
        guard let last = story.decisions.last?.decision else { return "Nothing was decided." }
        switch last.to {
        case .ignored, .unknown: return "Ignored: \(last.reason)."
        case .ended: return last.commands.last?.cause.map { "Over: \(DecisionWords.words(for: $0))." } ?? "Over."
        case .dialled: return "Still without a line at the end."
        case .ringing: return "Still ringing at the end."
        case .answered, .voicemail: return "Still under way at the end."
        case .ending: return "Out of sight at the end."
        }
    }

    /// What Zammad was told, one line a request.
    static func list(_ requests: [RequestChange]) -> String {
        guard !requests.isEmpty else { return "" }
        let lines = requests.enumerated().map { index, change in
            let request = change.request
            func marked(_ name: String, _ text: String) -> String {
                change.unlike.contains(name) ? "<mark>\(text)</mark>" : text
            }
            let fields = request.fields.filter { !["at", "event", "direction"].contains($0.name) }
            // The id is long and mostly the same.
            let ordered = fields.filter { $0.name != "callId" } + fields.filter { $0.name == "callId" }
            let texts = ordered.map { field in
                marked(field.name, "\(field.name) <b>\(HTMLText.name(Self.unquoted(field.value)))</b>")
            }
            return """
                <li class="\(change.kind.rawValue)"><b class="pin \(change.kind.rawValue)">\(index + 1)</b>\
                <span class="time">\(marked("at", "\(Seconds.column(request.at))"))</span>\
                <span class="event">\(marked("event", request.payload.event.rawValue))</span>\
                <span class="fields">\(texts.joined(separator: " · "))</span></li>
                """
        }
        return "<ol class=\"told\">\n\(lines.joined(separator: "\n"))\n</ol>"
    }

    private static func unquoted(_ literal: String) -> String {
        literal.hasPrefix("\"") && literal.utf8.count >= 2 ? String(literal.dropFirst().dropLast()) : literal
    }

    private var reasons: String {
        guard !story.decisions.isEmpty else { return "" }
        let lines = story.decisions.map { entry in
            let decision = entry.decision
            return """
                <li><span class="time">\(Seconds.column(entry.at))</span><span>\(decision.from.rawValue) → \
                <b>\(decision.to.rawValue)</b>: \(HTMLText.escaped(decision.reason))</span></li>
                """
        }
        let hasDifference = requests.contains { $0.kind != .same }
        return """
            <details class="why"\(hasDifference ? " open=\"open\"" : "")><summary>\
            Why: \(lines.count) \(lines.count == 1 ? "decision" : "decisions")</summary><ol>
            \(lines.joined(separator: "\n"))
            </ol></details>
            """
    }

    // MARK: - Lanes

    private func lane(_ lane: CallStory.Lane) -> String {
        let spans = lane.spans.map { span in
            let width = max(0, percent(span.to) - percent(span.from))
            let title = "\(span.kind.rawValue) \(Seconds.text(span.from)) – \(Seconds.text(span.to)) s"
            return """
                <i class="span \(span.kind.rawValue)" \
                style="left:\(Self.css(percent(span.from)));width:\(Self.css(width))" title="\(title)"></i>
                """
        }
        let name =
            lane.name.map { "\(HTMLText.name($0)) <small>\(HTMLText.escaped(lane.dn))</small>" }
            ?? HTMLText.name(lane.dn)
        let role = lane.role == .agent ? "" : " <small>\(lane.role.words)</small>"
        return "<div class=\"who\">\(name)\(role)</div><div class=\"track\">\(spans.joined())</div>"
    }

    /// Numbered as in the list. What would cover another one goes a level down.
    private var pins: String {
        guard !requests.isEmpty else { return "" }
        var ends: [Double] = []
        var marks = ""
        for (index, change) in requests.enumerated() {
            let place = percent(change.request.at)
            let level = ends.firstIndex { place - $0 >= 8 } ?? ends.count
            if level == ends.count { ends.append(place) } else { ends[level] = place }
            let top = 0.25 + 1.45 * Double(level)
            let event = change.request.payload.event.rawValue
            marks += """
                <i class="stem" style="left:\(Self.css(place));height:\(top)rem"></i>\
                <b class="pin \(change.kind.rawValue)" style="left:\(Self.css(place));top:\(top)rem" \
                title="\(event) at \(Seconds.text(change.request.at)) s">\(index + 1)</b>
                """
        }
        let height = 0.35 + 1.45 * Double(max(1, ends.count))
        return "<div class=\"who\">Zammad</div><div class=\"track pins\" style=\"height:\(height)rem\">\(marks)</div>"
    }

    private var axis: String {
        let steps: Int64 = 4
        let ticks = (0...steps).map { step in
            let at = from + (to - from) * step / steps
            let text = to - from < 10_000 ? Seconds.text(at / 100 * 100) : Seconds.text((at + 500) / 1000 * 1000)
            let isMinor = step % 2 == 1
            return "<span\(isMinor ? " class=\"minor\"" : "") style=\"left:\(Self.css(percent(at)))\">\(text) s</span>"
        }
        return "<div class=\"axis\">\(ticks.joined())</div>"
    }

    private func percent(_ at: Int64) -> Double {
        Double(min(max(at, from), to) - from) / Double(max(1, to - from)) * 100
    }

    private static func css(_ percent: Double) -> String {
        "\(Seconds.text(Int64((percent * 1000).rounded())))%"
    }
}

extension LegRole {
    fileprivate var words: String {
        switch self {
        case .agent: "agent"
        case .queue: "queue"
        case .ringGroup: "ring group"
        case .ivr: "menu"
        case .voicemail: "voicemail"
        case .other: "line"
        }
    }
}
