import Domain

/// A call as it truly is, whether anybody looks or not. Times are milliseconds of the virtual clock.
struct SimulatedCall: Sendable {
    struct Stage: Sendable {
        var from: Int64
        /// What a poll shows; `nil` while the PBX lists no leg of the call although it goes on.
        var shown: ObservedCall?
    }

    var id: PBXCallID
    /// The national significant number; `nil` for an anonymous or internal call.
    var number: String?
    var isBlocked = false
    var start: Int64
    var end: Int64
    /// Sorted by time; the first begins at `start`.
    var stages: [Stage] = []

    mutating func take(id: PBXCallID) {
        self.id = id
        for index in stages.indices { stages[index].shown?.id = id }
    }

    func isLive(at now: Int64) -> Bool {
        start <= now && now < end
    }

    /// What a poll at this instant shows of the call.
    func shown(at now: Int64) -> ObservedCall? {
        guard isLive(at: now) else { return nil }
        return stages.last { $0.from <= now }?.shown
    }
}

/// The courses that calls take.
enum CallKind: String, CaseIterable, Sendable {
    case answered, missed, outboundAnswered, outboundUnanswered, ringGroup, queueAnswered, queueMissed, voicemail
    case takenBackFromVoicemail, blindTransfer, consultativeTransfer, internalCall, unmonitored, becomesMonitored
    case veryShort, menuThenQueue, directionShownLate
}
