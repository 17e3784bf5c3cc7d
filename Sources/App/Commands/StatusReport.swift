import Adapters
import Ports
import Wire

/// The status for people at a terminal.
struct StatusReport {
    let status: BridgeStatus
    let colours: Bool

    private static let mostDecisions = 10
    private static let mostEvents = 8

    func text() -> String {
        let phoneSystems = status.phoneSystems ?? [status.phoneSystem]
        let zammads = status.zammads ?? [status.zammad]
        var lines = phoneSystems.flatMap { side("3CX", $0) } + zammads.flatMap { side("Zammad", $0) }
        lines += problems() + [""] + calls() + [""] + deliveries() + tickets()
        let decisions = status.decisions.prefix(Self.mostDecisions)
        if !decisions.isEmpty {
            lines += ["", "Last decisions:"]
            lines += decisions.map { "  \(LocalTime.text($0.at))  \($0.words.withoutControlCharacters)" }
        }
        let zone = TimeText.instant(status.at).map { "; times are in \(LocalTime.zone($0))" } ?? ""
        lines += [
            "",
            "zammadbridge \(status.version), instance \(status.instance), running since "
                + LocalTime.dayAndTime(status.startedAt) + zone,
        ]
        return lines.joined(separator: "\n")
    }

    private func side(_ name: String, _ side: BridgeStatus.Side) -> [String] {
        let sign: TerminalSign =
            !side.isReachable ? .bad : side.state == "degraded" ? .warning : side.state == "untried" ? .unknown : .good
        let since = side.since.map { "  (since \(LocalTime.dayAndTime($0)))" } ?? ""
        let label = name + String(repeating: " ", count: max(1, 8 - name.count))
        var lines = ["\(sign.text(colours)) \(label)\(side.words)\(since)"]
        if let reason = side.reason { lines.append("          \(reason.withoutControlCharacters)") }
        if let remedy = side.remedy { lines.append("          What to do: \(remedy.withoutControlCharacters)") }
        if let nextTry = side.nextTry { lines.append("          Tried again at \(LocalTime.text(nextTry))") }
        if let watched = side.watched { lines += Self.watching(watched) }
        for warning in side.warnings ?? [] {
            lines.append("\(TerminalSign.warning.text(colours))         \(warning.text.withoutControlCharacters)")
            lines.append("          What to do: \(warning.remedy.withoutControlCharacters)")
        }
        return lines
    }

    private static let mostWatched = 30

    private static func watching(_ watched: BridgeStatus.Watched) -> [String] {
        [
            ("extension", watched.extensions), ("queue", watched.queues), ("ring group", watched.ringGroups),
            ("other number", watched.others),
        ].compactMap { one, numbers in
            guard !numbers.isEmpty else { return nil }
            let named = numbers.prefix(mostWatched).map {
                [$0.number, $0.name ?? ""].filter { !$0.isEmpty }.joined(separator: " ")
            }
            let more = numbers.count > mostWatched ? " and \(numbers.count - mostWatched) more" : ""
            let what = "\(numbers.count) \(one)\(numbers.count == 1 ? "" : "s")"
            return "          Watching \(what): \(named.joined(separator: ", "))\(more)".withoutControlCharacters
        }
    }

    /// Those that the two sides have not told.
    private func problems() -> [String] {
        let told = (status.phoneSystems ?? [status.phoneSystem]) + (status.zammads ?? [status.zammad])
        return status.problems.filter { problem in
            !told.contains { side in
                side.words == problem || (side.warnings ?? []).contains { problem.hasSuffix($0.text) }
            }
        }
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
                return "  \(state)\(padding)\(parties.withoutControlCharacters)  since \(LocalTime.text(call.since))"
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

    /// Only where tickets are made.
    private func tickets() -> [String] {
        guard let tickets = status.tickets else { return [] }
        let results = tickets.results
        let made = (results["created"] ?? 0) + (results["already_there"] ?? 0)
        let lines = tickets.open.filter { $0.state == "deadLetter" }.prefix(Self.mostEvents).map { ticket in
            let reason = ticket.reason.map { ": \($0)" } ?? ""
            return "  \(ticket.id)  deadLetter  ticket \(ticket.number)\(reason)".withoutControlCharacters
        }
        return [
            "Tickets: \(made) made, \(results["added"] ?? 0) calls added, \(results["skipped"] ?? 0) left out, "
                + "\(tickets.pending) waiting, \(tickets.deadLetters) given up"
        ] + lines
    }

    private func events(_ events: [BridgeStatus.Delivery], of all: Int) -> [String] {
        let shown = events.prefix(Self.mostEvents)
        let lines = shown.map { event in
            let reason = event.reason.map { ": \($0)" } ?? ""
            return "  \(event.id)  \(event.state)  \(event.event) \(event.number)\(reason)".withoutControlCharacters
        }
        return all > shown.count ? lines + ["  … and \(all - shown.count) more; zammadbridge outbox lists all"] : lines
    }
}
