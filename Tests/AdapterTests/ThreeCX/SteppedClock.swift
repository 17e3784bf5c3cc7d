import Domain
import Ports
import Synchronization

/// A clock that moves only when it is told to, or, where it leaps, to the deadline of whoever sleeps.
final class SteppedClock: Ports.Clock {
    private struct State {
        var now: Instant
        var sleeps: [Duration] = []
    }

    private let leaps: Bool
    private let state: Mutex<State>

    /// `leaps: false`: a sleep lasts until its task is cancelled.
    init(at milliseconds: Int64 = 1_770_109_200_000, leaps: Bool = true) {
        self.leaps = leaps
        state = Mutex(State(now: Instant(milliseconds: milliseconds)))
    }

    /// How long each sleep was to last, in order.
    var sleeps: [Duration] { state.withLock { $0.sleeps } }

    func advance(by duration: Duration) {
        state.withLock { $0.now = $0.now + duration }
    }

    func now() -> Instant { state.withLock { $0.now } }

    func sleep(until deadline: Instant) async throws {
        try Task.checkCancellation()
        state.withLock { state in
            state.sleeps.append(deadline - state.now)
            if leaps { state.now = max(state.now, deadline) }
        }
        if leaps {
            await Task.yield()
        } else {
            try await Task.sleep(for: .seconds(3600))
        }
        try Task.checkCancellation()
    }
}
