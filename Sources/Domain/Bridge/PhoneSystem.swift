/// One phone system and its calls.
package struct PhoneSystem: Equatable, Sendable, Encodable {
    package internal(set) var lifecycle: CallLifecycle
    /// The last poll, completed from those before it where it was incomplete; `nil` before the first.
    package private(set) var view: CallSnapshot?
    /// Calls of an earlier process that the first poll has not judged yet.
    private var notYetSeen: Set<PBXCallID> = []
    private var unreadable = UnreadableRows()

    /// What came of one input.
    struct Output: Equatable {
        var decisions: [CallDecision] = []
        /// Calls that Zammad is told the end of.
        var ended: [EndedCall] = []
        var sightings: [CallSighting] = []

        static func += (left: inout Output, right: Output) {
            left.decisions += right.decisions
            left.ended += right.ended
            left.sightings += right.sightings
        }
    }

    package var name: PhoneSystemName { lifecycle.settings.name }

    init(settings: CallLifecycle.Settings) {
        lifecycle = CallLifecycle(settings: settings)
    }

    /// Goes on with the calls of an earlier process.
    init(settings: CallLifecycle.Settings, resuming calls: [PBXCallID: CallState], at now: Instant) {
        lifecycle = CallLifecycle(settings: settings, resuming: calls, at: now)
        notYetSeen = Set(calls.keys)
    }

    // MARK: - Inputs

    mutating func polled(_ snapshot: CallSnapshot, at now: Instant) -> Output {
        let before = view ?? CallSnapshot(takenAt: snapshot.takenAt, calls: [])
        let after = unreadable.settle(snapshot, after: before, notYetSeen: notYetSeen, at: now)
        view = after
        var diff = SnapshotDiff(from: before, to: after)
        let shown = diff.appeared + diff.changed
        // What an earlier process knew is compared with the first poll that shows all.
        if after.isComplete, !notYetSeen.isEmpty {
            let unseen = notYetSeen.subtracting(after.calls.map(\.id))
            let held = unseen.intersection(unreadable.held)
            diff.vanished += unseen.subtracting(held).sorted()
            notYetSeen = held
        }
        var output = handle(after.isComplete ? .viewRestored : .viewLost, at: now)
        output += handle(.observed(diff), at: now)
        guard !shown.isEmpty else { return output }
        let decided = Set(output.decisions.map(\.pbxCallID))
        output.sightings = shown.filter { lifecycle.calls[$0.id]?.reported != nil || decided.contains($0.id) }
            .map { CallSighting(at: after.takenAt, call: $0, phoneSystem: name) }
        return output
    }

    mutating func pollFailed(at now: Instant) -> Output {
        unreadable.pollFailed()
        return handle(.viewLost, at: now)
    }

    mutating func timePassed(at now: Instant) -> Output { handle(.timePassed, at: now) }

    /// Ends all calls, since the phone system is no longer polled: they must not stay open in Zammad for ever.
    mutating func abandon(at now: Instant) -> Output {
        var decisions = lifecycle.abandon(at: now)
        for index in decisions.indices {
            decisions[index].reason = "its phone system is no longer in the configuration"
        }
        return Output(decisions: decisions, ended: lifecycle.takeEnded())
    }

    private mutating func handle(_ input: CallLifecycle.Input, at now: Instant) -> Output {
        Output(decisions: lifecycle.handle(input, at: now), ended: lifecycle.takeEnded())
    }

    /// What has changed since the last time.
    mutating func takeChanges(into change: inout CoreChange) {
        for (id, state) in lifecycle.takeChanges() { change.calls.updateValue(state, forKey: CallKey(id, of: name)) }
    }
}
