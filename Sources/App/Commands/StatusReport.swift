import Adapters
import Ports

/// The status for people at a terminal.
struct StatusReport {
    private let status: BridgeStatus
    private let colours: Bool

    private static let mostDecisions = 10
    private static let mostEvents = 8

    init(_ status: BridgeStatus, colours: Bool) {
        self.status = status
        self.colours = colours
    }

    func text() -> String {
        let phoneSystems = status.phoneSystems ?? [status.phoneSystem]
        let zammads = status.zammads ?? [status.zammad]
        var lines = phoneSystems.flatMap { side("3CX", $0) } + zammads.flatMap { side("Zammad", $0) }
        lines += problems() + [""] + calls() + [""] + deliveries()
        let decisions = status.decisions.prefix(Self.mostDecisions)
        if !decisions.isEmpty {
            lines += ["", "Last decisions (UTC):"]
            lines += decisions.map { "  \(Self.time($0.at))  \($0.words.withoutControlCharacters)" }
        }
        lines += ["", "zammadbridge \(status.version), instance \(status.instance), running since \(status.startedAt)"]
        return lines.joined(separator: "\n")
    }

    private func side(_ name: String, _ side: BridgeStatus.Side) -> [String] {
        let sign: TerminalSign =
            !side.isReachable ? .bad : side.state == "degraded" ? .warning : side.state == "untried" ? .unknown : .good
        let since = side.since.map { "  (since \($0))" } ?? ""
        let label = name + String(repeating: " ", count: max(1, 8 - name.count))
        var lines = ["\(sign.text(colours)) \(label)\(side.words)\(since)"]
        if let reason = side.reason { lines.append("          \(reason.withoutControlCharacters)") }
        if let remedy = side.remedy { lines.append("          What to do: \(remedy.withoutControlCharacters)") }
        return lines
    }

    /// Those that the two sides have not told.
    private func problems() -> [String] {
        let told = (status.phoneSystems ?? [status.phoneSystem]) + (status.zammads ?? [status.zammad])
        return status.problems.filter { problem in !told.contains { $0.words == problem } }
            .map { "\(TerminalSign.warning.text(colours)) \($0)" }
    }

    private func calls() -> [String] {
        guard !status.calls.isEmpty else { return ["No calls right now."] }
        return ["Calls now:"]
            + status.calls.map { call in
                let agents = call.agents.joined(separator: ", ")
                let party = call.name.map { "\($0) \(call.number)" } ?? call.number
                let inside = [agents, call.queue ?? ""].filter { !$0.isEmpty }.joined(separator: ", ")
                let parties = call.direction == "outbound" ? "\(inside) → \(party)" : "\(party) → \(inside)"
                let state = call.state.rawValue
                let padding = String(repeating: " ", count: max(1, 10 - state.count))
                return "  \(state)\(padding)\(parties.withoutControlCharacters)  since \(Self.time(call.since))"
            }
    }

    private func deliveries() -> [String] {
        let deliveries = status.deliveries
        var lines = [
            "Deliveries: \(deliveries.delivered) delivered, \(deliveries.pending) waiting, "
                + "\(deliveries.deadLetters) given up, \(deliveries.unconfirmed) unconfirmed"
        ]
        lines += events(deliveries.failedEvents, of: deliveries.deadLetters + deliveries.unconfirmed)
        return lines + events(deliveries.pendingEvents, of: deliveries.pending)
    }

    private func events(_ events: [BridgeStatus.Delivery], of all: Int) -> [String] {
        let shown = events.prefix(Self.mostEvents)
        let lines = shown.map { event in
            let reason = event.reason.map { ": \($0)" } ?? ""
            return "  \(event.id)  \(event.state)  \(event.event) \(event.number)\(reason)".withoutControlCharacters
        }
        return all > shown.count ? lines + ["  … and \(all - shown.count) more; zammadbridge outbox lists all"] : lines
    }

    /// The time of day of an RFC 3339 time.
    static func time(_ text: String) -> String {
        guard let start = text.firstIndex(of: "T") else { return text }
        return String(text[text.index(after: start)...].prefix(8))
    }
}
