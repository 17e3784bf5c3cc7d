/// How well the bridge sees the PBX. `SourceSupervisor` holds the diagram.
package enum SourceHealth: Hashable, Sendable, Codable {
    /// Nothing has been seen yet. Successors: `live`, `degraded`, `unavailable`, `stopping`.
    case connecting(since: Instant, FailedPolls?)
    /// The last poll was complete. Successors: `degraded`, `unavailable`, `stopping`.
    case live(since: Instant, lastPoll: Instant)
    /// Polls fail, are incomplete or take long, and what is known is young enough. Successors: `live`, `unavailable`,
    /// `stopping`.
    case degraded(since: Instant, lastPoll: Instant, Impairment)
    /// What is known is too old to be relied on. Successors: `live`, `degraded`, `stopping`.
    case unavailable(since: Instant, LastView, FailedPolls)
    /// The bridge is stopping. No successor.
    case stopping(since: Instant, LastView)

    package enum Impairment: Hashable, Sendable, Codable {
        /// The last poll showed something, but single rows could not be read.
        case incomplete
        /// The last poll showed all, but took so long that calls are reported late.
        case slow
        case failing(FailedPolls)
    }

    /// What the bridge knows the PBX by.
    package enum LastView: Hashable, Sendable, Codable {
        /// No poll has shown anything since the bridge began to poll.
        case none(since: Instant)
        /// The last poll that showed something, complete or not.
        case taken(at: Instant)
    }

    /// The state's name for logs and status pages.
    package var name: String {
        switch self {
        case .connecting: "connecting"
        case .live: "live"
        case .degraded: "degraded"
        case .unavailable: "unavailable"
        case .stopping: "stopping"
        }
    }

    package var since: Instant {
        switch self {
        case .connecting(let since, _), .live(let since, _), .degraded(let since, _, _), .unavailable(let since, _, _),
            .stopping(let since, _):
            since
        }
    }

    package var lastView: LastView {
        switch self {
        case .connecting(let since, _): .none(since: since)
        case .live(_, let lastPoll), .degraded(_, let lastPoll, _): .taken(at: lastPoll)
        case .unavailable(_, let view, _), .stopping(_, let view): view
        }
    }

    /// The polls that failed since the last one that showed something, if any.
    package var failedPolls: FailedPolls? {
        switch self {
        case .connecting(_, let failed): failed
        case .degraded(_, _, .failing(let failed)), .unavailable(_, _, let failed): failed
        case .live, .degraded(_, _, .incomplete), .degraded(_, _, .slow), .stopping: nil
        }
    }

    /// How long nothing new has been seen: since the last poll that showed something, or since the first attempt.
    package func staleness(at now: Instant) -> Duration {
        switch lastView {
        case .none(let instant), .taken(let instant): max(.zero, now - instant)
        }
    }
}
