/// Rows that cannot be read, poll after poll: at first they hold every call, since any could be theirs, and in the end
/// their own alone.
///
/// Which call is theirs the rows do not say. It is one of those that went out of sight when a row became unreadable;
/// what goes later has been seen beside that row, and has ended.
package struct UnreadableRows: Equatable, Sendable, Encodable {
    /// How long a row holds all calls.
    package static let patience: Duration = .seconds(30)

    /// For each row since when there are so many, in the order of time.
    private var since: [Instant] = []
    /// Calls of which one may be that of an unreadable row.
    package private(set) var held: Set<PBXCallID> = []
    /// What the last poll showed.
    private var shown: Set<PBXCallID> = []

    /// Nobody could look: which rows are unreadable next is not known to be the same.
    mutating func pollFailed() { since = [] }

    /// A poll as the core may take it: complete but for the calls of unreadable rows, if these have been there for
    /// long.
    ///
    /// - Parameters:
    ///   - before: The last poll, completed.
    ///   - notYetSeen: Calls that are known and were not in any poll yet.
    mutating func settle(
        _ poll: CallSnapshot, after before: CallSnapshot, notYetSeen: Set<PBXCallID>, at now: Instant
    ) -> CallSnapshot {
        let shownBefore = shown
        shown = Set(poll.calls.map(\.id))
        guard !poll.isComplete else {
            (since, held) = ([], [])
            return poll
        }
        let count = max(1, poll.unreadableRows)
        if count > since.count {
            since += Array(repeating: now, count: count - since.count)
            held.formUnion(shownBefore.union(notYetSeen))
        } else {
            // Which of them has gone nobody knows: the latest stay.
            since.removeFirst(since.count - count)
        }
        held.subtract(shown)
        guard let latest = since.last, now - latest >= Self.patience else { return poll.carryingOver(before) }
        let own = before.calls.filter { held.contains($0.id) }
        return CallSnapshot(takenAt: poll.takenAt, calls: poll.calls + own, listsLegs: poll.listsLegs)
    }
}
