import Domain
import Ports
import Synchronization

/// A clock that stands until the test sets it; who sleeps on it really waits.
final class ManualClock: Ports.Clock {
    private struct Sleeper {
        let deadline: Instant
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now: Instant
        var sleepers: [Int: Sleeper] = [:]
        var lastID = 0
    }

    private let state: Mutex<State>
    /// The deadline of every sleep that did not return at once, in order.
    let sleeps = EventBox<Instant>()

    init(_ start: Instant) {
        state = Mutex(State(now: start))
    }

    func now() -> Instant { state.withLock { $0.now } }

    /// Sets the time, never back, and wakes whom it concerns.
    func advance(to instant: Instant) {
        let due = state.withLock { state in
            state.now = max(state.now, instant)
            let due = state.sleepers.filter { $0.value.deadline <= state.now }
            for id in due.keys { state.sleepers[id] = nil }
            return due.values
        }
        for sleeper in due { sleeper.continuation.resume() }
    }

    func sleep(until deadline: Instant) async throws {
        try Task.checkCancellation()
        guard now() < deadline else { return }
        await sleeps.record(deadline)
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let outcome: Result<Void, any Error>? = state.withLock { state in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if deadline <= state.now { return .success(()) }
                    state.sleepers[id] = Sleeper(deadline: deadline, continuation: continuation)
                    return nil
                }
                if let outcome { continuation.resume(with: outcome) }
            }
        } onCancel: {
            let sleeper = state.withLock { $0.sleepers.removeValue(forKey: id) }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }
}
