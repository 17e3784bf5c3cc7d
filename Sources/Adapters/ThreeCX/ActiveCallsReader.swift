import Domain
import Ports

/// Makes snapshots of lists of active calls, and knows the last list again without decoding it.
struct ActiveCallsReader: Sendable {
    /// Whether names from the PBX's lists are taken before those in the rows, which v20 writes `Doe, John`.
    private let prefersListedNames: Bool
    private var last: (content: [UInt8], dialPlan: DialPlan, calls: [ObservedCall])?

    init(prefersListedNames: Bool = false) {
        self.prefersListedNames = prefersListedNames
    }

    /// The calls of the last list, if this one is the same to the letter and was complete.
    func known(_ content: [UInt8], _ dialPlan: DialPlan) -> [ObservedCall]? {
        guard let last, last.content == content, last.dialPlan == dialPlan else { return nil }
        return last.calls
    }

    /// `content`: what `known` is to know again; `nil` for nothing. `place`: where the list comes from, for the log.
    mutating func snapshot(
        _ rows: [LossyElement<ActiveCallRow>], _ content: [UInt8]?, _ dialPlan: DialPlan, takenAt: Instant,
        place: String, notices: inout SaidOnce
    ) -> CallSnapshot {
        let readable = rows.compactMap(\.value)
        let unreadable = rows.count - readable.count
        if unreadable > 0 {
            notices.add(
                Notice(
                    .warning,
                    "\(place): \(unreadable) of \(rows.count) rows cannot be read; no call ends while it is so"))
        }
        for row in readable where !row.hasKnownStatus {
            notices.add(Notice(.info, "unknown call status \(row.status.prefix(40)); taken as still there"))
        }
        let snapshot = CallSnapshot(
            takenAt: takenAt, calls: readable.map { call($0, dialPlan) }, isComplete: unreadable == 0)
        last = content.flatMap { unreadable == 0 ? ($0, dialPlan, snapshot.calls) : nil }
        return snapshot
    }

    private func call(_ row: ActiveCallRow, _ dialPlan: DialPlan) -> ObservedCall {
        var call = row.observedCall(dialPlan)
        guard prefersListedNames else { return call }
        for index in call.legs.indices {
            call.legs[index].name = dialPlan.name(of: call.legs[index].dn) ?? call.legs[index].name
        }
        return call
    }
}
