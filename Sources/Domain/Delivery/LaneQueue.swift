/// A priority queue of calls: the first one is found at once, however many there are. Domain depends on no package, so
/// that it has its own.
///
/// A sorted array with the first one at its end. To put a call in, those that come before it are moved, at most 0.5 MB
/// for 10,000 calls, which takes less time than the journal takes to write that it was put in.
struct LaneQueue<Rank: Comparable & Sendable & Encodable>: Equatable, Sendable, Encodable {
    private struct Entry: Comparable, Sendable, Encodable {
        var rank: Rank
        var callID: CallID

        static func < (left: Self, right: Self) -> Bool {
            left.rank == right.rank ? left.callID < right.callID : left.rank < right.rank
        }
    }

    /// The first one at the end.
    private var entries: [Entry] = []
    private var ranks: [CallID: Rank] = [:]

    init() {}

    var isEmpty: Bool { entries.isEmpty }

    var first: (rank: Rank, callID: CallID)? { entries.last.map { ($0.rank, $0.callID) } }

    var last: (rank: Rank, callID: CallID)? { entries.first.map { ($0.rank, $0.callID) } }

    /// Puts a call in, or at another place.
    mutating func put(_ callID: CallID, at rank: Rank) {
        guard ranks[callID] != rank else { return }
        remove(callID)
        let entry = Entry(rank: rank, callID: callID)
        entries.insert(entry, at: place(of: entry))
        ranks[callID] = rank
    }

    /// Does nothing with a call that is not there.
    mutating func remove(_ callID: CallID) {
        guard let rank = ranks.removeValue(forKey: callID) else { return }
        entries.remove(at: place(of: Entry(rank: rank, callID: callID)))
    }

    mutating func popFirst() -> CallID? {
        guard let callID = entries.popLast()?.callID else { return nil }
        ranks[callID] = nil
        return callID
    }

    /// The index of an entry, or the one that it would have.
    private func place(of entry: Entry) -> Int { entries.partitioningIndex { $0 <= entry } }
}

extension RandomAccessCollection where Index == Int {
    /// The first index whose element fulfils a condition which all that come after it fulfil too; the end if none does.
    /// A binary search.
    package func partitioningIndex(where isInSecondPart: (Element) -> Bool) -> Int {
        var range = startIndex..<endIndex
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            if isInSecondPart(self[middle]) {
                range = range.lowerBound..<middle
            } else {
                range = middle + 1..<range.upperBound
            }
        }
        return range.lowerBound
    }
}

/// Which of the calls that have something to send comes first.
struct ReadyRank: Comparable, Sendable, Encodable {
    /// While Zammad is in trouble, of this call: whoever has failed least often probes.
    var failures: Int
    /// A call that goes on is told before all that are over.
    var isOver: Bool
    /// When the call began: the oldest first.
    var at: Instant

    static func < (left: Self, right: Self) -> Bool {
        (left.failures, left.isOver ? 1 : 0, left.at) < (right.failures, right.isOver ? 1 : 0, right.at)
    }
}
