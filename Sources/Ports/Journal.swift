package import Domain

/// Keeps the core's state over restarts, crashes and the loss of power.
package protocol Journal: Sendable {
    /// What earlier processes left; an empty state if there is nothing yet.
    func load() async throws(JournalFailure) -> SavedCore

    /// Makes an entry durable as a whole or not at all. When it returns, the entry survives the loss of power.
    ///
    /// A failure is final: whoever called must not act on what has not been kept, and must stop.
    func commit(_ entry: JournalEntry) async throws(JournalFailure)

    /// What the operator has asked for and no entry has answered yet, oldest first.
    func openRequests() async throws(JournalFailure) -> [OperatorRequest]
}

/// One step of the core.
package struct JournalEntry: Equatable, Sendable {
    package var at: Instant
    package var change: CoreChange
    /// For the history of each call.
    package var news: [News]
    /// Requests that this step deals with.
    package var answered: [OperatorRequest.ID]

    package init(
        at: Instant, change: CoreChange, news: [News] = [], answered: [OperatorRequest.ID] = []
    ) {
        self.at = at
        self.change = change
        self.news = news
        self.answered = answered
    }

    /// Whether there is nothing in it that must be kept.
    package var isEmpty: Bool {
        change.isEmpty && news.isEmpty && answered.isEmpty
    }
}

/// Something that the operator wants done with an event, given to the journal by another process.
package struct OperatorRequest: Hashable, Sendable, Identifiable {
    package enum Action: String, CaseIterable, Sendable {
        case retry
        case drop
    }

    package var id: Int64
    package var action: Action
    package var eventID: OutboxEvent.ID

    package init(id: Int64, action: Action, eventID: OutboxEvent.ID) {
        self.id = id
        self.action = action
        self.eventID = eventID
    }
}

/// Why the state could not be read or kept: what happened, where, and what to do.
package struct JournalFailure: Error, Hashable, Sendable, CustomStringConvertible {
    package var what: String
    /// Path of the file or directory.
    package var place: String
    package var remedy: String

    package init(_ what: String, at place: String, remedy: String) {
        self.what = what
        self.place = place
        self.remedy = remedy
    }

    package var description: String { "\(what) at \(place); \(remedy)" }
}
