/// Calls of which somebody was talking when their last leg went, until it is certain whether they are over.
///
/// That no leg is left may be the end of a call or the moment between two legs of a transfer. The one is told from the
/// other by polls of the whole PBX: one at once, in case an event is missing, and one a moment later. A call that was
/// last seen waiting or ringing is none of them: between two waves of a queue it is without legs for longer than that.
package struct LostConversations: Equatable, Sendable, Codable {
    /// A poll that begins so long after the last leg went, and does not show the call, confirms that it is over: from
    /// leg to leg of a transfer 3CX takes some 10 to 100 ms.
    package static let confirmedAfter: Duration = .milliseconds(300)

    private var talking: Set<PBXCallID> = []
    /// Since when they are without legs.
    private var lost: [PBXCallID: Instant] = [:]

    package init() {}

    /// Whether nothing is to be confirmed.
    package var isEmpty: Bool { lost.isEmpty }

    /// What the PBX looks like now, as far as it lists legs.
    ///
    /// - Returns: whether a call has lost its last leg by it.
    package mutating func shown(_ calls: [ObservedCall], at now: Instant) -> Bool {
        if !lost.isEmpty { for call in calls { lost[call.id] = nil } }
        let before = talking
        talking = Set(calls.lazy.filter(\.isConversation).map(\.id))
        let gone = before.subtracting(talking)
        guard !gone.isEmpty else { return false }
        let shown = Set(calls.lazy.map(\.id))
        let newly = gone.subtracting(shown)
        for id in newly { lost[id] = now }
        return !newly.isEmpty
    }

    /// Whether a poll that began then confirms anything.
    package func areConfirmed(byPollBegunAt start: Instant) -> Bool {
        lost.values.contains { $0 + Self.confirmedAfter <= start }
    }

    /// The calls that are over, since neither the poll that began then nor what was told since shows them; they are
    /// forgotten.
    package mutating func confirm(byPollBegunAt start: Instant) -> [PBXCallID] {
        let over = lost.filter { $0.value + Self.confirmedAfter <= start }.keys.sorted()
        for id in over { lost[id] = nil }
        return over
    }

    /// What comes next cannot be compared with what was shown before.
    package mutating func forget() {
        self = LostConversations()
    }
}

extension ObservedCall {
    fileprivate var isConversation: Bool {
        legs.contains { $0.role == .agent && $0.state == .connected }
    }
}
