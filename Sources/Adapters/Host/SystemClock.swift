package import Domain
import NIOCore
import Ports
import Wire

/// The machine's clock, the same wherever it is made.
package struct SystemClock: Clock {
    package init() {}

    package func now() -> Instant { WallClock.ofProcess.now() }

    package func sleep(until deadline: Instant) async throws {
        guard let loop = EventLoopExecutor.current?.eventLoop else {
            return try await Task.sleep(until: WallClock.ofProcess.moment(of: deadline), clock: .continuous)
        }
        while true {
            let remaining = deadline - now()
            guard remaining > .zero else { return try Task.checkCancellation() }
            try await sleep(for: min(remaining, Self.longestSleep), on: loop)
        }
    }

    /// The loop's clock stands still while the machine is suspended.
    private static let longestSleep: Duration = .seconds(30)

    /// A timer that is cancelled is gone at once, while a cancelled `Task.sleep` stays in memory until the time that it
    /// was to end.
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
