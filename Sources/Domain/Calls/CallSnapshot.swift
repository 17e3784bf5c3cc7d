/// What a source saw at one instant. Only a successful poll of the PBX gives a snapshot.
package struct CallSnapshot: Equatable, Sendable, Codable {
    /// What it shows is no older than this.
    package var takenAt: Instant
    /// One entry per PBX call id, sorted by it.
    package private(set) var calls: [ObservedCall]
    /// `false` if single rows of the answer could not be read: what is shown is used, but nothing ends by its silence.
    package var isComplete: Bool
    /// How many, where that is known.
    package var unreadableRows = 0
    /// Whether the source lists the legs of calls (call control) and not whole calls: legs come and go within one call.
    package var listsLegs: Bool
    /// Calls that are over for certain although legs are listed: for them there is no grace.
    package var confirmedGone: [PBXCallID] = []

    /// Rows with the same id are merged into one call.
    package init(takenAt: Instant, calls: [ObservedCall], isComplete: Bool = true, listsLegs: Bool = false) {
        self.takenAt = takenAt
        self.isComplete = isComplete
        self.listsLegs = listsLegs
        self.calls = Self.unique(calls)
    }

    /// This poll completed from the one before: a call that an incomplete poll does not show is taken to be as it was.
    package func carryingOver(_ previous: CallSnapshot) -> CallSnapshot {
        guard !isComplete else { return self }
        let seen = Set(calls.map(\.id))
        let unseen = previous.calls.filter { !seen.contains($0.id) }
        return CallSnapshot(takenAt: takenAt, calls: calls + unseen, isComplete: false, listsLegs: listsLegs)
    }

    private static func unique(_ calls: [ObservedCall]) -> [ObservedCall] {
        var isStrictlySorted = true
        for index in calls.indices.dropFirst() where !(calls[index - 1].id < calls[index].id) {
            isStrictlySorted = false
            break
        }
        if isStrictlySorted { return calls }
        var merged: [ObservedCall] = []
        var position: [PBXCallID: Int] = [:]
        for call in calls {
            if let index = position[call.id] {
                merged[index] = merged[index].merging(call)
            } else {
                position[call.id] = merged.count
                merged.append(call)
            }
        }
        return merged.sorted { $0.id < $1.id }
    }
}
