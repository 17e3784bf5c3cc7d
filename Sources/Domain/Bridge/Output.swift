/// What came of one input.
package struct Output: Equatable, Sendable {
    /// To be done, once the change is kept.
    package var effects: [Effect] = []
    /// To be known: the log, the history and the status page take the same.
    package var news: [News] = []
    /// To be kept before any effect is begun.
    package var change = CoreChange()

    package init(effects: [Effect] = [], news: [News] = []) {
        self.effects = effects
        self.news = news
    }

    package var decisions: [CallDecision] {
        news.compactMap { if case .decided(let decision) = $0 { decision } else { nil } }
    }

    /// What comes later comes after; changes are of the whole core, and come last.
    static func += (left: inout Output, right: Output) {
        left.effects += right.effects
        left.news += right.news
    }
}

/// Something that the shell is to do.
package enum Effect: Equatable, Sendable {
    /// A request to the Zammad of that name: an event, or a question about one.
    case request(DeliveryAttempt, to: ZammadName)
    /// A request on the way to a ticket.
    case ticketStep(TicketAttempt, in: ZammadName)
    /// Zammad blocks the caller, whose call is to be ended in the PBX: at most once, whatever comes of it.
    case endCall(CallDrop)
}

/// Something that has happened. The names of the cases stand in the history.
package enum News: Equatable, Sendable, Codable {
    case decided(CallDecision)
    case sighted(CallSighting)
    /// A request that ended without other news of its event, or that was made for a repair.
    case attempted(FinishedAttempt)
    case delivered(OutboxEvent, DeliveryOutcome)
    /// An attempt failed; the event waits for its next one.
    case postponed(OutboxEvent, DeliveryOutcome)
    case deadLettered(OutboxEvent, reason: String)
    /// The hangup of an unanswered inbound call may or may not have arrived, and must not be sent twice.
    case unconfirmed(OutboxEvent, reason: String)
    /// By the operator.
    case dropped(OutboxEvent)
    case healthChanged(ZammadHealth, of: ZammadName = .default)
    /// The PBX is asked to end the call of a caller whom Zammad blocks.
    case dropCall(CallDrop)
    case ticket(TicketNews)
    /// A reported call is over. The history has it from the decision.
    case callEnded(EndedCall)

    /// Whether nobody else needs to hear of it.
    package var isForHistoryAlone: Bool {
        switch self {
        case .sighted, .attempted: true
        case .decided, .delivered, .postponed, .deadLettered, .unconfirmed, .dropped, .healthChanged, .dropCall,
            .ticket, .callEnded:
            false
        }
    }
}

/// What one poll showed of a call that is reported, or was decided on, where it has changed. Of a call that is
/// ignored only the poll is told for which it is, so that a busy PBX with many internal calls costs two rows of the
/// history for each of them.
package struct CallSighting: Equatable, Sendable, Codable {
    /// When the poll was taken.
    package var at: Instant
    package var call: ObservedCall
    package var phoneSystem: PhoneSystemName

    package init(at: Instant, call: ObservedCall, phoneSystem: PhoneSystemName = .default) {
        self.at = at
        self.call = call
        self.phoneSystem = phoneSystem
    }
}

/// One request to Zammad and what came of it.
package struct FinishedAttempt: Equatable, Sendable, Codable {
    package var attempt: DeliveryAttempt
    package var outcome: DeliveryOutcome

    package init(attempt: DeliveryAttempt, outcome: DeliveryOutcome) {
        self.attempt = attempt
        self.outcome = outcome
    }
}
