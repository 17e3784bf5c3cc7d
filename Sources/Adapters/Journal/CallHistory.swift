package import Domain

/// All that the journal knows of one call, from the poll that first showed it to its end.
package struct CallHistory: Equatable, Sendable {
    package enum Fact: Equatable, Sendable {
        case seen(ObservedCall)
        case decided(CallDecision)
        /// A request that was made for a repair, or that a repair followed.
        case attempted(FinishedAttempt)
        /// Anything else.
        case acted(News)
    }

    package struct Entry: Equatable, Sendable {
        package var at: Instant
        package var fact: Fact
    }

    /// `nil` where only deliveries are left of it.
    package var pbxCallID: PBXCallID?
    /// In the order in which things happened.
    package var entries: [Entry]
    /// What of it Zammad does not have for certain.
    package var open: [OutboxListing.Entry]
    /// Tickets for it that are not made yet, or were given up.
    package var openTickets: [TicketJob] = []

    /// The ids in Zammad; none for a call that was ignored, several for one that was split by transfers.
    package var callIDs: [CallID] {
        var ids: [CallID] = []
        for entry in entries {
            guard let id = entry.callID, !ids.contains(id) else { continue }
            ids.append(id)
        }
        return ids
    }

    package var decisions: [CallDecision] {
        entries.compactMap { if case .decided(let decision) = $0.fact { decision } else { nil } }
    }
}

extension News {
    /// The id in Zammad of the call that it is of; `nil` for what is of none.
    var callID: CallID? {
        switch self {
        case .sighted, .healthChanged: nil
        case .decided(let decision): decision.callID
        case .attempted(let finished): finished.attempt.command.callID
        case .dropCall(let drop): drop.callID
        case .ticket(let news): news.call.callID
        case .callEnded(let call): call.callID
        case .delivered(let event, _), .postponed(let event, _), .deadLettered(let event, _),
            .unconfirmed(let event, _), .dropped(let event):
            event.command.callID
        }
    }
}

extension CallHistory.Entry {
    fileprivate var callID: CallID? {
        switch fact {
        case .seen: nil
        case .decided(let decision): decision.callID
        case .attempted(let finished): finished.attempt.command.callID
        case .acted(let news): news.callID
        }
    }

    /// Among what happened in the same millisecond: what was polled, then decided, then sent.
    var rank: Int {
        switch fact {
        case .seen: 0
        case .decided: 1
        case .attempted: 2
        case .acted: 3
        }
    }
}
