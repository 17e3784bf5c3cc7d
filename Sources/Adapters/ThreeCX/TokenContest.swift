import Domain

/// Tells when two programs mint tokens for one client: each new token ends the other's, so that both mint for ever.
///
/// ```
///            third refusal of a young token within 5 min
///   quiet ────────────────────────────────────────────────▶ contested ──┐ another one: a longer wait
///     ▲                                                        │   ▲    │
///     └──────────────────── 5 min without one ─────────────────┘   └────┘
/// ```
///
/// What the picture does not say: a token is young in the first half of its life. Whoever feeds it tells only of tokens
/// that have worked; one that never did lacks a permission.
struct TokenContest: Equatable, Sendable {
    static let window: Duration = .seconds(300)
    private static let limit = 3
    private static let longestWait: Duration = .seconds(60)

    private enum State: Equatable {
        /// The refusals within the window, fewer than the limit. Successor: `contested`.
        case quiet([Instant])
        /// `refusals`: from the one that made it a contest, at least 1. Successor: `quiet`.
        case contested(refusals: Int, last: Instant)
    }

    private var state = State.quiet([])

    /// A token that had worked was refused.
    mutating func tokenRefused(mintedAt: Instant, renewAt: Instant, at now: Instant) {
        guard now - mintedAt < (renewAt - mintedAt) / 2 else { return }
        switch state {
        case .contested(let refusals, let last) where now - last < Self.window:
            state = .contested(refusals: refusals + 1, last: now)
        case .contested:
            state = .quiet([now])
        case .quiet(let earlier):
            let recent = earlier.filter { now - $0 < Self.window } + [now]
            state = recent.count < Self.limit ? .quiet(recent) : .contested(refusals: 1, last: now)
        }
    }

    func isContested(at now: Instant) -> Bool {
        guard case .contested(_, let last) = state else { return false }
        return now - last < Self.window
    }

    /// Whether a new token may be minted now: while contested after 1, 2, 4 … 60 s from the last refusal.
    func mayMint(at now: Instant) -> Bool {
        guard case .contested(let refusals, let last) = state, isContested(at: now) else { return true }
        let wait = min(.seconds(1 << min(refusals - 1, 10)), Self.longestWait)
        return now - last >= wait
    }
}
