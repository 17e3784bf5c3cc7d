import Domain
import Ports

/// What a status page knows besides the core's state: counts, the last decisions, since when things are as they are.
///
/// Grows with nothing that happens: every part has a limit.
struct StatusRecord: Sendable {
    /// Since when a call is in its state.
    struct Phase: Equatable, Sendable {
        var state: CallTransition.State
        var since: Instant
    }

    static let keptDecisions = 50
    private static let keptPhases = 10_000
    private static let keptFailures = 1_000
    static let keptQueues = 100

    /// One phone system.
    struct Source: Sendable {
        var health: SourceHealth
        var failure: PollFailure?
        var lastPoll: Instant?
        /// As of the last poll that showed something.
        var watchList = WatchList()
        var polls = 0
        var failedPolls = 0
        /// Told to Zammad.
        var calls: [CallDirection: Int] = [:]
        var ignoredCalls = 0
    }

    /// One Zammad.
    struct Target: Sendable {
        var health: ZammadHealth = .up
        /// When it took an event for the first time, or again after it did not.
        var upSince: Instant?
        /// Requests by the class of their outcome.
        var attempts: [String: Int] = [:]
        var deliveryTimes = DeliveryTimes()
        /// Tickets by what came of them.
        var tickets: [String: Int] = [:]
        var endedCalls: [EndedCalls: Int] = [:]
    }

    /// What reported calls that are over are counted by.
    struct EndedCalls: Hashable, Comparable, Sendable {
        var direction: CallCommand.Direction
        var outcome: EndedCall.Outcome
        /// The queue's number; `nil` for none.
        var queue: String?

        /// Stands for the queues that come after the first `keptQueues`.
        static let otherQueues = "other"

        static let ofNoQueue = [CallCommand.Direction.inbound, .outbound].flatMap { direction in
            EndedCall.Outcome.allCases.map { EndedCalls(direction: direction, outcome: $0, queue: nil) }
        }

        static func < (left: Self, right: Self) -> Bool { left.order < right.order }

        private var order: (String, String, String) { (queue ?? "", direction.rawValue, outcome.rawValue) }
    }

    let startedAt: Instant
    /// As far as they were heard of.
    private var sources: [PhoneSystemName: Source] = [:]
    private var targets: [ZammadName: Target] = [:]
    /// Oldest first.
    private(set) var decisions: [StatusEvent] = []
    private(set) var hour = LastHour()
    /// Calls of blocked callers that 3CX was asked to end, by what came of it.
    private(set) var drops: [String: Int] = [:]
    private(set) var phases: [CallKey: Phase] = [:]
    /// Why events that still wait were not delivered.
    private(set) var lastFailures: [OutboxEvent.ID: String] = [:]

    init(startedAt: Instant) {
        self.startedAt = startedAt
    }

    func source(_ name: PhoneSystemName) -> Source {
        sources[name] ?? Source(health: .connecting(since: startedAt, nil))
    }

    func target(_ name: ZammadName) -> Target { targets[name] ?? Target() }

    /// Forgets what is no longer configured.
    mutating func keep(phoneSystems names: Set<PhoneSystemName>) {
        sources = sources.filter { names.contains($0.key) }
        phases = phases.filter { names.contains($0.key.phoneSystem) }
    }

    /// Whether the report says something new, apart from one poll more.
    mutating func note(_ report: CallSourceReport, of name: PhoneSystemName) -> Bool {
        var source = source(name)
        defer { sources[name] = source }
        switch report {
        case .polled(let snapshot, _):
            source.polls += 1
            source.lastPoll = snapshot.takenAt
        case .pollFailed(let failure, _):
            source.failedPolls += 1
            source.failure = failure
        case .notice: break
        case .watching(let list):
            source.watchList = list
            return true
        case .healthChanged(let health):
            source.health = health
            return true
        }
        return false
    }

    private mutating func note(_ decision: CallDecision) {
        if decisions.count >= Self.keptDecisions { decisions.removeFirst() }
        decisions.append(StatusEvent(at: decision.at, .news(.decided(decision))))
        let name = decision.phoneSystem
        var source = source(name)
        if decision.to == .ignored { source.ignoredCalls += 1 }
        for command in decision.commands where command.event == .newCall {
            source.calls[command.direction.ofCall, default: 0] += 1
            hour.countCall(at: decision.at)
        }
        sources[name] = source
        let key = CallKey(decision.pbxCallID, of: name)
        switch decision.to {
        case .ended: phases[key] = nil
        case .unknown, .ignored, .dialled: break
        // A call that comes back goes on where it was.
        case .ending: break
        case .ringing, .answered, .voicemail:
            let isSame = phases[key]?.state == decision.to && decision.commands.isEmpty
            if !isSame, phases.count < Self.keptPhases || phases[key] != nil {
                phases[key] = Phase(state: decision.to, since: decision.at)
            }
        }
    }

    mutating func note(_ outcome: DeliveryOutcome, of command: CallCommand) {
        targets[command.zammad, default: Target()].attempts[outcome.name, default: 0] += 1
    }

    private mutating func note(_ news: TicketNews) {
        let result: String
        switch news {
        case .postponed: return
        case .done(_, .created): result = "created"
        case .done(_, .added): result = "added"
        case .done(_, .alreadyThere): result = "already_there"
        case .done(_, .skipped): result = "skipped"
        case .deadLettered: result = "dead_letter"
        case .dropped: result = "dropped"
        }
        targets[news.call.zammad, default: Target()].tickets[result, default: 0] += 1
    }

    static let ticketResults = ["created", "added", "already_there", "skipped", "dead_letter", "dropped"]

    mutating func note(_ outcome: CallDropOutcome) {
        drops[outcome.word, default: 0] += 1
    }

    mutating func note(_ news: News, at now: Instant) {
        switch news {
        case .decided(let decision): note(decision)
        case .delivered(let event, _):
            lastFailures[event.id] = nil
            var target = target(event.command.zammad)
            defer { targets[event.command.zammad] = target }
            target.upSince = target.upSince ?? now
            // The end of a call is sent when its grace is over, which says nothing of Zammad.
            guard event.command.event != .hangup else { break }
            let wait = now - event.command.at
            hour.countDelivery(after: wait, at: now)
            target.deliveryTimes.record(wait)
        case .postponed(let event, let outcome):
            guard lastFailures.count < Self.keptFailures || lastFailures[event.id] != nil else { break }
            lastFailures[event.id] = outcome.reason
        case .deadLettered(let event, _), .unconfirmed(let event, _), .dropped(let event):
            lastFailures[event.id] = nil
        case .sighted, .attempted, .dropCall: break
        case .ticket(let news): note(news)
        case .callEnded(let call): targets[call.zammad, default: Target()].count(call)
        case .healthChanged(let health, let name):
            var target = target(name)
            if health.isUp, !target.health.isUp { target.upSince = now }
            target.health = health
            targets[name] = target
        }
    }
}

extension StatusRecord.Target {
    fileprivate mutating func count(_ call: EndedCall) {
        var key = StatusRecord.EndedCalls(direction: call.direction, outcome: call.outcome, queue: call.queue?.dn)
        let queues = Set(endedCalls.keys.compactMap(\.queue))
        if let queue = key.queue, !queues.contains(queue), queues.count >= StatusRecord.keptQueues {
            key.queue = StatusRecord.EndedCalls.otherQueues
        }
        endedCalls[key, default: 0] += 1
    }
}
