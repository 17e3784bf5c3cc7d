import Domain
import GRDB
import Ports

/// Finds calls in the history.
///
/// The PBX reuses its ids: the rows of an id from a decision about an unknown call up to the next such decision are one
/// call.
struct HistorySearch {
    /// One call, by its PBX, its id in that and the row of its first decision.
    private struct Key: Hashable {
        var phoneSystem: String
        var pbxCall: String
        var start: Int64
    }

    /// Rows of one call, and calls that are looked at for one question.
    private static let longest = 2_000

    private let database: Database
    private let coding = JournalCoding()

    init(_ database: Database) {
        self.database = database
    }

    func calls(_ text: String, most: Int) throws -> (calls: [CallHistory], more: Int) {
        var keys: [Key] = []
        var known: Set<Key> = []
        for (phoneSystem, pbxCall, row) in try candidates(text) {
            var key = Key(phoneSystem: phoneSystem, pbxCall: pbxCall, start: row)
            key.start = try start(of: key)
            if known.insert(key).inserted { keys.append(key) }
        }
        let open = OutboxListing(
            try JournalState.load(database), lastFailures: try JournalHistory.lastFailures(database)
        )
        if keys.isEmpty {
            // The decisions may be too old to be kept, while an event still waits.
            let left = try history(nil, sightings: [], callIDs: [CallID(text: text)], open)
            return left.entries.isEmpty && left.open.isEmpty && left.openTickets.isEmpty ? ([], 0) : ([left], 0)
        }
        let calls = try keys.prefix(most).map { try history($0, open) }
        return (calls, max(0, keys.count - most))
    }

    // MARK: - Which calls

    /// Decisions of the calls that are meant, the latest first.
    private func candidates(_ text: String) throws -> [(phoneSystem: String, pbxCall: String, row: Int64)] {
        func decisions(where column: String, is value: String) throws -> [Row] {
            let sql = """
                SELECT phone_system, pbx_call, id FROM history
                WHERE \(column) = ? AND kind = 'decision' AND pbx_call IS NOT NULL
                ORDER BY id DESC LIMIT \(Self.longest)
                """
            return try Row.fetchAll(database, sql: sql, arguments: [value])
        }
        var rows = try decisions(where: "call", is: text)
        if rows.isEmpty {
            rows = try decisions(where: "pbx_call", is: text)
            for digits in try digits(like: text) { rows += try decisions(where: "digits", is: digits) }
        }
        return rows.map { ($0[0] as String, $0[1] as String, $0[2] as Int64) }.sorted { $0.2 > $1.2 }
    }

    /// The numbers in the history that can be meant: those that end like the text, or that the text ends like.
    private func digits(like text: String) throws -> [String] {
        let separators: Set<Character> = ["+", "-", "/", ".", " ", "(", ")", "*", "#", "•"]
        let asked = NumberDigits.of(text)
        // The last digits of a number may begin with zeros, which count then.
        let last = text.filter { $0.isASCII && $0.isNumber }
        guard last.count >= 3, text.allSatisfy({ ($0.isASCII && $0.isNumber) || separators.contains($0) }) else {
            return []
        }
        var found: [String] = []
        let all = try String.fetchCursor(
            database, sql: "SELECT DISTINCT digits FROM history WHERE digits IS NOT NULL")
        while let digits = try all.next(), found.count < Self.longest {
            let isMeant =
                digits.hasSuffix(last) || (asked.count >= 3 && digits.hasSuffix(asked))
                || (digits.count >= 6 && asked.hasSuffix(digits))
            if isMeant { found.append(digits) }
        }
        return found
    }

    /// The row of the decision with which the call began that a row belongs to.
    private func start(of key: Key) throws -> Int64 {
        let sql = """
            SELECT max(id) FROM history WHERE pbx_call = ? AND phone_system = ? AND id <= ? AND kind = 'decision'
                AND json_extract(detail, '$.from') = 'unknown'
            """
        return try Int64.fetchOne(database, sql: sql, arguments: [key.pbxCall, key.phoneSystem, key.start]) ?? 0
    }

    // MARK: - One call

    private func history(_ key: Key, _ open: OutboxListing) throws -> CallHistory {
        let next = try Int64.fetchOne(
            database,
            sql: """
                SELECT min(id) FROM history WHERE pbx_call = ? AND phone_system = ? AND id > ? AND kind = 'decision'
                    AND json_extract(detail, '$.from') = 'unknown'
                """, arguments: [key.pbxCall, key.phoneSystem, key.start])
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT at, kind, detail FROM history WHERE pbx_call = ? AND phone_system = ? AND id >= ? AND id < ?
                ORDER BY id
                LIMIT \(Self.longest)
                """, arguments: [key.pbxCall, key.phoneSystem, key.start, next ?? .max])
        let seen = rows.compactMap(entry)
        let ids = CallHistory(pbxCallID: nil, entries: seen, open: []).callIDs
        return try history(PBXCallID(key.pbxCall), sightings: seen, callIDs: ids, open)
    }

    private func history(
        _ pbxCallID: PBXCallID?, sightings: [CallHistory.Entry], callIDs: [CallID], _ open: OutboxListing
    ) throws -> CallHistory {
        var entries = sightings
        for id in callIDs {
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT at, kind, detail FROM history WHERE call = ? AND pbx_call IS NULL ORDER BY id
                    LIMIT \(Self.longest)
                    """, arguments: [id.text])
            entries += rows.compactMap(entry)
        }
        let ordered = entries.enumerated().sorted { left, right in
            (left.element.at, left.element.rank, left.offset) < (right.element.at, right.element.rank, right.offset)
        }
        return CallHistory(
            pbxCallID: pbxCallID, entries: ordered.map(\.element),
            open: open.entries.filter { callIDs.contains($0.command.callID) },
            openTickets: open.tickets.filter { callIDs.contains($0.call.callID) })
    }

    /// A row that cannot be read is left out: history is for people.
    private func entry(_ row: Row) -> CallHistory.Entry? {
        let (at, kind, detail): (Int64, String, String) = (row[0], row[1], row[2])
        do {
            let fact: CallHistory.Fact =
                switch kind {
                case "sighting": .seen(try value(detail))
                case "decision": .decided(try value(detail))
                case "attempt": .attempted(try value(detail))
                default: .acted(try value(detail))
                }
            return CallHistory.Entry(at: Instant(milliseconds: at), fact: fact)
        } catch {
            return nil
        }
    }

    private func value<Value: Decodable>(_ detail: String) throws -> Value {
        try coding.value(Value.self, detail, table: "history", key: "")
    }
}
