extension Outbox {
    /// Its Zammad is no longer configured: requests under way may still finish, and no more begin.
    mutating func retire() {
        isRetired = true
        desk.retire()
    }

    /// Goes on under other settings. A Zammad that was unreachable or refused everything is asked again at once: what it was
    /// missing may be what has changed.
    mutating func change(to settings: Settings, at now: Instant) -> [OutboxAction] {
        self.settings = settings
        isRetired = false
        switch health {
        case .up: break
        case .down(let since, let failures, _, let reason):
            health = .down(since: since, failures: failures, nextProbe: now, reason: reason)
        case .misconfigured(let since, _, let reason):
            health = .misconfigured(since: since, nextProbe: now, reason: reason)
        }
        let tickets = desk.change(to: settings.tickets, at: now, lastID: &lastID)
        return timePassed(at: now) + tickets.map(OutboxAction.ticket)
    }
}
