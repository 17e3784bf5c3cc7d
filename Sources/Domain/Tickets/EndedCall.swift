/// A call that is over, as the ticket about it tells it.
package struct EndedCall: Hashable, Sendable, Codable {
    package enum Outcome: String, CaseIterable, Sendable, Codable {
        case answered
        /// Nobody answered.
        case missed
        /// Voicemail took it, and no agent did.
        case voicemail
        /// Nobody answered, and it is not to be kept as a to-do.
        case abandoned
    }

    package var callID: CallID
    package var direction: CallCommand.Direction
    /// In the form for Zammad; `anonymous` for none.
    package var number: String
    /// The same in the form in which all writings of one number are equal; `nil` for none.
    package var digits: String?
    /// As the PBX shows it; `nil` where it shows none, or the number again.
    package var name: String?
    /// Who had the call in the end.
    package var agent: Station?
    package var queue: Station?
    package var outcome: Outcome
    package var startedAt: Instant
    package var endedAt: Instant
    /// The name of the Zammad that was told of it; `nil` for the only one.
    package var zammad: String?

    package init(
        callID: CallID, direction: CallCommand.Direction, number: String, digits: String? = nil, name: String? = nil,
        agent: Station? = nil, queue: Station? = nil, outcome: Outcome, startedAt: Instant, endedAt: Instant,
        zammad: String? = nil
    ) {
        self.callID = callID
        self.direction = direction
        self.number = number
        self.digits = digits
        self.name = name
        self.agent = agent
        self.queue = queue
        self.outcome = outcome
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.zammad = zammad
    }

    /// Whether somebody is to be called back.
    package var isMissed: Bool {
        direction == .inbound && (outcome == .missed || outcome == .voicemail)
    }
}
