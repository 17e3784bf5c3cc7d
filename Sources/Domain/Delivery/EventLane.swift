/// The events of one call, in order, and what Zammad was told of the call so far.
package struct EventLane: Equatable, Sendable, Encodable {
    package enum Status: Equatable, Sendable, Encodable {
        /// It may send, if it has something to send. Successors: `inFlight`.
        case free
        /// Successors: `free`, `waiting`.
        case inFlight(DeliveryAttempt)
        /// Successors: `free`.
        case waiting(until: Instant)
    }

    /// How the lane goes on.
    package enum Step: Equatable, Sendable, Encodable {
        /// Successors: `probe`, `lookUp`.
        case deliver
        /// Before the first event it must be learnt whether Zammad knows the call. Successors: `deliver`.
        case probe
        /// The first event is a hangup of which nobody knows whether it has arrived, and why: Zammad is asked for it.
        /// Successors: `deliver`.
        case lookUp(doubt: String)
    }

    /// Whether Zammad has the call's answer. A hangup without it would make the call a missed one.
    package enum StoredAnswer: Equatable, Sendable, Encodable {
        case untold
        case told(CallCommand)
        /// Zammad had lost the call, or may have, after it was told: before the hangup it is told again.
        case owed(CallCommand)

        package var command: CallCommand? {
            switch self {
            case .untold: nil
            case .told(let command), .owed(let command): command
            }
        }

        mutating func markOwed() { if let command { self = .owed(command) } }

        mutating func markTold() { if let command { self = .told(command) } }
    }

    /// The first command of the call, for probing.
    package var opening: CallCommand
    package var events: [OutboxEvent] = []
    package var status = Status.free
    package var step = Step.deliver
    package var answer = StoredAnswer.untold
    /// Requests of this lane that have failed in a row.
    package var failures = 0
    /// Zammad has the caller on its block list.
    package var isRejected = false
    /// `newCall` became a dead letter, so that what follows cannot be delivered either.
    package var isDead = false
    package var isOver = false

    package static let deadReason = "newCall of this call is a dead letter"

    package init(opening: CallCommand) {
        self.opening = opening
    }

    package var isReady: Bool { status == .free && !events.isEmpty }

    /// Why nobody knows whether the first event has arrived; `nil` without such a doubt.
    var doubt: String? { if case .lookUp(let doubt) = step { doubt } else { nil } }

    /// A dead letter or an unconfirmed event goes back to where it stood, but never before an event whose request is
    /// under way, or for which Zammad is asked.
    mutating func reinstate(_ event: OutboxEvent) {
        let isUnderWay = if case .inFlight = status { true } else { false }
        let isFirstFixed = !events.isEmpty && (isUnderWay || doubt != nil)
        let place = events.firstIndex { $0.id > event.id } ?? events.count
        events.insert(event, at: isFirstFixed ? max(place, 1) : place)
        if event.command.event == .newCall { isDead = false }
    }

    /// Whether telling a hangup twice could clear the to-do of a missed call: Zammad answers the second one of an
    /// unanswered inbound call by marking it as done.
    func mustNotRepeat(_ command: CallCommand) -> Bool {
        command.event == .hangup && command.direction == .inbound && command.cause?.keepsToDo != false
            && answer == .untold
    }
}

extension EventLane {
    /// What is to be done about the first event.
    enum Next: Equatable {
        case request(DeliveryAttempt.Purpose, CallCommand)
        case deadLetter(String)
        case unconfirmed(String)
    }

    /// - Parameter isTrial: Whether Zammad is in trouble, so that the request may well get no answer. What must not be
    ///   repeated is then not what is tried: the `newCall` of the call, which does no harm, is sent in its place.
    func next(_ event: OutboxEvent, _ settings: Zammad.Settings, isTrial: Bool, at now: Instant) -> Next {
        let isTooOld = settings.maxEventAge.map { now - event.command.at > $0 } ?? false
        switch step {
        case .lookUp(let doubt):
            return settings.looksUpDoubts ? .request(.lookUp, event.command) : .unconfirmed(doubt)
        case .deliver where isDead, .probe where isDead:
            return .deadLetter(Self.deadReason)
        case .deliver where isTooOld, .probe where isTooOld:
            return .deadLetter("older than max_event_age")
        case .probe:
            return .request(.probe, opening)
        case .deliver:
            if event.command.event == .hangup, case .owed(let answer) = answer {
                return .request(.replayAnswer, answer.late)
            }
            let command = asToldNow(event.command)
            return isTrial && mustNotRepeat(command) ? .request(.probe, opening) : .request(.deliver, command)
        }
    }

    private func asToldNow(_ command: CallCommand) -> CallCommand {
        var command = isOver ? command.late : command
        if isRejected { command.cause = command.cause?.ofBlockedCaller }
        return command
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
