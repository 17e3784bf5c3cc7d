/// A command on its way to Zammad.
package struct OutboxEvent: Equatable, Sendable, Codable {
    /// Grows by one with every event that the queue takes.
    package typealias ID = Int

    package var id: ID
    package var command: CallCommand
    package var attempts = 0
    /// How often Zammad has refused this very event.
    package var refusals = 0
    /// How often Zammad has failed at it for a reason of its own.
    package var faults = 0
    /// How often Zammad had lost the call and was told of it again before this event.
    package var restorations = 0
}

/// One request under way.
package struct DeliveryAttempt: Equatable, Sendable, Codable {
    package typealias ID = Int

    /// Why the request is made.
    package enum Purpose: String, Sendable, Codable {
        case deliver
        /// A `newCall` of the same id, to learn whether Zammad knows the call.
        case probe
        /// The answer is sent again because Zammad had lost the call.
        case replayAnswer
        /// Nothing is sent: Zammad's caller log tells whether it has the hangup.
        case lookUp
    }

    package var id: ID
    package var eventID: OutboxEvent.ID
    package var purpose: Purpose
    package var command: CallCommand
}

/// An event that left its lane without having been delivered for certain; the operator may send it again or drop it.
package struct SetAsideEvent: Equatable, Sendable, Encodable {
    package enum Outcome: String, CaseIterable, Sendable, Codable {
        /// Zammad refuses it, or it grew too old.
        case deadLetter
        /// The hangup of an unanswered inbound call that may or may not have arrived.
        case unconfirmed
    }

    package var event: OutboxEvent
    package var outcome: Outcome
    package var reason: String
    package var at: Instant
    /// What the lane of the call knew, so that it can be made anew.
    package var opening: CallCommand
    package var deliveredAnswer: CallCommand?
    package var isRejected: Bool

    package init(
        event: OutboxEvent, outcome: Outcome, reason: String, at: Instant, opening: CallCommand,
        deliveredAnswer: CallCommand?, isRejected: Bool
    ) {
        self.event = event
        self.outcome = outcome
        self.reason = reason
        self.at = at
        self.opening = opening
        self.deliveredAnswer = deliveredAnswer
        self.isRejected = isRejected
    }
}

/// Where every event that the queue ever took has gone. `taken` is always the sum of the others.
package struct EventAccount: Equatable, Sendable, Codable {
    package var taken = 0
    package var delivered = 0
    package var pending = 0
    package var deadLetters = 0
    package var unconfirmed = 0
    /// Given up for good, by reason.
    package var dropped: [String: Int] = [:]

    package init() {}

    /// The account with what is really there: an event that a damaged journal has lost is named instead of being
    /// counted as pending.
    func reconciled(with saved: SavedCore) -> EventAccount {
        var account = self
        account.pending = saved.lanes.values.reduce(0) { $0 + $1.events.count }
        account.deadLetters = saved.setAside.values.count { $0.outcome == .deadLetter }
        account.unconfirmed = saved.setAside.values.count { $0.outcome == .unconfirmed }
        let owed = account.taken - account.delivered - dropped.values.reduce(0, +)
        let lost = owed - account.pending - account.deadLetters - account.unconfirmed
        if lost > 0 { account.dropped["lost from the journal", default: 0] += lost }
        if lost < 0 { account.taken -= lost }
        return account
    }

    /// Of both together.
    package static func + (left: EventAccount, right: EventAccount) -> EventAccount {
        var sum = left
        sum.taken += right.taken
        sum.delivered += right.delivered
        sum.pending += right.pending
        sum.deadLetters += right.deadLetters
        sum.unconfirmed += right.unconfirmed
        sum.dropped.merge(right.dropped, uniquingKeysWith: +)
        return sum
    }

    package var addsUp: Bool {
        taken == delivered + pending + deadLetters + unconfirmed + dropped.values.reduce(0, +)
    }
}
