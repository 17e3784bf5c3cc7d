import GRDB

extension Database {
    /// Several reads that see the same instant.
    func readingAtOnce<Value>(_ body: () throws -> Value) throws -> Value {
        var value: Value?
        try inTransaction(.deferred) {
            value = try body()
            return .commit
        }
        guard let value else { throw DatabaseError(resultCode: .SQLITE_INTERNAL) }
        return value
    }
}
