#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

package import Domain
import NIOCore
import Ports

/// The machine's clock: wall time at the start of the process, and from then on the monotonic clock, so that a correction of the
/// wall time neither ends a call early nor keeps it alive.
package struct SystemClock: Clock {
    private let startedAt: Instant
    private let origin: ContinuousClock.Instant

    package init() {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        startedAt = Instant(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
        origin = .now
    }

    package func now() -> Instant {
        startedAt + (ContinuousClock.now - origin)
    }

    package func sleep(until deadline: Instant) async throws {
        guard let loop = EventLoopExecutor.current?.eventLoop else {
            return try await Task.sleep(until: origin + (deadline - startedAt), clock: .continuous)
        }
        while true {
            let remaining = deadline - now()
            guard remaining > .zero else { return try Task.checkCancellation() }
            try await sleep(for: min(remaining, Self.longestSleep), on: loop)
        }
    }

    /// The loop's clock stands still while the machine is suspended.
    private static let longestSleep: Duration = .seconds(30)

    /// A timer that is cancelled is gone at once, while a cancelled `Task.sleep` stays in memory until the time that it was to end.
    private func sleep(for duration: Duration, on loop: any EventLoop) async throws {
        let timer = loop.scheduleTask(in: TimeAmount(duration)) {}
        try await withTaskCancellationHandler {
            do {
                try await timer.futureResult.get()
            } catch {
                throw CancellationError()
            }
        } onCancel: {
            timer.cancel()
        }
    }
}
