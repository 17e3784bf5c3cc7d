import Domain
import Synchronization
import Testing

@testable import Adapters
@testable import Wire

@Suite("The clock of the process")
struct WallClockTests {
    /// The system's clock, which somebody sets.
    private final class SystemTime: Sendable {
        private let ahead = Mutex<Int64>(0)

        func set(by milliseconds: Int64) { ahead.withLock { $0 += milliseconds } }

        func now() -> Instant { SystemClock().now() + .milliseconds(ahead.withLock { $0 }) }
    }

    @Test(
        "goes on as it was when the system's clock is set, and tells times by it", arguments: [3_600_000, -86_400_000])
    func step(_ milliseconds: Int64) throws {
        let system = SystemTime()
        let clock = WallClock { system.now() }
        #expect(clock.followSteps() == nil)
        let before = clock.now()
        #expect(clock.time(of: before) == before)
        system.set(by: milliseconds)
        let step = try #require(clock.followSteps())
        #expect(abs(step.milliseconds - milliseconds) < 200)
        #expect(clock.followSteps() == nil, "it is said once")
        let after = clock.now()
        #expect((Duration.zero...(.seconds(30))).contains(after - before))
        let shown = clock.time(of: before)
        #expect(abs((shown - before).milliseconds - milliseconds) < 200, "also what was before")
        #expect(clock.instant(at: shown) == before)
        system.set(by: -milliseconds)
        #expect(clock.followSteps() != nil)
        #expect(abs((clock.time(of: before) - before).milliseconds) < 200)
    }

    @Test("takes no small correction for a step")
    func correction() {
        let system = SystemTime()
        let clock = WallClock { system.now() }
        let before = clock.now()
        system.set(by: 700)
        #expect(clock.followSteps() == nil)
        #expect(clock.time(of: before) == before)
    }

    @Test("is one, however often it is made")
    func one() {
        let first = SystemClock()
        let now = first.now()
        #expect(SystemClock().now() - now < .seconds(30))
        #expect(SystemClock().now() >= now)
    }
}
