import Domain
import Ports

/// After a rejected login lets each poll try one more, since polls come at the pace of `Backoff.refusedLogin`.
/// Whatever else wants to log in, and whatever goes on within the same poll, gets the same failure without a request:
/// for 3CX each rejected login counts.
///
/// ```
///             refused                    the next poll begins
///   open ──────────────▶ closed ─────────────────────────────▶ open
///                          │   only 60 s later if no poll was under way ▲
///                          └───────────────────────────────────────────┘
/// ```
///
/// What the picture does not say: where no poll was under way, the next one fails by the closed gate, and so begins the
/// waiting times.
struct LoginGate: Equatable, Sendable {
    private var refusal: Refusal?
    /// Polls under way, one within the other.
    private var polls = 0

    private struct Refusal: Equatable {
        var failure: PollFailure
        var at: Instant
        var wasInPoll: Bool
    }

    mutating func pollBegan(at now: Instant) {
        polls += 1
        guard polls == 1, let refusal else { return }
        let pause = Backoff.refusedLogin.delay(afterFailures: 1, jitter: 0)
        if refusal.wasInPoll || now - refusal.at >= pause { self.refusal = nil }
    }

    mutating func pollEnded() {
        polls = max(0, polls - 1)
    }

    /// Throws while no login may be tried.
    func check() throws(PollFailure) {
        if let refusal { throw refusal.failure }
    }

    mutating func loginFailed(_ failure: PollFailure, at now: Instant) {
        guard failure.kind == .credentialsRefused else { return }
        refusal = Refusal(failure: failure, at: now, wasInPoll: polls > 0)
    }

    /// Whether an answer to a login says that it is rejected, or that the address is blocked for earlier ones.
    static func isRefusal(_ status: Int) -> Bool { [400, 401, 403, 423, 429].contains(status) }
}

/// Whoever logs in.
protocol LoginHolder: Sendable {
    /// Only within a poll may a login be tried again that was rejected.
    func pollBegan() async
    func pollEnded() async
}

extension PollResult {
    /// One poll of somebody who may log in for it.
    static func taken(
        with login: any LoginHolder, isolation: isolated (any Actor)? = #isolation,
        _ poll: () async throws(PollFailure) -> PollResult
    ) async throws(PollFailure) -> PollResult {
        await login.pollBegan()
        do throws(PollFailure) {
            let taken = try await poll()
            await login.pollEnded()
            return taken
        } catch {
            await login.pollEnded()
            throw error
        }
    }
}
