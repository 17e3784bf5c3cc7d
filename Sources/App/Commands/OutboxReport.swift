import Adapters
import Domain
import Ports
import Wire

/// The outbox for people, and as JSON with the schema of docs/outbox.md.
struct OutboxReport {
    let listing: OutboxListing
    let openRequests: [OperatorRequest]
    let isBridgeRunning: Bool

    func text() -> String {
        let titles: [(OutboxListing.State, String)] = [
            (.pending, "Pending"), (.deadLetter, "Dead letters"), (.unconfirmed, "Unconfirmed"),
        ]
        var lines: [String] = []
        for (state, title) in titles {
            let entries = listing.entries.filter { $0.state == state }
            guard !entries.isEmpty else { continue }
            lines += ["\(title):"] + entries.map { "  " + Self.line($0) }
        }
        for (title, isDead) in [("Tickets that wait", false), ("Tickets given up", true)] {
            let jobs = listing.tickets.filter { $0.isDead == isDead }
            if !jobs.isEmpty { lines += ["\(title):"] + jobs.map { "  " + Self.line($0) } }
        }
        if !openRequests.isEmpty {
            let asked = openRequests.map { "\($0.action.rawValue) \($0.eventID)" }.joined(separator: ", ")
            lines.append("Asked for, and waiting for the bridge: \(asked)")
        }
        if let latest = (listing.entries.map(\.since) + listing.tickets.map(\.since)).max() {
            lines.append("Times are in \(LocalTime.zone(latest)).")
        }
        lines.append(Self.line(listing.account))
        if !isBridgeRunning { lines.append("The bridge is not running.") }
        return lines.joined(separator: "\n")
    }

    static func line(_ item: OutboxItem) -> String {
        switch item {
        case .event(let entry): line(entry)
        case .ticket(let job): line(job)
        }
    }

    private static func line(_ job: TicketJob) -> String {
        var parts = [
            "\(job.id)", "ticket", job.call.callID.text, job.call.direction.rawValue, masked(job.call.number),
            "since \(LocalTime.dayAndTime(job.since))", "\(job.attempts) \(job.attempts == 1 ? "request" : "requests")",
        ]
        if let zammad = job.call.zammad.shown { parts.insert("Zammad \(zammad)", at: 3) }
        if let reason = job.lastFailure { parts.append(reason.withoutControlCharacters) }
        return parts.joined(separator: "  ")
    }

    private static func line(_ entry: OutboxListing.Entry) -> String {
        let command = entry.command
        var parts = [
            "\(entry.id)", command.event.rawValue, command.callID.text, command.direction.rawValue,
            masked(command.externalNumber),
            "since \(LocalTime.dayAndTime(entry.since))",
            "\(entry.attempts) \(entry.attempts == 1 ? "attempt" : "attempts")",
        ]
        if let zammad = entry.zammad.shown { parts.insert("Zammad \(zammad)", at: 3) }
        if let reason = entry.reason { parts.append(reason.withoutControlCharacters) }
        return parts.joined(separator: "  ")
    }

    private static func line(_ account: EventAccount) -> String {
        var parts = [
            "\(account.delivered) delivered", "\(account.pending) pending", "\(account.deadLetters) dead letters",
            "\(account.unconfirmed) unconfirmed",
        ]
        if account.dropped.isEmpty { parts.append("0 discarded") }
        for (reason, count) in account.dropped.sorted(by: { $0.key < $1.key }) {
            parts.append("\(count) discarded (\(reason))")
        }
        let sum = "\(account.taken) seen = " + parts.joined(separator: " + ")
        return account.addsUp ? sum : sum + "  (THE SUM DOES NOT MATCH: please report this)"
    }

    /// Numbers are personal data.
    private static func masked(_ number: String) -> String {
        number == NumberPlan.anonymous ? number : NumberMask.masked(number)
    }

    func json() throws -> String { try Document(self).printedJSON() }

    private struct Document: Encodable {
        struct Event: Encodable {
            var id: Int
            var state: String
            var call: String
            /// Only where it has a name.
            var zammad: String?
            var event: String
            var direction: String
            var number: String
            var happenedAt: String
            var since: String
            var attempts: Int
            var reason: String?
        }

        struct Account: Encodable {
            var seen: Int
            var delivered: Int
            var pending: Int
            var deadLetters: Int
            var unconfirmed: Int
            var dropped: [String: Int]
            var isClosed: Bool
        }

        struct Ticket: Encodable {
            var id: Int
            var state: String
            var call: String
            /// Only where it has a name.
            var zammad: String?
            var direction: String
            var number: String
            var since: String
            var requests: Int
            var reason: String?
        }

        struct Request: Encodable {
            var action: String
            var id: Int
        }

        var isBridgeRunning: Bool
        var events: [Event]
        var account: Account
        var requests: [Request]
        var tickets: [Ticket]

        init(_ report: OutboxReport) {
            let account = report.listing.account
            isBridgeRunning = report.isBridgeRunning
            requests = report.openRequests.map { Request(action: $0.action.rawValue, id: $0.eventID) }
            tickets = report.listing.tickets.map { job in
                Ticket(
                    id: job.id, state: TicketWords.state(job), call: job.call.callID.text,
                    zammad: job.call.zammad.shown,
                    direction: job.call.direction.rawValue, number: OutboxReport.masked(job.call.number),
                    since: TimeText.seconds(job.since), requests: job.attempts, reason: job.lastFailure)
            }
            self.account = Account(
                seen: account.taken, delivered: account.delivered, pending: account.pending,
                deadLetters: account.deadLetters, unconfirmed: account.unconfirmed, dropped: account.dropped,
                isClosed: account.addsUp)
            events = report.listing.entries.map { entry in
                Event(
                    id: entry.id, state: entry.state.rawValue, call: entry.command.callID.text,
                    zammad: entry.zammad.shown, event: entry.command.event.rawValue,
                    direction: entry.command.direction.rawValue,
                    number: OutboxReport.masked(entry.command.externalNumber),
                    happenedAt: TimeText.seconds(entry.command.at), since: TimeText.seconds(entry.since),
                    attempts: entry.attempts, reason: entry.reason)
            }
        }
    }
}
