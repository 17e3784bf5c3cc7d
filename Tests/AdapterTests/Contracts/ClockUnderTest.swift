import Domain
import NIOPosix
import Ports
import Testing

@testable import Adapters

/// Every clock there is.
struct ClockUnderTest: Sendable, CustomTestStringConvertible {
    static let all = [
        ClockUnderTest(testDescription: "system") { SystemClock() },
        ClockUnderTest(testDescription: "system, on an event loop") { ClockOnEventLoop() },
        ClockUnderTest(testDescription: "virtual") { VirtualClock(Instant(milliseconds: 1_770_110_100_000)) },
    ]

    let testDescription: String
    let make: @Sendable () -> any Ports.Clock
}

/// The machine's clock as the daemon's tasks have it.
private struct ClockOnEventLoop: Ports.Clock {
    private static let executor = EventLoopExecutor(MultiThreadedEventLoopGroup.singleton.any())
    private let clock = SystemClock()

    func now() -> Instant { clock.now() }

    func sleep(until deadline: Instant) async throws {
        try await Self.executor.run { try await clock.sleep(until: deadline) }
    }
}
