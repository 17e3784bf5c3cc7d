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
        if !health.isUp {
            failures = FailureRow()
            health.trouble?.nextProbe = now
            releaseAll()
        }
        let tickets = desk.change(to: settings.tickets, at: now, lastID: &lastID)
        return timePassed(at: now) + tickets.map(OutboxAction.ticket)
    }
}
