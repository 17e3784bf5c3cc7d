/// Tickets for the calls of which Zammad is told.
extension Outbox {
    /// Whether tickets are made, or some of an earlier time wait.
    package var makesTickets: Bool { desk.settings.creation != .off || !desk.jobs.isEmpty }

    /// A call is over, and its last event is on its way.
    mutating func callEnded(_ call: EndedCall, at now: Instant) -> [OutboxAction] {
        // A caller whom Zammad blocks gets no ticket either.
        if lanes[call.callID]?.isRejected == true { return [] }
        return desk.callEnded(call, at: now, lastID: &lastID).map(OutboxAction.ticket)
    }

    mutating func ticketStepFinished(
        _ outcome: TicketOutcome, of call: CallID, jitter: Double, at now: Instant
    ) -> [OutboxAction] {
        let isPending = lanes[call] != nil
        return desk.finished(outcome, jitter: jitter, eventsArePending: isPending, at: now, lastID: &lastID)
            .map(OutboxAction.ticket)
    }
}
