/// What one step has changed in the core: what a journal must keep before anything is done about it.
package struct CoreChange: Equatable, Sendable, Codable {
    /// Reported calls; `nil` for one that is over. Calls that are not reported are not kept: the next look shows them again.
    package var calls: [PBXCallID: CallState?] = [:]
    package var lanes: [CallID: OutboxLane?] = [:]
    /// Dead letters and unconfirmed events; `nil` for one that is no longer either.
    package var settled: [OutboxEvent.ID: SettledEvent?] = [:]
    package var account = OutboxAccount()
    package var lastID = 0

    package init() {}

    /// Adds what a later step has changed.
    package mutating func merge(_ later: CoreChange) {
        calls.merge(later.calls) { _, later in later }
        lanes.merge(later.lanes) { _, later in later }
        settled.merge(later.settled) { _, later in later }
        account = later.account
        lastID = later.lastID
    }

    /// Whether there is nothing to keep. Account and ids change only together with something else.
    package var isEmpty: Bool { calls.isEmpty && lanes.isEmpty && settled.isEmpty }
}

/// The core's state as it outlives the process.
package struct SavedCore: Equatable, Sendable, Codable {
    package var calls: [PBXCallID: CallState] = [:]
    package var lanes: [CallID: OutboxLane] = [:]
    package var settled: [OutboxEvent.ID: SettledEvent] = [:]
    package var account = OutboxAccount()
    package var lastID = 0

    package init() {}

    package mutating func apply(_ change: CoreChange) {
        for (id, state) in change.calls { calls[id] = state }
        for (id, lane) in change.lanes { lanes[id] = lane }
        for (id, event) in change.settled { settled[id] = event }
        account = change.account
        lastID = change.lastID
    }
}
