import Domain
import Ports

/// The ends of answered calls, while events are followed: a call without legs is looked after at once and a moment later.
extension CallControlView {
    /// Whether a look tells that a call without legs is over: not while something is asked, or missing, that could show another leg.
    var canConfirm: Bool {
        settings.confirmsEnds && table.phase == .following && table.isSettled && !isFullLookWanted
    }

    /// Puts into the snapshot which answered calls are over for certain.
    ///
    /// - Returns: whether a call has lost its last leg.
    func noteEnds(in snapshot: inout CallSnapshot, at now: Instant) -> Bool {
        guard settings.confirmsEnds, snapshot.listsLegs, table.phase == .following else {
            lost.forget()
            return false
        }
        // What an incomplete look does not show may be there all the same.
        guard snapshot.isComplete else { return false }
        let hasLost = lost.shown(snapshot.calls, at: now)
        if canConfirm, let lastFullLook { snapshot.confirmedGone = lost.confirm(byLookBegunAt: lastFullLook) }
        return hasLost
    }
}
