/// The pure difference of two looks: what appeared, what changed and what vanished, each sorted by PBX call id.
package struct SnapshotDiff: Equatable, Sendable, Codable {
    package var appeared: [ObservedCall] = []
    /// As they are now.
    package var changed: [ObservedCall] = []
    package var vanished: [PBXCallID] = []
    /// As in the current look.
    package var listsLegs = false

    package init() {}

    /// Compares in one pass over both looks; nothing vanishes by the silence of an incomplete look.
    package init(from previous: CallSnapshot, to current: CallSnapshot) {
        listsLegs = current.listsLegs
        let (before, after) = (previous.calls, current.calls)
        // An answer that has not changed gives the very same list again.
        guard !before.isSameStorage(as: after) else { return }
        var (left, right) = (0, 0)
        while left < before.count, right < after.count {
            if before[left].id == after[right].id {
                if !before.shows(at: left, whatIsAt: right, in: after) { changed.append(after[right]) }
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

extension [ObservedCall] {
    fileprivate func isSameStorage(as other: Self) -> Bool {
        count == other.count
            && withUnsafeBufferPointer { own in other.withUnsafeBufferPointer { own.baseAddress == $0.baseAddress } }
    }

    /// Whether two calls of the same id are equal. Field by field, where they are: handing both over to be compared copies them, which
    /// takes as long again.
    fileprivate func shows(at index: Int, whatIsAt position: Int, in other: Self) -> Bool {
        self[index].direction == other[position].direction
            && self[index].directionIsGuess == other[position].directionIsGuess
            && self[index].external == other[position].external
            && self[index].trunk == other[position].trunk
            && self[index].did == other[position].did
            && self[index].legs == other[position].legs
    }
}
