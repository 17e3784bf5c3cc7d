import Domain
import Ports
import Testing

@testable import Adapters

@Suite("Every clock", .timeLimit(.minutes(10)))
struct ClockContractTests {
    @Test("never goes backwards", arguments: ClockUnderTest.all)
    func monotonic(_ made: ClockUnderTest) async throws {
        let clock = made.make()
        var last = clock.now()
        for step in 0..<200 {
            if step % 50 == 0 { try await clock.sleep(until: last + .milliseconds(2)) }
            let now = clock.now()
            #expect(now >= last)
            last = now
        }
    }

    @Test("sleeps until the instant or later", arguments: ClockUnderTest.all)
    func sleeps(_ made: ClockUnderTest) async throws {
        let clock = made.make()
        for milliseconds in [1, 20, 45] as [Int64] {
            let deadline = clock.now() + .milliseconds(milliseconds)
            try await clock.sleep(until: deadline)
            #expect(clock.now() >= deadline)
        }
    }

    @Test("returns at once from a sleep until an instant that has passed", arguments: ClockUnderTest.all)
    func past(_ made: ClockUnderTest) async throws {
        let clock = made.make()
        let before = clock.now()
        try await clock.sleep(until: Instant(milliseconds: 0))
        try await clock.sleep(until: before)
        #expect(clock.now() - before < .seconds(30))
    }

    @Test("throws CancellationError to a task that is cancelled", arguments: ClockUnderTest.all)
    func cancelled(_ made: ClockUnderTest) async throws {
        let clock = made.make()
        let sleeping = Task {
            // Cancelled before or while it sleeps; the loop is for the clock whose sleep takes no time.
            while true { try await clock.sleep(until: clock.now() + .seconds(600)) }
        }
        sleeping.cancel()
        await #expect(throws: CancellationError.self) { try await sleeping.value }
    }

    @Test("the machine's clock tells the time of day")
    func timeOfDay() {
        // 2026-01-01
        #expect(SystemClock().now() > Instant(milliseconds: 1_767_225_600_000))
    }
}
