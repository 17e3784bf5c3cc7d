import GRDB

/// The tables, and how those of earlier versions become those of this one.
struct JournalSchema: Sendable {
    struct Step: Sendable {
        var name: String
        var change: @Sendable (Database) throws -> Void
    }

    /// Written into the file's header, so that nobody takes it for another program's: "3CXZ".
    static let applicationID: Int32 = 0x3343_585A

    /// Released steps never change. The schema's version is the number of steps made.
    var steps: [Step]

    static let current = JournalSchema(steps: [
        Step(name: "calls, lanes, requests, history", change: createTables),
        Step(name: "numbers in the history", change: addNumbers),
        Step(name: "several phone systems and Zammads", change: addNames),
        Step(name: "tickets", change: addTickets),
        Step(name: "default names", change: fillNames),
    ])

    var version: Int { steps.count }

    func migrator() -> DatabaseMigrator {
        var migrator = DatabaseMigrator()
        for (index, step) in steps.enumerated() {
            migrator.registerMigration("\(index + 1): \(step.name)") { database in
                try step.change(database)
                try database.execute(sql: "PRAGMA user_version = \(index + 1)")
            }
        }
        return migrator
    }

    /// Values are JSON: they are read and written whole, by key. History is for people, by call or by time.
    @Sendable private static func createTables(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
                CREATE TABLE calls (id TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
                CREATE TABLE lanes (id TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
                CREATE TABLE settled (id INTEGER PRIMARY KEY, value TEXT NOT NULL);
                CREATE TABLE requests (
                    id INTEGER PRIMARY KEY AUTOINCREMENT,
                    at INTEGER NOT NULL,
                    action TEXT NOT NULL,
                    event INTEGER NOT NULL
                );
                CREATE TABLE history (
                    id INTEGER PRIMARY KEY,
                    at INTEGER NOT NULL,
                    pbx_call TEXT,
                    call TEXT,
                    kind TEXT NOT NULL,
                    detail TEXT NOT NULL
                );
                CREATE INDEX history_by_time ON history (at);
                CREATE INDEX history_by_call ON history (call) WHERE call IS NOT NULL;
                CREATE INDEX history_by_pbx_call ON history (pbx_call) WHERE pbx_call IS NOT NULL;
                """)
    }

    /// Calls by phone system and id, an account for each Zammad; what was there is of the one that has no name.
    @Sendable private static func addNames(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE calls_by_phone_system (
                    phone_system TEXT NOT NULL,
                    id TEXT NOT NULL,
                    value TEXT NOT NULL,
                    PRIMARY KEY (phone_system, id)
                ) WITHOUT ROWID;
                INSERT INTO calls_by_phone_system SELECT '', id, value FROM calls;
                DROP TABLE calls;
                ALTER TABLE calls_by_phone_system RENAME TO calls;
                CREATE TABLE accounts (id TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
                INSERT INTO accounts SELECT '', value FROM meta WHERE key = 'account';
                DELETE FROM meta WHERE key = 'account';
                ALTER TABLE history ADD COLUMN phone_system TEXT NOT NULL DEFAULT '';
                """)
    }

    /// What has no name gets the default one. A row of the history that is of no call of a phone system stays without.
    @Sendable private static func fillNames(_ database: Database) throws {
        try database.execute(
            sql: """
                UPDATE calls SET phone_system = '(default)' WHERE phone_system = '';
                UPDATE accounts SET id = '(default)' WHERE id = '';
                UPDATE history SET phone_system = '(default)' WHERE phone_system = '' AND pbx_call IS NOT NULL;
                """)
    }

    @Sendable private static func addTickets(_ database: Database) throws {
        try database.execute(sql: "CREATE TABLE tickets (id INTEGER PRIMARY KEY, value TEXT NOT NULL)")
    }

    /// `digits` of the external number, so that `explain` finds calls by it; a row has them where its call first shows
    /// a number.
    @Sendable private static func addNumbers(_ database: Database) throws {
        try database.execute(
            sql: """
                ALTER TABLE history ADD COLUMN digits TEXT;
                CREATE INDEX history_by_digits ON history (digits) WHERE digits IS NOT NULL;
                """)
        let rows = try Row.fetchCursor(
            database,
            sql: "SELECT id, json_extract(detail, '$.externalNumber') FROM history WHERE kind = 'decision'")
        let update = try database.makeStatement(sql: "UPDATE history SET digits = ? WHERE id = ?")
        while let row = try rows.next() {
            let (id, number): (Int64, String?) = (row[0], row[1])
            if let number { try update.execute(arguments: [NumberDigits.of(number), id]) }
        }
    }
}
