package import Domain
import Ports
import Synchronization

/// A clock that stands until somebody sets it.
package final class VirtualClock: Clock {
    private let time: Mutex<Instant>

    package init(_ start: Instant) {
        time = Mutex(start)
    }

    package func now() -> Instant {
        time.withLock { $0 }
    }

    /// Sets the time to `instant`, never back.
    package func advance(to instant: Instant) {
        time.withLock { $0 = max($0, instant) }
    }

    /// Virtual time passes at once.
    package func sleep(until deadline: Instant) async throws {
        try Task.checkCancellation()
        advance(to: deadline)
    }
}
