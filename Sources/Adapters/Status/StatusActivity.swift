package import Domain
import Wire

/// One thing that happened, as people and programs read it: a line of `tap`, a line of the page.
///
/// docs/status.md describes the JSON form.
package struct StatusActivity: Equatable, Sendable, Codable {
    package enum Kind: String, CaseIterable, Sendable, Codable {
        case decision
        /// A request to Zammad that failed; the event goes on by itself, or one of the next kinds follows.
        case failed
        case delivered
        case deadLetter
        case unconfirmed
        case dropped
        /// 3CX is asked to end the call of a caller whom Zammad blocks.
        case blocked
        /// A ticket was made for a call, or none was, or a step towards it failed.
        case ticket
        /// 3CX or Zammad can be reached again, or no longer.
        case health
    }

    /// RFC 3339 in UTC, to the millisecond.
    package var at: String
    package var kind: Kind
    /// One sentence.
    package var words: String
    /// The id in Zammad.
    package var call: String?
    package var pbxCall: String?
    /// `inbound`, `outbound` or `internal`.
    package var direction: String?
    /// The external number, masked unless whole numbers are shown.
    package var number: String?
    /// What a decision made of the call: a `CallTransition.State`.
    package var state: String?
    /// The reason of the step, or why a delivery failed.
    package var reason: String?
    /// What Zammad is told: `newCall`, `answer`, `hangup`.
    package var events: [String]?
    /// The class of Zammad's answer.
    package var outcome: String?
    /// The names of the 3CX and the Zammad concerned, where they have some.
    package var phoneSystem: String?
    package var zammad: String?

    /// `nil` for what nobody needs to hear of: that a request failed once more, or that Zammad is still down.
    package init?(_ event: StatusEvent, _ privacy: StatusPrivacy) {
        switch event.what {
        case .failed(let attempt, let outcome):
            let sent = attempt.command.event.rawValue
            let reason = outcome.reason ?? outcome.name
            self.init(event.at, .failed, "\(sent) not delivered: \(reason)", attempt.command, privacy)
            self.reason = reason
            self.outcome = outcome.name
        case .news(let news):
            guard let activity = Self.activity(news, at: event.at, privacy) else { return nil }
            self = activity
        case .phoneSystem(let health, let name):
            self.init(at: event.at, .health, (name.shown.map { "\($0): " } ?? "") + HealthWords.sentence(health))
            state = health.name
            phoneSystem = name.shown
        }
    }

    private init(_ decision: CallDecision, _ privacy: StatusPrivacy) {
        self.init(at: decision.at, .decision, DecisionWords.sentence(decision, privacy))
        call = decision.callID?.text
        pbxCall = decision.pbxCallID.text
        direction = decision.direction?.rawValue
        number = decision.externalNumber.map(privacy.shown)
        state = decision.to.rawValue
        reason = decision.reason
        events = decision.commands.map(\.event.rawValue)
        phoneSystem = decision.phoneSystem.shown
        zammad = decision.commands.last?.zammad.shown
        name(phoneSystem, zammad)
    }

    private init(at now: Instant, _ kind: Kind, _ words: String) {
        at = TimeText.precise(now)
        self.kind = kind
        self.words = words
    }

    private init(
        _ now: Instant, _ kind: Kind, _ words: String, _ command: CallCommand, _ privacy: StatusPrivacy
    ) {
        self.init(at: now, kind, words)
        call = command.callID.text
        direction = command.direction.ofCall.rawValue
        number = privacy.shown(command.externalNumber)
        events = [command.event.rawValue]
        zammad = command.zammad.shown
        name(nil, zammad)
    }

    /// Says of whom the words are, where there are names.
    private mutating func name(_ phoneSystem: String?, _ zammad: String?) {
        let names = [phoneSystem, zammad].compactMap(\.self)
        if !names.isEmpty { words = names.joined(separator: " → ") + ": " + words }
    }

    private static func activity(_ news: News, at now: Instant, _ privacy: StatusPrivacy) -> StatusActivity? {
        switch news {
        case .decided(let decision): return StatusActivity(decision, privacy)
        // A failure is told by the request that failed.
        case .sighted, .attempted, .postponed: return nil
        case .delivered(let event, let outcome):
            let words =
                "\(event.command.event.rawValue) delivered\(event.attempts > 1 ? " at attempt \(event.attempts)" : "")"
            var activity = StatusActivity(now, .delivered, words, event.command, privacy)
            activity.outcome = outcome.name
            return activity
        case .deadLettered(let event, let reason):
            let words = "\(event.command.event.rawValue) given up: \(reason)"
            var activity = StatusActivity(now, .deadLetter, words, event.command, privacy)
            activity.reason = reason
            return activity
        case .unconfirmed(let event, let reason):
            let words = "\(event.command.event.rawValue) may or may not have arrived, and is not sent again: \(reason)"
            var activity = StatusActivity(now, .unconfirmed, words, event.command, privacy)
            activity.reason = reason
            return activity
        case .dropped(let event):
            let words = "\(event.command.event.rawValue) discarded by the operator"
            return StatusActivity(now, .dropped, words, event.command, privacy)
        case .dropCall(let drop):
            return StatusActivity(
                at: now, .blocked, "Zammad blocks the caller of \(drop.callID): 3CX is asked to end the call")
        case .ticket(let ticket):
            guard let words = TicketWords.sentence(ticket) else { return nil }
            var activity = StatusActivity(at: now, .ticket, words)
            activity.call = ticket.call.callID.text
            activity.direction = ticket.call.direction.ofCall.rawValue
            activity.number = privacy.shown(ticket.call.number)
            activity.zammad = ticket.call.zammad.shown
            activity.reason = TicketWords.reason(ticket)
            activity.name(nil, activity.zammad)
            return activity
        // The decision says it.
        case .callEnded: return nil
        case .healthChanged(let health, _) where !health.isNews: return nil
        case .healthChanged(let health, let name):
            let words = (name.shown.map { "\($0): " } ?? "") + HealthWords.sentence(health)
            var activity = StatusActivity(at: now, .health, words)
            activity.zammad = name.shown
            activity.state = health.name
            activity.reason = health.trouble?.reason
            return activity
        }
    }
}

extension CallCommand {
    /// The number of the party outside, as Zammad is told it.
    package var externalNumber: String { direction == .inbound ? from : to }
}
