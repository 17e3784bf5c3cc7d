/// Decides when to poll the PBX, and tells how well it is seen.
///
/// ```
///                  polled            pollFailed, pollIncomplete, polled late
///   connecting ─────────────▶ live ─────────────────────────────────▶ degraded
///     │    │                  ▲  ▲                polled               │ ▲  ▲
///     │    │                  │  └─────────────────────────────────────┘ │  │
///     │    │           polled │          view too old                    │  │
///     │    └─────────▶ unavailable ◀──────────────────────── degraded ───┘  │
///     │ view too old      └──────────────── pollIncomplete ─────────────────┘
///     └─ pollIncomplete ─▶ degraded
///
///   any ── stopping ──▶ stopping
/// ```
///
/// What the picture does not say: nothing ends the machine but `stopping`; a rejected login is tried again for ever.
/// The calls are none of its business: however long the view is stale, no call ends by it. A poll that was not asked
/// for, or is told twice, changes nothing. Where the PBX pushes changes, polls are only a check, and rare while they
/// succeed. A view grows too old with time, also between two polls, so that `timePassed` is to be told at
/// `nextDeadline`; while a poll is under way nothing is due, since it ends within the timeouts of its requests.
package struct SourceSupervisor: Equatable, Sendable, Codable {
    package struct Settings: Equatable, Sendable, Codable {
        /// From the start of one poll to the start of the next.
        package var pollInterval: Duration
        /// The same while the PBX pushes its changes.
        package var reconcileInterval: Duration
        /// The age of a view from which it is not to be relied on.
        package var staleAfter: Duration
        /// A poll that takes so long makes calls come late.
        package var slowAfter: Duration = .seconds(3)
        package var temporary = Backoff.temporary
        package var refusedLogin = Backoff.refusedLogin
        package var needsOperator = Backoff.needsOperator

        /// One poll that is lost does not make the view stale, also where polls are rare.
        package init(pollInterval: Duration, reconcileInterval: Duration = .seconds(30)) {
            self.pollInterval = pollInterval
            self.reconcileInterval = max(pollInterval, reconcileInterval)
            staleAfter = max(.seconds(10), pollInterval * 2)
        }

        func pace(for fault: SourceFault) -> Backoff {
            switch fault {
            case .unreachable, .malformedAnswer, .interfaceMissing: temporary
            case .credentialsRefused: refusedLogin
            case .permissionMissing, .configuration: needsOperator
            }
        }
    }

    /// A fact that the machine is told.
    package enum Input: Equatable, Sendable, Codable {
        case polled(startedAt: Instant)
        /// The poll showed something, but single rows could not be read.
        case pollIncomplete(startedAt: Instant)
        case pollFailed(SourceFault, startedAt: Instant)
        /// The PBX pushes its changes from now on, so that a poll is to show what they start from.
        case pushBegan
        case pushEnded
        /// What is pushed leaves something open that a poll can tell.
        case pollWanted
        /// What is pushed shows no leg of a call any more: polls at once and a moment later tell whether it is over.
        case endDoubted
        case timePassed
        case stopping
    }

    package struct Output: Equatable, Sendable, Codable {
        /// `nil`: never again.
        package var nextPoll: Instant?
        /// The new health if its state or the reason for it has changed.
        package var healthChange: SourceHealth?

        package init(nextPoll: Instant?, healthChange: SourceHealth? = nil) {
            self.nextPoll = nextPoll
            self.healthChange = healthChange
        }
    }

    package let settings: Settings
    package private(set) var health: SourceHealth
    /// When to poll next; `nil` while stopping.
    package private(set) var nextPoll: Instant?
    private var isPushed = false
    private var pushedUntil: Instant?
    /// When the last poll that was heard of began.
    private var lastStart: Instant?
    /// When a poll was asked for that must begin no sooner.
    private var wantedSince: Instant?
    /// The logins that were rejected since the last poll that showed something. Polls that fail otherwise do not begin
    /// the count anew.
    private var refusedLogins = 0
    /// When a poll may begin that confirms all ends in doubt; `nil` if there is none.
    private var confirmationAt: Instant?
    /// From the start of one poll to the start of the next, however many calls end.
    private static let shortestInterval: Duration = .milliseconds(100)

    /// The first poll is due at once.
    package init(settings: Settings, at now: Instant) {
        self.settings = settings
        health = .connecting(since: now, nil)
        nextPoll = now
    }

    /// When to poll, or to tell that time has passed, whichever comes first.
    package var nextDeadline: Instant? {
        guard let nextPoll else { return nil }
        return min(nextPoll, staleAt ?? nextPoll)
    }

    /// `jitter`: a random number in 0 ..< 1 for the waiting time, should there be one.
    package mutating func handle(_ input: Input, at now: Instant, jitter: Double) -> Output {
        let before = health
        switch input {
        case .polled(let startedAt):
            guard isAwaited(startedAt) else { break }
            polled(startedAt, at: now)
            refusedLogins = 0
            nextPoll = nextPoll(startedAt, now, isPushed ? settings.reconcileInterval : settings.pollInterval)
        case .pollIncomplete(let startedAt):
            guard isAwaited(startedAt) else { break }
            degrade(.incomplete, at: now)
            refusedLogins = 0
            nextPoll = nextPoll(startedAt, now, settings.pollInterval)
        case .pollFailed(let fault, let startedAt):
            guard isAwaited(startedAt) else { break }
            let failed = FailedPolls(after: health.failedPolls, fault)
            fail(failed, at: now)
            if fault == .credentialsRefused { refusedLogins += 1 }
            let failures = fault == .credentialsRefused ? refusedLogins : failed.alike
            let delay = settings.pace(for: fault).delay(afterFailures: failures, jitter: jitter)
            // From the failure, not from the start: a PBX that answers too late is not to be asked again at once.
            nextPoll = max(now + delay, nextPoll(startedAt, now, settings.pollInterval))
        case .pushBegan:
            isPushed = true
            // A rejected login is not tried sooner, whatever happens.
            if health.failedPolls?.fault != .credentialsRefused { hurry(at: now) }
        case .pushEnded:
            if isPushed { pushedUntil = now }
            isPushed = false
            // While polls fail their own pace holds.
            if health.failedPolls == nil { hurry(at: now) }
        case .pollWanted:
            if health.failedPolls == nil { hurry(at: now) }
        case .endDoubted:
            guard health.failedPolls == nil else { break }
            confirmationAt = now + LostConversations.confirmedAfter
            bringForward(to: now, interval: Self.shortestInterval)
        case .timePassed:
            expire(at: now)
        case .stopping:
            if case .stopping = health { break }
            health = .stopping(since: now, health.lastView)
            nextPoll = nil
        }
        return Output(nextPoll: nextPoll, healthChange: health.reads(as: before) ? nil : health)
    }

    private mutating func polled(_ startedAt: Instant, at now: Instant) {
        // What is pushed meanwhile is not late.
        if now - startedAt >= settings.slowAfter, !isPushed { return degrade(.slow, at: now) }
        var since = now
        if case .live(let earlier, _) = health { since = earlier }
        health = .live(since: since, lastPoll: now)
    }

    private mutating func degrade(_ impairment: SourceHealth.Impairment, at now: Instant) {
        var since = now
        if case .degraded(let earlier, _, _) = health { since = earlier }
        health = .degraded(since: since, lastPoll: now, impairment)
    }

    /// Whether a poll that began then is one that the machine has asked for and not heard of.
    private func isAwaited(_ startedAt: Instant) -> Bool {
        guard let nextPoll else { return false }
        return nextPoll <= startedAt
    }

    /// From start to start, so that a slow answer does not slow the polling further.
    private mutating func nextPoll(_ startedAt: Instant, _ now: Instant, _ interval: Duration) -> Instant {
        lastStart = startedAt
        let isWanted = wantedSince.map { $0 >= startedAt } ?? false
        wantedSince = nil
        let next = max(now, startedAt + (isWanted ? settings.pollInterval : interval))
        guard let confirmationAt else { return next }
        if startedAt >= confirmationAt {
            self.confirmationAt = nil
            return next
        }
        return min(next, max(now, confirmationAt))
    }

    /// The next poll comes as soon as the poll interval allows; one that is under way already is followed by another.
    private mutating func hurry(at now: Instant) {
        wantedSince = now
        bringForward(to: now, interval: settings.pollInterval)
    }

    private mutating func bringForward(to instant: Instant, interval: Duration) {
        guard let next = nextPoll else { return }
        nextPoll = min(next, lastStart.map { max(instant, $0 + interval) } ?? instant)
    }

    private mutating func fail(_ failed: FailedPolls, at now: Instant) {
        switch health {
        case .connecting(let since, _): health = .connecting(since: since, failed)
        case .live(_, let lastPoll): health = .degraded(since: now, lastPoll: lastPoll, .failing(failed))
        case .degraded(let since, let lastPoll, _):
            health = .degraded(since: since, lastPoll: lastPoll, .failing(failed))
        case .unavailable(let since, let view, _): health = .unavailable(since: since, view, failed)
        case .stopping: break
        }
        expire(at: now)
    }

    /// When the view grows too old unless a poll shows something first.
    private var staleAt: Instant? {
        switch health {
        case .connecting(let since, _?): since + settings.staleAfter
        // What is pushed keeps the view fresh between polls.
        case .degraded(_, let lastPoll, .failing) where isPushed:
            lastPoll + settings.reconcileInterval + settings.staleAfter
        case .degraded(_, let lastPoll, .failing): max(lastPoll, pushedUntil ?? lastPoll) + settings.staleAfter
        case .connecting(_, nil), .live, .degraded, .unavailable, .stopping: nil
        }
    }

    private mutating func expire(at now: Instant) {
        guard let staleAt, staleAt <= now, let failed = health.failedPolls else { return }
        health = .unavailable(since: now, health.lastView, failed)
    }
}

extension SourceHealth {
    /// Whether there is nothing new to say: the same state for the same reason.
    fileprivate func reads(as other: SourceHealth) -> Bool {
        switch (self, other) {
        case (.degraded(_, _, .slow), .degraded(_, _, let other)): other == .slow
        case (.degraded, .degraded(_, _, .slow)): false
        case (.connecting, .connecting), (.degraded, .degraded), (.unavailable, .unavailable):
            failedPolls?.fault == other.failedPolls?.fault
        case (.live, .live), (.stopping, .stopping): true
        default: false
        }
    }
}
