import Domain
import GRDB
import Ports

/// What the operator asks of the daemon, as rows: put by another process, taken away by the step that deals with it.
enum JournalRequests {
    static func open(_ database: Database) throws -> [OperatorRequest] {
        let sql = "SELECT id, action, event FROM requests ORDER BY id LIMIT 1000"
        return try Row.fetchAll(database.cachedStatement(sql: sql)).map { row in
            let id: Int64 = row[0]
            guard let action = OperatorRequest.Action(rawValue: row[1]) else {
                throw UnreadableRow(table: "requests", key: "\(id)", reason: "unknown action")
            }
            return OperatorRequest(id: id, action: action, eventID: row[2])
        }
    }

    static func put(
        _ action: OperatorRequest.Action, _ event: OutboxEvent.ID, at now: Instant, _ database: Database
    ) throws -> OperatorRequest.ID {
        let sql = "INSERT INTO requests (at, action, event) VALUES (?, ?, ?)"
        try database.cachedStatement(sql: sql).execute(arguments: [now.milliseconds, action.rawValue, event])
        return database.lastInsertedRowID
    }

    static func remove(_ answered: [OperatorRequest.ID], _ database: Database) throws {
        for id in answered {
            try database.cachedStatement(sql: "DELETE FROM requests WHERE id = ?").execute(arguments: [id])
        }
    }
}
