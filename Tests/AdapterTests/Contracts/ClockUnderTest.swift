import Domain
import Ports
import Testing

@testable import Adapters

/// Every clock there is.
struct ClockUnderTest: Sendable, CustomTestStringConvertible {
    static let all = [
        ClockUnderTest(testDescription: "system") { SystemClock() },
        ClockUnderTest(testDescription: "virtual") { VirtualClock(Instant(milliseconds: 1_770_110_100_000)) },
    ]

    let testDescription: String
    let make: @Sendable () -> any Ports.Clock
}
