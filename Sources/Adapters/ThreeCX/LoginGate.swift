import Domain
import Ports

/// After a rejected login lets each look try one more, since looks come at the pace of `Backoff.refusedLogin`.
/// Whatever else wants to log in, and whatever goes on within the same look, gets the same failure without a request:
/// for 3CX each rejected login counts.
///
/// ```
///             refused                    the next look begins
///   open ──────────────▶ closed ─────────────────────────────▶ open
///                          │   only 60 s later if no look was under way ▲
///                          └───────────────────────────────────────────┘
/// ```
///
/// What the picture does not say: where no look was under way, the next one fails by the closed gate, and so begins the
/// waiting times.
struct LoginGate: Equatable, Sendable {
    private var refusal: Refusal?
    /// Looks under way, one within the other.
    private var looks = 0

    private struct Refusal: Equatable {
        var failure: LookFailure
        var at: Instant
        var wasInLook: Bool
    }

    mutating func lookBegan(at now: Instant) {
        looks += 1
        guard looks == 1, let refusal else { return }
        let pause = Backoff.refusedLogin.delay(afterFailures: 1, jitter: 0)
        if refusal.wasInLook || now - refusal.at >= pause { self.refusal = nil }
    }

    mutating func lookEnded() {
        looks = max(0, looks - 1)
    }

    /// Throws while no login may be tried.
    func check() throws(LookFailure) {
        if let refusal { throw refusal.failure }
    }

    mutating func loginFailed(_ failure: LookFailure, at now: Instant) {
        guard failure.kind == .credentialsRefused else { return }
        refusal = Refusal(failure: failure, at: now, wasInLook: looks > 0)
    }

    /// Whether an answer to a login says that it is rejected, or that the address is blocked for earlier ones.
    static func isRefusal(_ status: Int) -> Bool { [400, 401, 403, 423, 429].contains(status) }
}

/// Whoever logs in.
protocol LoginHolder: Sendable {
    /// Only within a look may a login be tried again that was rejected.
    func lookBegan() async
    func lookEnded() async
}

extension Look {
    /// One look of somebody who may log in for it.
    static func taken(
        with login: any LoginHolder, isolation: isolated (any Actor)? = #isolation,
        _ look: () async throws(LookFailure) -> Look
    ) async throws(LookFailure) -> Look {
        await login.lookBegan()
        do throws(LookFailure) {
            let taken = try await look()
            await login.lookEnded()
            return taken
        } catch {
            await login.lookEnded()
            throw error
        }
    }
}
