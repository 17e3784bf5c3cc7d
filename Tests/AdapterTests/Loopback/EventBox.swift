/// A list of events in order of arrival that tests can wait on.
actor EventBox<Event: Sendable> {
    private let list = ObservedValue<[Event]>([])

    var events: [Event] {
        get async { await list.value }
    }

    func record(_ event: Event) async {
        await list.update { $0.append(event) }
    }

    /// The first event that matches, past or future.
    @discardableResult
    func wait(
        for awaited: String = "an event",
        within limit: Duration = .seconds(60),
        where matches: @escaping @Sendable (Event) -> Bool
    ) async throws -> Event {
        let events = try await list.wait(for: awaited, within: limit) { $0.contains(where: matches) }
        guard let event = events.first(where: matches) else {
            throw DeadlineExceeded(awaited: awaited, limit: limit, seen: "\(events)")
        }
        return event
    }

    /// All events, as soon as there are at least `count` that match.
    @discardableResult
    func wait(
        count: Int,
        within limit: Duration = .seconds(60),
        where matches: @escaping @Sendable (Event) -> Bool = { _ in true }
    ) async throws -> [Event] {
        try await list.wait(for: "\(count) events", within: limit) { events in
            events.lazy.filter(matches).prefix(count).count == count
        }
    }
}
