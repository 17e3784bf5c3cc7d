import Domain
import GRDB
import Ports

/// The core's state as rows.
enum JournalState {
    static func load(_ database: Database) throws -> SavedCore {
        let coding = JournalCoding()
        var state = SavedCore()
        func rows<Value: Decodable>(of table: String, as type: Value.Type, _ keep: (String, Value) -> Void) throws {
            let rows = try Row.fetchCursor(database, sql: "SELECT CAST(id AS TEXT), value FROM \(table)")
            while let row = try rows.next() {
                let key: String = row[0]
                keep(key, try coding.value(type, row[1], table: table, key: key))
            }
        }
        try rows(of: "calls", as: CallState.self) { state.calls[PBXCallID($0)] = $1 }
        try rows(of: "lanes", as: OutboxLane.self) { state.lanes[CallID(text: $0)] = $1 }
        try rows(of: "settled", as: SettledEvent.self) { _, event in state.settled[event.event.id] = event }
        let account = try meta("account", database)
        if let account {
            state.account = try coding.value(OutboxAccount.self, account, table: "meta", key: "account")
        }
        if let lastID = try meta("lastID", database) {
            state.lastID = try coding.value(Int.self, lastID, table: "meta", key: "lastID")
        }
        guard state.account.isClosed else {
            throw UnreadableRow(table: "meta", key: "account", reason: "the sum of the events does not match")
        }
        return state
    }

    static func apply(_ change: CoreChange, _ database: Database) throws {
        let coding = JournalCoding()
        for (id, state) in change.calls { try put("calls", id.text, state.map(coding.text), database) }
        for (id, lane) in change.lanes { try put("lanes", id.text, lane.map(coding.text), database) }
        for (id, event) in change.settled { try put("settled", id, event.map(coding.text), database) }
        try put("meta", key: "key", "account", coding.text(change.account), database)
        try put("meta", key: "key", "lastID", coding.text(change.lastID), database)
    }

    private static func put(
        _ table: String, key: String = "id", _ id: any DatabaseValueConvertible, _ value: String?, _ database: Database
    ) throws {
        guard let value else {
            return try database.cachedStatement(sql: "DELETE FROM \(table) WHERE \(key) = ?").execute(arguments: [id])
        }
        let sql = """
            INSERT INTO \(table) (\(key), value) VALUES (?, ?)
            ON CONFLICT (\(key)) DO UPDATE SET value = excluded.value
            """
        try database.cachedStatement(sql: sql).execute(arguments: [id, value])
    }

    private static func meta(_ key: String, _ database: Database) throws -> String? {
        try String.fetchOne(
            database.cachedStatement(sql: "SELECT value FROM meta WHERE key = ?"), arguments: [key])
    }
}
