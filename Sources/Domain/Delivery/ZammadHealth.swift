/// What the outcomes tell about Zammad as a whole.
package enum ZammadHealth: Equatable, Sendable, Codable {
    case up
    /// Nothing reaches it, or it is too busy: the network or a proxy says so at once.
    case down(Trouble)
    /// Requests reach it, and it has failed at several of them in a row or left them without an answer, whatever call
    /// they were for.
    case failing(Trouble)
    /// Refuses everything until somebody repairs the configuration.
    case misconfigured(Trouble)

    package struct Trouble: Equatable, Sendable, Codable {
        /// When the first request failed since the last one that succeeded.
        package var since: Instant
        /// Probes in a row that failed in this way.
        package var failures: Int
        /// No request before.
        package var nextProbe: Instant
        package var reason: String

        package init(since: Instant, failures: Int, nextProbe: Instant, reason: String) {
            self.since = since
            self.failures = failures
            self.nextProbe = nextProbe
            self.reason = reason
        }
    }

    package var isUp: Bool { self == .up }

    package var trouble: Trouble? {
        get {
            switch self {
            case .up: nil
            case .down(let trouble), .failing(let trouble), .misconfigured(let trouble): trouble
            }
        }
        set {
            guard let newValue else { return self = .up }
            switch self {
            case .up: break
            case .down: self = .down(newValue)
            case .failing: self = .failing(newValue)
            case .misconfigured: self = .misconfigured(newValue)
            }
        }
    }

    /// Whether it is worth a word, and not one more probe that failed like the last.
    package var isNews: Bool { trouble.map { $0.failures == 1 } ?? true }

    /// How many requests may be under way at once. One that hangs must not be all that is learnt of a Zammad which
    /// answers others.
    var mostRequests: Int {
        switch self {
        case .up: .max
        case .down, .misconfigured: 1
        case .failing: 3
        }
    }
}

/// The failures since the last success, on whatever call.
struct FailureStreak: Equatable, Sendable, Encodable {
    /// So many in a row may all be those of one event. With one more, Zammad itself is taken to fail.
    static let mostOfOneEvent = 2

    var count = 0
    /// When the first of them ended.
    var since: Instant?
    /// The calls whose requests failed; no more of them than make the pause longer. An event that fails again and again
    /// makes it no longer, since it is one call.
    var calls: Set<CallID> = []
}

extension EventQueue {
    /// What the end of a request says of Zammad.
    mutating func updateHealth(
        _ outcome: DeliveryOutcome, of callID: CallID, jitter: Double, at now: Instant
    ) -> [News] {
        let before = health
        switch outcome {
        case .delivered, .alreadyKnown, .refused, .notStored, .unverifiable:
            failures = FailureStreak()
            health = .up
            if !before.isUp { releaseProbed() }
        // Zammad may have lost the call: the question that follows tells more.
        case .unknownCall: break
        case .retry(let reason, .zammad, let after):
            fail(ZammadHealth.down, reason, callID, after, jitter, now)
        case .misconfigured(let reason):
            fail(ZammadHealth.misconfigured, reason, callID, nil, jitter, now)
        case .retry(let reason, .event, _), .ambiguous(let reason):
            fail(ZammadHealth.failing, reason, callID, nil, jitter, now)
        }
        return health == before ? [] : [.healthChanged(health, of: settings.name)]
    }

    private mutating func fail(
        _ kind: (ZammadHealth.Trouble) -> ZammadHealth, _ reason: String, _ callID: CallID, _ after: Duration?,
        _ jitter: Double, _ now: Instant
    ) {
        if let known = health.trouble, known.nextProbe > now {
            // It had begun before Zammad was known to be in trouble: it is no reason to wait longer, unless Zammad asks
            // for that.
            health.trouble?.nextProbe = max(known.nextProbe, now + (after ?? .zero))
            return
        }
        failures.count += 1
        failures.since = failures.since ?? now
        if failures.calls.count < settings.backoff.schedule.count { failures.calls.insert(callID) }
        // The pause grows with the calls that have failed, so that one which fails again and again keeps no other
        // waiting.
        let pause = settings.backoff.delay(afterFailures: failures.calls.count, jitter: jitter)
        var trouble = ZammadHealth.Trouble(
            since: failures.since ?? now, failures: 1, nextProbe: now + max(pause, after ?? .zero), reason: reason)
        if case .failing = kind(trouble), health.isUp, failures.count <= FailureStreak.mostOfOneEvent { return }
        if let known = health.trouble, kind(known) == health { trouble.failures = known.failures + 1 }
        health = kind(trouble)
    }
}
