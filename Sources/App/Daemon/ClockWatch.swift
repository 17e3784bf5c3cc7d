import Adapters
import Domain
import Logging
import Ports
import Wire

/// Notices that somebody has set the system's clock, says so, and has times told by it.
struct ClockWatch: Sendable {
    let log: Logger

    /// Until the task is cancelled.
    func run() async {
        let clock = SystemClock()
        while true {
            do { try await clock.sleep(until: clock.now() + .seconds(1)) } catch { return }
            guard let step = WallClock.ofProcess.followSteps() else { continue }
            log.notice(
                """
                the system's clock was set \(step > .zero ? "forward" : "back"); times follow it from now on; \
                calls and deadlines are not affected
                """,
                metadata: ["by": "\((abs(step.milliseconds) + 500) / 1000) s"])
        }
    }
}
