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
        /// Nobody answered, and Zammad blocks the caller.
        case blocked
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
    /// The Zammad that was told of it.
    package var zammad: ZammadName

    package init(
        callID: CallID, direction: CallCommand.Direction, number: String, digits: String? = nil, name: String? = nil,
        agent: Station? = nil, queue: Station? = nil, outcome: Outcome, startedAt: Instant, endedAt: Instant,
        zammad: ZammadName = .default
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

extension EndedCall {
    /// `hangup`: what Zammad is told of the end.
    init(_ reported: ReportedCall, _ phase: CallPhase, _ hangup: CallCommand, _ numbers: NumberPlan) {
        var agent: Station?
        let outcome: Outcome
        switch phase {
        case .answered(let by):
            agent = by
            outcome = .answered
        case .voicemail: outcome = .voicemail
        case .ringing: outcome = hangup.cause?.keepsToDo == false ? .abandoned : .missed
        }
        // Where 3CX knows no name, it shows the number as one.
        let name = reported.externalName.flatMap { NumberPlan.compact($0) == nil ? $0 : nil }
        self.init(
            callID: reported.callID, direction: reported.direction,
            number: hangup.direction == .inbound ? hangup.from : hangup.to,
            digits: reported.externalNumber.flatMap(numbers.comparable), name: name, agent: agent,
            queue: reported.queue, outcome: outcome, startedAt: reported.firstSeen, endedAt: hangup.at,
            zammad: reported.zammad)
    }
}
