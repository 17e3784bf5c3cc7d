/// The pure difference of two polls: what appeared, what changed and what vanished, each sorted by PBX call id.
package struct SnapshotDiff: Equatable, Sendable, Codable {
    package var appeared: [ObservedCall] = []
    /// As they are now.
    package var changed: [ObservedCall] = []
    package var vanished: [PBXCallID] = []
    /// As in the current poll.
    package var listsLegs = false
    /// As in the current poll.
    package var confirmedGone: [PBXCallID] = []

    package init() {}

    /// Compares in one pass over both polls; nothing vanishes by the silence of an incomplete poll.
    package init(from previous: CallSnapshot, to current: CallSnapshot) {
        listsLegs = current.listsLegs
        if current.isComplete { confirmedGone = current.confirmedGone }
        let (before, after) = (previous.calls, current.calls)
        var (left, right) = (0, 0)
        while left < before.count, right < after.count {
            if before[left].id == after[right].id {
                if before[left] != after[right] { changed.append(after[right]) }
                left += 1
                right += 1
            } else if before[left].id < after[right].id {
                vanished.append(before[left].id)
                left += 1
            } else {
                appeared.append(after[right])
                right += 1
            }
        }
        vanished += before[left...].map(\.id)
        appeared += after[right...]
        if !current.isComplete { vanished = [] }
    }

    package var isEmpty: Bool { appeared.isEmpty && changed.isEmpty && vanished.isEmpty }
}
