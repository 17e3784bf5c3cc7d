import Domain
import Ports

/// What the history keeps beside the decisions: little, since every row is written to the disk.
enum HistoryNotes {
    /// What a look changed of calls that are reported, and of those that it led to a decision about. Of a call that is ignored only
    /// the look is kept for which it is, so that a busy PBX with many internal calls costs two rows for each of them.
    static func sightings(
        from before: CallSnapshot?, to after: CallSnapshot, decisions: [CallDecision], of system: BridgeCore.PhoneSystem
    ) -> [CallSighting] {
        let diff = SnapshotDiff(from: before ?? CallSnapshot(takenAt: after.takenAt, calls: []), to: after)
        guard !diff.appeared.isEmpty || !diff.changed.isEmpty else { return [] }
        let decided = Set(decisions.map(\.pbxCallID))
        return (diff.appeared + diff.changed)
            .filter { system.lifecycle.calls[$0.id]?.reported != nil || decided.contains($0.id) }
            .map { CallSighting(at: after.takenAt, call: $0, phoneSystem: system.name) }
    }

    /// Whether no action tells of this request: it was made for a repair, or a repair follows it.
    static func isWorthKeeping(_ attempt: DeliveryAttempt, actions: [OutboxAction]) -> Bool {
        guard attempt.purpose == .deliver else { return true }
        return !actions.contains { action in
            switch action {
            case .delivered(let event, _), .postponed(let event, _), .deadLettered(let event, _),
                .unconfirmed(let event, _), .dropped(let event):
                event.id == attempt.eventID
            case .attempt, .healthChanged, .dropCall, .ticket: false
            }
        }
    }
}
