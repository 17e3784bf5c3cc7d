/// What an attempt says about its event, its lane, and Zammad.
extension EventQueue {
    /// The call of which an outcome says that Zammad blocks its caller, where such calls are to be ended.
    func blockedCall(attempt id: DeliveryAttempt.ID, _ outcome: DeliveryOutcome) -> CallID? {
        guard settings.dropsBlockedCallers, case .delivered(.reject) = outcome, let attempt = underWay(id),
            attempt.purpose == .deliver, attempt.command.event == .newCall
        else { return nil }
        return attempt.command.callID
    }

    /// What becomes of an event after an attempt.
    enum Resolution {
        case next
        case again
        case later(after: Duration?)
        /// Zammad is asked later whether it has the event.
        case lookUp(String)
        case deadLetter(String)
        case unconfirmed(String)
    }

    func resolve(
        _ lane: inout EventLane, event: inout OutboxEvent, _ attempt: DeliveryAttempt, _ outcome: DeliveryOutcome
    ) -> Resolution {
        if case .lookUp(let doubt) = lane.step { return lookedUp(&lane, doubt, outcome) }
        switch outcome {
        case .delivered(let reply):
            return taken(&lane, &event, attempt, reply)
        case .alreadyKnown:
            guard attempt.purpose == .probe else { return taken(&lane, &event, attempt, .plain) }
            // The probe stood for this event while Zammad was in trouble. It is back, and the event itself comes next.
            guard lane.step == .probe else { return .again }
            lane.step = .deliver
            // An earlier probe may have been the one that Zammad took.
            if case .owed = lane.answer, event.command.event == .hangup { return .again }
            // Zammad knows the call, so that the event failed for another reason.
            return fault(&event, "Zammad knows the call and still fails at this event")
        case .retry(_, let scope, let after):
            // Without a limit: a Zammad that fails at everything says nothing about this event.
            return .later(after: scope == .event ? after : nil)
        case .unknownCall(let reason):
            lane.step = .probe
            // Once told again, Zammad should know the call; a second time is a fault, or this would go round without a
            // pause.
            return attempt.purpose == .deliver && event.restorations == 0 ? .again : fault(&event, reason)
        case .misconfigured:
            return .later(after: settings.misconfiguredProbeInterval)
        case .refused(let reason):
            event.refusals += 1
            return event.refusals > 1 ? .deadLetter(reason) : .later(after: nil)
        case .ambiguous(let reason):
            if attempt.purpose == .probe { lane.answer.markOwed() }
            let isFinal = attempt.purpose == .deliver && lane.mustNotRepeat(attempt.command)
            guard isFinal else { return .later(after: nil) }
            return settings.looksUpDoubts ? .lookUp(reason) : .unconfirmed(reason)
        case .notStored(let reason), .unverifiable(let reason):
            return fault(&event, reason)
        }
    }

    /// What Zammad's caller log says of a hangup in doubt. Asking does no harm, so that what fails is asked again.
    private func lookedUp(_ lane: inout EventLane, _ doubt: String, _ outcome: DeliveryOutcome) -> Resolution {
        switch outcome {
        case .delivered, .alreadyKnown:
            lane.step = .deliver
            lane.failures = 0
            return .next
        case .notStored:
            lane.step = .deliver
            return .again
        case .unverifiable(let reason):
            return .unconfirmed("\(doubt); \(reason)")
        case .retry(_, let scope, let after):
            return .later(after: scope == .event ? after : nil)
        case .ambiguous, .unknownCall, .misconfigured, .refused:
            return .later(after: nil)
        }
    }

    private func taken(
        _ lane: inout EventLane, _ event: inout OutboxEvent, _ attempt: DeliveryAttempt, _ reply: DeliveryOutcome.Reply
    ) -> Resolution {
        lane.failures = 0
        if attempt.command.event == .newCall {
            if case .reject = reply { lane.isRejected = true }
        }
        switch attempt.purpose {
        case .deliver:
            if attempt.command.event == .answer { lane.answer = .told(attempt.command) }
            return .next
        case .probe:
            event.restorations += 1
            lane.step = .deliver
            lane.answer.markOwed()
            return .again
        case .replayAnswer:
            lane.answer.markTold()
            return .again
        case .lookUp:
            return .next
        }
    }

    private func fault(_ event: inout OutboxEvent, _ reason: String) -> Resolution {
        event.faults += 1
        return event.faults >= settings.maxFaults ? .deadLetter(reason) : .later(after: nil)
    }
}
