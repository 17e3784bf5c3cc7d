import Domain
import Ports

/// What a status page knows besides the core's state: counts, the last decisions, since when things are as they are.
///
/// Grows with nothing that happens: every part has a limit.
struct StatusRecord: Sendable {
    /// Since when a call is in its state.
    struct Phase: Equatable, Sendable {
        var state: TransitionTable.State
        var since: Instant
    }

    static let keptDecisions = 50
    private static let keptPhases = 10_000
    private static let keptFailures = 1_000

    let startedAt: Instant
    private(set) var sourceHealth: SourceHealth
    private(set) var lookFailure: LookFailure?
    private(set) var lastLook: Instant?
    private(set) var looks = 0
    private(set) var failedLooks = 0
    private(set) var zammadHealth: ZammadHealth = .up
    /// When Zammad took an event for the first time, or again after it did not.
    private(set) var zammadUpSince: Instant?
    /// Oldest first.
    private(set) var decisions: [StatusEvent] = []
    private(set) var hour = LastHour()
    private(set) var calls: [CallDirection: Int] = [:]
    private(set) var ignoredCalls = 0
    /// Requests to Zammad by the class of their outcome.
    private(set) var attempts: [String: Int] = [:]
    private(set) var deliveryTimes = DeliveryTimes()
    private(set) var phases: [PBXCallID: Phase] = [:]
    /// Why events that still wait were not delivered.
    private(set) var lastFailures: [OutboxEvent.ID: String] = [:]

    init(startedAt: Instant) {
        self.startedAt = startedAt
        sourceHealth = .connecting(since: startedAt, nil)
    }

    /// Whether the report says something new, apart from one look more.
    mutating func note(_ report: CallSourceReport) -> Bool {
        switch report {
        case .looked(let snapshot, _):
            looks += 1
            lastLook = snapshot.takenAt
        case .lookFailed(let failure, _):
            failedLooks += 1
            lookFailure = failure
        case .notice: break
        case .healthChanged(let health):
            sourceHealth = health
            return true
        }
        return false
    }

    mutating func note(_ decision: CallDecision) {
        if decisions.count >= Self.keptDecisions { decisions.removeFirst() }
        decisions.append(StatusEvent(at: decision.at, .decided(decision)))
        if decision.to == .untracked { ignoredCalls += 1 }
        for command in decision.commands where command.event == .newCall {
            calls[command.direction == .inbound ? .inbound : .outbound, default: 0] += 1
            hour.countCall(at: decision.at)
        }
        switch decision.to {
        case .ended: phases[decision.pbxCallID] = nil
        case .unknown, .untracked: break
        // A call that comes back goes on where it was.
        case .lingering: break
        case .ringing, .answered, .voicemail:
            let isSame = phases[decision.pbxCallID]?.state == decision.to && decision.commands.isEmpty
            if !isSame, phases.count < Self.keptPhases || phases[decision.pbxCallID] != nil {
                phases[decision.pbxCallID] = Phase(state: decision.to, since: decision.at)
            }
        }
    }

    mutating func note(_ outcome: DeliveryOutcome) {
        attempts[outcome.name, default: 0] += 1
    }

    mutating func note(_ action: OutboxAction, at now: Instant) {
        switch action {
        case .attempt: break
        case .delivered(let event, _):
            lastFailures[event.id] = nil
            zammadUpSince = zammadUpSince ?? now
            // The end of a call is sent when its grace is over, which says nothing of Zammad.
            guard event.command.event != .hangup else { break }
            let wait = now - event.command.at
            hour.countDelivery(after: wait, at: now)
            deliveryTimes.record(wait)
        case .postponed(let event, let outcome):
            guard lastFailures.count < Self.keptFailures || lastFailures[event.id] != nil else { break }
            lastFailures[event.id] = outcome.reason
        case .deadLettered(let event, _), .unconfirmed(let event, _), .dropped(let event):
            lastFailures[event.id] = nil
        case .healthChanged(let health):
            if health.isUp, !zammadHealth.isUp { zammadUpSince = now }
            zammadHealth = health
        }
    }
}
