#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

package import Domain
import Synchronization

/// The one clock of the process, and what the system's clock shows at its instants.
///
/// Instants are counted by the monotonic clock from one anchor, the system's time at the start: when somebody sets the
/// system's clock, no call ends early, and no deadline moves. What people read (log, status, history, tickets) is told
/// in the system's time, with the difference that `followSteps` has found.
package final class WallClock: Sendable {
    package static let ofProcess = WallClock()

    private let startedAt: Instant
    private let origin: ContinuousClock.Instant
    private let systemTime: @Sendable () -> Instant
    /// In milliseconds, from an instant to the system's time.
    private let difference = Atomic<Int64>(0)

    /// A slow correction runs through the monotonic clock as well; what goes beyond this is a step.
    private static let smallestStep: Duration = .seconds(1)
    /// The two clocks are read one after the other: whoever was kept waiting in between knows nothing.
    private static let longestReading: Duration = .milliseconds(100)

    init(systemTime: @escaping @Sendable () -> Instant = { WallClock.systemTime() }) {
        self.systemTime = systemTime
        startedAt = systemTime()
        origin = .now
    }

    package func now() -> Instant { startedAt + (ContinuousClock.now - origin) }

    /// When the monotonic clock shows it.
    package func moment(of instant: Instant) -> ContinuousClock.Instant { origin + (instant - startedAt) }

    /// What the system's clock shows at the instant.
    package func time(of instant: Instant) -> Instant {
        instant + .milliseconds(difference.load(ordering: .relaxed))
    }

    /// The instant at which the system's clock shows that.
    package func instant(at time: Instant) -> Instant {
        time + .milliseconds(-difference.load(ordering: .relaxed))
    }

    /// Looks whether the system's clock was set since the last time, and tells times by it from now on.
    ///
    /// - Returns: by how much; `nil` if it was not.
    package func followSteps() -> Duration? {
        let before = now()
        let shown = systemTime()
        let after = now()
        guard after - before < Self.longestReading else { return nil }
        let step = shown - time(of: after)
        guard step > Self.smallestStep || step < .zero - Self.smallestStep else { return nil }
        difference.store((shown - after).milliseconds, ordering: .relaxed)
        return step
    }

    private static func systemTime() -> Instant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
