import Domain
import GRDB
import Ports

/// The core's state as rows.
enum JournalState {
    static func load(_ database: Database) throws -> SavedCore {
        let coding = JournalCoding()
        var state = SavedCore()
        func rows<Value: Decodable>(of table: String, as type: Value.Type, _ keep: (String, Value) throws -> Void)
            throws
        {
            let rows = try Row.fetchCursor(database, sql: "SELECT CAST(id AS TEXT), value FROM \(table)")
            while let row = try rows.next() {
                let key: String = row[0]
                try keep(key, try coding.value(type, row[1], table: table, key: key))
            }
        }
        let calls = try Row.fetchCursor(database, sql: "SELECT phone_system, id, value FROM calls")
        while let row = try calls.next() {
            let id: String = row[1]
            let key = CallKey(PBXCallID(id), of: try name(row[0], table: "calls"))
            state.calls[key] = try coding.value(CallRow.self, row[2], table: "calls", key: id).state
        }
        try rows(of: "lanes", as: LaneRow.self) { state.lanes[CallID(text: $0)] = $1.lane }
        try rows(of: "settled", as: SettledRow.self) { state.setAside[$1.event.id] = $1.setAside }
        try rows(of: "accounts", as: EventAccount.self) { state.accounts[try name($0, table: "accounts")] = $1 }
        try rows(of: "tickets", as: TicketJobRow.self) { state.tickets[$1.id] = $1.job }
        if let lastID = try meta("lastID", database) {
            state.lastID = try coding.value(Int.self, lastID, table: "meta", key: "lastID")
        }
        if let (zammad, _) = state.accounts.first(where: { !$0.value.addsUp }) {
            throw UnreadableRow(table: "accounts", key: zammad.text, reason: "the sum of the events does not match")
        }
        return state
    }

    private static func name<Peer>(_ text: String, table: String) throws -> PeerName<Peer> {
        guard let name = PeerName<Peer>(text) else {
            throw UnreadableRow(table: table, key: text, reason: "the name is empty")
        }
        return name
    }

    static func apply(_ change: CoreChange, _ database: Database) throws {
        let coding = JournalCoding()
        for (key, state) in change.calls { try put(key, state.flatMap(CallRow.init).map(coding.text), database) }
        for (id, lane) in change.lanes { try put("lanes", id.text, lane.map(LaneRow.init).map(coding.text), database) }
        for (id, event) in change.setAside {
            try put("settled", id, event.map(SettledRow.init).map(coding.text), database)
        }
        for (zammad, account) in change.accounts {
            try put("accounts", zammad.text, account.map(coding.text), database)
        }
        for (id, job) in change.tickets {
            try put("tickets", id, job.map(TicketJobRow.init).map(coding.text), database)
        }
        try put("meta", key: "key", "lastID", coding.text(change.lastID), database)
    }

    private static func put(_ call: CallKey, _ value: String?, _ database: Database) throws {
        guard let value else {
            let sql = "DELETE FROM calls WHERE phone_system = ? AND id = ?"
            return try database.cachedStatement(sql: sql).execute(arguments: [call.phoneSystem.text, call.id.text])
        }
        let sql = """
            INSERT INTO calls (phone_system, id, value) VALUES (?, ?, ?)
            ON CONFLICT (phone_system, id) DO UPDATE SET value = excluded.value
            """
        try database.cachedStatement(sql: sql).execute(arguments: [call.phoneSystem.text, call.id.text, value])
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
