package import Domain
package import Ports

/// A journal that lasts as long as the process.
package actor InMemoryJournal: Journal {
    private var state = SavedCore()
    private var requests: [OperatorRequest] = []
    private var lastRequest: Int64 = 0
    /// The latest entries, oldest first.
    package private(set) var entries: [JournalEntry] = []
    private let maximumEntries = 10_000

    package init() {}

    package func load() async throws(JournalFailure) -> SavedCore {
        state
    }

    package func commit(_ entry: JournalEntry) async throws(JournalFailure) {
        if !entry.change.isEmpty { state.apply(entry.change) }
        requests.removeAll { entry.answered.contains($0.id) }
        if entries.count >= maximumEntries { entries.removeFirst(maximumEntries / 2) }
        entries.append(entry)
    }

    package func openRequests() async throws(JournalFailure) -> [OperatorRequest] {
        requests
    }

    /// What another process would ask for.
    package func request(_ action: OperatorRequest.Action, _ eventID: OutboxEvent.ID) {
        lastRequest += 1
        requests.append(OperatorRequest(id: lastRequest, action: action, eventID: eventID))
    }
}
