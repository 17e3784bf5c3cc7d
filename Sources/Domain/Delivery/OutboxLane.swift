/// The events of one call, in order, and what Zammad was told of the call so far.
package struct OutboxLane: Equatable, Sendable, Codable {
    enum Status: Equatable, Sendable, Codable {
        /// Nothing to send.
        case idle
        /// In the queue of lanes that may send.
        case ready
        case inFlight(DeliveryAttempt)
        case waiting(until: Instant)
    }

    var status: Status = .idle
    var events = FIFOQueue<OutboxEvent>()
    /// The first command of the call, for probing.
    var opening: CallCommand
    var deliveredAnswer: CallCommand?
    /// Whether it must be learnt if Zammad knows the call, before the first event can be delivered.
    var mustProbe = false
    /// Whether Zammad had lost the call, or may have, after it was answered: a hangup without the answer would make it
    /// a missed one.
    var owesAnswer = false
    /// Requests of this lane that have failed in a row.
    var failures = 0
    /// Zammad has the caller on its block list.
    var isRejected = false
    /// Set when `newCall` became a dead letter: what follows cannot be delivered either.
    var deadReason: String?
    var isOver = false
    /// Why nobody knows whether the hangup that comes next has arrived; Zammad is to be asked. `nil` without such a
    /// doubt.
    var doubt: String?

    package var pendingCount: Int { events.count }

    init(opening: CallCommand, deliveredAnswer: CallCommand? = nil, isRejected: Bool = false) {
        self.opening = opening
        self.deliveredAnswer = deliveredAnswer
        self.isRejected = isRejected
    }

    /// A dead letter or an unconfirmed event goes back to where it stood, but never before an event whose request is
    /// under way.
    mutating func reinstate(_ event: OutboxEvent) {
        var all = events.elements
        var position = all.firstIndex { $0.id > event.id } ?? all.count
        if case .inFlight = status { position = max(position, 1) }
        all.insert(event, at: min(position, all.count))
        events = FIFOQueue()
        for one in all { events.append(one) }
        if event.command.event == .newCall { deadReason = nil }
    }

    /// Whether sending a hangup twice could clear the to-do of a missed call: Zammad answers the second one of an
    /// unanswered inbound call by marking it as done.
    func mustNotRepeat(_ command: CallCommand) -> Bool {
        command.event == .hangup && command.direction == .inbound && command.cause != .forwarded
            && deliveredAnswer == nil
    }
}

extension OutboxLane {
    /// The request that brings this lane on.
    ///
    /// - Parameter isTrial: Whether Zammad is in trouble, so that the request may well get no answer. What must not be
    ///   repeated is then not what is tried: the `newCall` of the call, which does no harm, is sent in its place.
    func attempt(id: DeliveryAttempt.ID, for event: OutboxEvent, isTrial: Bool) -> DeliveryAttempt {
        if doubt != nil {
            return DeliveryAttempt(id: id, eventID: event.id, purpose: .lookUp, command: event.command)
        }
        if mustProbe { return DeliveryAttempt(id: id, eventID: event.id, purpose: .probe, command: opening) }
        var command = event.command
        if owesAnswer, command.event == .hangup, let deliveredAnswer {
            return DeliveryAttempt(id: id, eventID: event.id, purpose: .replayAnswer, command: deliveredAnswer.late)
        }
        if isOver { command = command.late }
        // The row of a blocked caller would otherwise stay as a to-do.
        if isRejected, command.event == .hangup, command.cause == .cancel { command.cause = .forwarded }
        if isTrial, mustNotRepeat(command) {
            return DeliveryAttempt(id: id, eventID: event.id, purpose: .probe, command: opening)
        }
        return DeliveryAttempt(id: id, eventID: event.id, purpose: .deliver, command: command)
    }
}

extension CallCommand {
    /// As it is told when the call is over. An answer then shows who has talked and opens nothing on the agent's
    /// screen: Zammad looks for the agent by `answeringNumber`, by a `user` that is somebody's login, and by the id.
    /// What has a space in it is taken for a name, and what has none may be a login.
    fileprivate var late: CallCommand {
        guard event == .answer else { return self }
        var command = self
        command.answeringNumber = nil
        command.userID = nil
        command.users = users.map { $0.contains(" ") || $0 == Self.voicemail ? $0 : "\($0) (\(to))" }
        return command
    }
}
