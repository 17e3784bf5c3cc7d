package import Domain
package import Ports

/// All that the journal knows of one call, from the look that first showed it to its end.
package struct CallHistory: Equatable, Sendable {
    package enum Fact: Equatable, Sendable {
        case seen(ObservedCall)
        case decided(CallDecision)
        /// A request that was made for a repair, or that a repair followed.
        case attempted(FinishedAttempt)
        case acted(OutboxAction)
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

extension CallHistory.Entry {
    fileprivate var callID: CallID? {
        switch fact {
        case .seen, .acted(.attempt), .acted(.healthChanged): nil
        case .acted(.dropCall(let drop)): drop.callID
        case .acted(.ticket(let action)): action.call.callID
        case .decided(let decision): decision.callID
        case .attempted(let finished): finished.attempt.command.callID
        case .acted(.delivered(let event, _)), .acted(.postponed(let event, _)), .acted(.deadLettered(let event, _)),
            .acted(.unconfirmed(let event, _)), .acted(.dropped(let event)):
            event.command.callID
        }
    }

    /// Among what happened in the same millisecond: first the look, then what was decided, then what was sent.
    var rank: Int {
        switch fact {
        case .seen: 0
        case .decided: 1
        case .attempted: 2
        case .acted: 3
        }
    }
}
