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
    package var decisions: [CallDecision]
    package var actions: [OutboxAction]
    /// What looks showed of calls that are reported, or were decided on, where it has changed. For the history alone.
    package var sightings: [CallSighting]
    /// Requests that ended without an action that tells of it, or that were made for a repair. For the history alone.
    package var attempts: [FinishedAttempt]
    /// Requests that this step deals with.
    package var answered: [OperatorRequest.ID]

    package init(
        at: Instant,
        change: CoreChange,
        decisions: [CallDecision] = [],
        actions: [OutboxAction] = [],
        sightings: [CallSighting] = [],
        attempts: [FinishedAttempt] = [],
        answered: [OperatorRequest.ID] = []
    ) {
        self.at = at
        self.change = change
        self.decisions = decisions
        self.actions = actions
        self.sightings = sightings
        self.attempts = attempts
        self.answered = answered
    }

    /// Whether there is nothing in it that must be kept.
    package var isEmpty: Bool {
        change.isEmpty && decisions.isEmpty && actions.isEmpty && sightings.isEmpty && attempts.isEmpty
            && answered.isEmpty
    }
}

/// What one look showed of one call.
package struct CallSighting: Equatable, Sendable, Codable {
    /// When the look was taken.
    package var at: Instant
    package var call: ObservedCall
    /// Its name; empty for the only one.
    package var phoneSystem: String

    package init(at: Instant, call: ObservedCall, phoneSystem: String = "") {
        self.at = at
        self.call = call
        self.phoneSystem = phoneSystem
    }
}

/// One request to Zammad and what came of it.
package struct FinishedAttempt: Equatable, Sendable, Codable {
    package var attempt: DeliveryAttempt
    package var outcome: DeliveryOutcome

    package init(attempt: DeliveryAttempt, outcome: DeliveryOutcome) {
        self.attempt = attempt
        self.outcome = outcome
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
