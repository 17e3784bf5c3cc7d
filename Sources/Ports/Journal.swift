package import Domain

/// Keeps the core's state over restarts.
package protocol Journal: Sendable {
    /// The state of the last `commit`; `nil` if there is none.
    func load() async throws(JournalFailure) -> BridgeCore?

    /// Makes a change durable as a whole or not at all. When it returns, the change survives the end of the process.
    func commit(_ state: BridgeCore) async throws(JournalFailure)
}

/// Why the state could not be read or kept: what happened, where, and what to do.
package struct JournalFailure: Error, Hashable, Sendable, CustomStringConvertible {
    package var what: String
    package var place: String
    package var remedy: String

    package init(_ what: String, at place: String, remedy: String) {
        self.what = what
        self.place = place
        self.remedy = remedy
    }

    package var description: String { "\(what) at \(place); \(remedy)" }
}
