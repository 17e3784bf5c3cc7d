import Domain

/// Whether what a PBX pushes shows all that changes.
///
/// ```
///             a poll shows what no event has announced          no event for 2 s
///   trusted ─────────────────────────────────────────▶ doubted ──────────────────▶ mute: begin anew
///     ▲ ▲                announced after all             │                              │
///     │ └────────────────────────────────────────────────┘                              ▼
///     └──────────── events have matched all polls for 60 s ─────────────────────── on probation
/// ```
///
/// An open connection that answers pings may tell nothing, for a proxy that keeps messages back or a PBX that has lost
/// its listeners. While it is not trusted the PBX is to be polled.
struct PushTrust: Equatable, Sendable {
    /// How much later than a poll an event may come.
    static let patience: Duration = .seconds(2)
    /// How long events must have announced all that polls show before they are trusted again.
    static let probation: Duration = .seconds(60)

    /// What is not announced, and since when a poll shows it.
    private var missing: [ParticipantKey: Instant] = [:]
    private var onProbationSince: Instant?
    /// Whether an event has announced anything on this probation.
    private var hasAnnounced = false

    /// Whether it was found mute, and has not shown since that it is not.
    var isOnProbation: Bool { onProbationSince != nil }

    var isTrusted: Bool { missing.isEmpty && onProbationSince == nil }

    /// A poll of the whole PBX is over. `unannounced`: what no event has told of until now.
    ///
    /// - Returns: what has been waited for too long, so that the connection is mute; empty while it may be relied on.
    mutating func polled(unannounced: Set<ParticipantKey>, at now: Instant) -> [ParticipantKey] {
        missing = unannounced.reduce(into: [:]) { $0[$1] = missing[$1] ?? now }
        let overdue = missing.filter { now - $0.value >= Self.patience }.keys.sorted()
        if !overdue.isEmpty {
            missing = [:]
            (onProbationSince, hasAnnounced) = (now, false)
        } else if let since = onProbationSince, hasAnnounced, missing.isEmpty, now - since >= Self.probation {
            onProbationSince = nil
        }
        return overdue
    }

    /// An event has announced something about a participant.
    mutating func announced() {
        hasAnnounced = true
    }

    /// A connection has ended: nothing that it owed will come.
    mutating func disconnected() {
        missing = [:]
    }
}
