import Domain
import GRDB
import Ports
import Wire

/// What was seen, decided and sent, and what came of it, for people. Most attempts have no row of their own, since the
/// action that ends them has one.
enum JournalHistory {
    /// At most so many old rows go in one commit, so that no event waits for a purge.
    static let largestPurge = 500

    static func add(_ entry: JournalEntry, _ database: Database) throws {
        let coding = JournalCoding()
        let statement = try database.cachedStatement(
            sql:
                "INSERT INTO history (at, pbx_call, call, kind, detail, digits, phone_system) VALUES (?, ?, ?, ?, ?, "
                + "?, ?)"
        )
        for news in entry.news {
            guard let kind = kind(of: news) else { continue }
            switch news {
            case .decided(let decision):
                try statement.execute(arguments: [
                    Self.shown(decision.at), decision.pbxCallID.text, decision.callID?.text, kind,
                    coding.text(decision), decision.externalNumber.map(NumberDigits.of), decision.phoneSystem.text,
                ])
            // After the decision: where one begins a call, all later rows of that id belong to the call.
            case .sighted(let sighting):
                try statement.execute(arguments: [
                    Self.shown(sighting.at), sighting.call.id.text, nil, kind, coding.text(sighting.call), nil,
                    sighting.phoneSystem.text,
                ])
            case .attempted(let finished):
                try statement.execute(arguments: [
                    Self.shown(entry.at), nil, finished.attempt.command.callID.text, kind, coding.text(finished), nil,
                    "",
                ])
            case .delivered, .postponed, .deadLettered, .unconfirmed, .dropped, .healthChanged, .dropCall, .ticket,
                .callEnded:
                try statement.execute(arguments: [
                    Self.shown(entry.at), nil, news.callID?.text, kind, coding.text(news), nil, "",
                ])
            }
        }
    }

    static func purge(before limit: Instant, _ database: Database) throws {
        let sql =
            "DELETE FROM history WHERE id IN (SELECT id FROM history WHERE at < ? ORDER BY at LIMIT \(largestPurge))"
        try database.cachedStatement(sql: sql).execute(arguments: [shown(limit)])
    }

    /// Other processes read it, at other times: what the system's clock showed.
    private static func shown(_ instant: Instant) -> Int64 { WallClock.ofProcess.time(of: instant).milliseconds }

    /// Why events that are still to be delivered failed last. A row that cannot be read is left out: history is for
    /// people.
    static func lastFailures(_ database: Database) throws -> [OutboxEvent.ID: String] {
        let coding = JournalCoding()
        let sql = """
            SELECT call, detail FROM history WHERE id IN (
                SELECT max(id) FROM history WHERE call IN (SELECT id FROM lanes) AND kind = 'postponed' GROUP BY call)
            """
        var failures: [OutboxEvent.ID: String] = [:]
        let rows = try Row.fetchCursor(database, sql: sql)
        while let row = try rows.next() {
            let call: String = row[0]
            do {
                let news = try coding.value(News.self, row[1], table: "history", key: call)
                if case .postponed(let event, let outcome) = news { failures[event.id] = outcome.reason }
            } catch is UnreadableRow {
                continue
            }
        }
        return failures
    }

    private static func kind(of news: News) -> String? {
        switch news {
        case .decided: "decision"
        case .sighted: "sighting"
        case .attempted: "attempt"
        case .delivered: "delivered"
        case .postponed: "postponed"
        case .deadLettered: "deadLetter"
        case .unconfirmed: "unconfirmed"
        case .dropped: "dropped"
        case .dropCall: "dropCall"
        // As with Zammad's health: once is enough.
        case .ticket(.postponed(let job, _)) where job.failures > 1: nil
        case .ticket: "ticket"
        case .callEnded: nil
        // Each probe of a Zammad that stays down counts one failure more, which nobody needs to read.
        case .healthChanged(let health, _) where !health.isNews: nil
        case .healthChanged: "health"
        }
    }
}

/// The digits by which calls are found in the history.
enum NumberDigits {
    /// Without everything else, and without zeros in front: national, international and E.164 forms then end alike.
    static func of(_ text: String) -> String {
        String(text.filter { $0.isASCII && $0.isNumber }.drop { $0 == "0" }.suffix(40))
    }
}
