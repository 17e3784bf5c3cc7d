import Testing

@testable import Domain

extension CallCommand {
    static func newCall(_ id: String, _ direction: Direction = .inbound, at seconds: Double = 0) -> CallCommand {
        event(.newCall, id, direction, seconds)
    }

    static func answer(
        _ id: String, _ direction: Direction = .inbound, user: String = "Anna", at seconds: Double = 0
    ) -> CallCommand {
        var command = event(.answer, id, direction, seconds)
        command.users = [user]
        return command
    }

    static func hangup(
        _ id: String, _ cause: HangupCause = .cancel, _ direction: Direction = .inbound, at seconds: Double = 0
    ) -> CallCommand {
        var command = event(.hangup, id, direction, seconds)
        command.cause = cause
        return command
    }

    private static func event(_ event: Event, _ id: String, _ direction: Direction, _ seconds: Double) -> CallCommand {
        CallCommand(
            event: event, callID: CallID(text: id), at: second(seconds), direction: direction, from: customer, to: "101"
        )
    }

    var short: String { "\(event.rawValue) \(callID)" + (cause.map { " \($0.rawValue)" } ?? "") }
}

extension DeliveryOutcome {
    static var ok: Self { .delivered(.plain) }
    static var refusedConnection: Self { .retry("refused", scope: .zammad) }
    static var fault: Self { .unknownCall("HTTP 500") }
    static var timeout: Self { .ambiguous("timed out") }
}

/// Drives the outbox on virtual time and tells what it wants, line by line. After every step the books must balance, no
/// call may have two requests under way, and not more than the limit may be under way at all.
struct EventQueueStory {
    private(set) var outbox: EventQueue
    private(set) var now = second(0)
    private(set) var underWay: [DeliveryAttempt] = []

    init(_ change: (inout Zammad.Settings) -> Void = { _ in }) {
        var settings = Zammad.Settings()
        change(&settings)
        outbox = EventQueue(settings: settings)
    }

    mutating func enqueue(_ commands: CallCommand...) -> [String] {
        take(outbox.enqueue(commands, at: now))
    }

    /// Ends the attempt of a call.
    mutating func finish(
        _ callID: String, _ outcome: DeliveryOutcome, jitter: Double = 1,
        sourceLocation: SourceLocation = #_sourceLocation
    ) -> [String] {
        guard let index = underWay.firstIndex(where: { $0.command.callID.text == callID }) else {
            Issue.record("nothing of \(callID) is under way", sourceLocation: sourceLocation)
            return []
        }
        let attempt = underWay.remove(at: index)
        return take(outbox.attemptFinished(attempt.id, outcome, jitter: jitter, at: now))
    }

    mutating func pass(to seconds: Double) -> [String] {
        now = second(seconds)
        return take(outbox.timePassed(at: now))
    }

    /// Lets time pass to the machine's own deadline.
    mutating func passToDeadline(sourceLocation: SourceLocation = #_sourceLocation) -> [String] {
        guard let deadline = outbox.nextDeadline, deadline > now else {
            Issue.record("a deadline that lies ahead was expected", sourceLocation: sourceLocation)
            return []
        }
        now = deadline
        return take(outbox.timePassed(at: now))
    }

    /// As the operator asks for it.
    mutating func retryFirstSettled(sourceLocation: SourceLocation = #_sourceLocation) -> [String] {
        guard let id = outbox.setAside.keys.min() else {
            Issue.record("no event is settled", sourceLocation: sourceLocation)
            return []
        }
        return take(outbox.retry(id, at: now))
    }

    /// As the operator asks for it while the Zammad is not in the configuration, which it is again afterwards.
    mutating func dropWhileRetired(_ id: OutboxEvent.ID) -> [String] {
        outbox.duty = .retired
        defer { outbox.duty = .working }
        return take(outbox.drop(id, reason: "by the operator", at: now))
    }

    /// The process dies, and another goes on with what the journal held, or what is left of it.
    mutating func restart(_ damage: (inout SavedCore) -> Void = { _ in }) -> [String] {
        var change = CoreChange()
        outbox.takeChanges(into: &change)
        var saved = SavedCore()
        saved.apply(change)
        damage(&saved)
        underWay = []
        let (resumed, output) = EventQueue.resuming(saved, settings: outbox.settings, at: now)
        outbox = resumed
        return take(output)
    }

    mutating func stop() {
        outbox.duty = .stopping
    }

    var account: String {
        let account = outbox.account
        return "taken \(account.taken) delivered \(account.delivered) pending \(account.pending) "
            + "dead \(account.deadLetters) unconfirmed \(account.unconfirmed)"
    }

    private mutating func take(_ output: Output) -> [String] {
        for case .request(let attempt, _) in output.effects { underWay.append(attempt) }
        #expect(outbox.account.addsUp)
        #expect(underWay.count == outbox.attemptsUnderWay)
        #expect(underWay.count <= outbox.settings.maxParallel)
        #expect(Set(underWay.map(\.command.callID)).count == underWay.count)
        return output.lines
    }
}

extension Output {
    /// What is told, and then what is to be done; without what is for the history alone.
    var lines: [String] { news.filter { !$0.isForHistoryAlone }.flatMap(\.lines) + effects.map(\.text) }
}

extension Effect {
    var text: String {
        switch self {
        case .request(let attempt, _):
            "-> \(attempt.purpose == .deliver ? "" : "\(attempt.purpose.rawValue) ")\(attempt.command.short)"
        case .ticketStep(let attempt, _): attempt.text
        case .endCall(let drop): "drop \(drop.pbxCallID)"
        }
    }
}

extension News {
    var lines: [String] {
        switch self {
        case .decided(let decision): decision.lines
        // Said by the effect, and by the decision.
        case .dropCall, .callEnded: []
        default: [text]
        }
    }

    private var text: String {
        switch self {
        case .decided, .dropCall, .callEnded: ""
        case .sighted(let sighting): "seen \(sighting.call.id)"
        case .attempted(let finished): "attempted \(finished.attempt.command.short): \(finished.outcome.name)"
        case .delivered(let event, let outcome): "\(outcome.name) \(event.command.short)"
        case .postponed(let event, let outcome): "postponed \(event.command.short): \(outcome.name)"
        case .deadLettered(let event, let reason): "dead \(event.command.short): \(reason)"
        case .unconfirmed(let event, let reason): "unconfirmed \(event.command.short): \(reason)"
        case .dropped(let event): "dropped \(event.command.short)"
        case .ticket(let news): news.text
        case .healthChanged(.up, _): "up"
        case .healthChanged(.down(let trouble), _): "down \(trouble.text)"
        case .healthChanged(.failing(let trouble), _): "failing \(trouble.text)"
        case .healthChanged(.misconfigured(let trouble), _): "misconfigured \(trouble.text)"
        }
    }
}

extension ZammadHealth.Trouble {
    fileprivate var text: String { "(\(failures)) until \(nextProbe.text)" }
}
