package import Domain
package import Ports
package import Wire

/// How fast a script is played. The bridge's own waiting times follow, so that it sees what it would see in real time.
package struct DemoPace: Sendable {
    /// How often the time of the script goes into that of the clock.
    package let speed: Double
    private let clock: any Clock

    package init(speed: Double, clock: any Clock) {
        self.speed = speed
        self.clock = clock
    }

    package func now() -> Instant { clock.now() }

    /// Waits until so much of the script has passed since `start`.
    package func wait(_ milliseconds: Int64, since start: Instant) async throws {
        try await clock.sleep(until: instant(milliseconds, since: start))
    }

    /// When so much of the script has passed.
    package func instant(_ milliseconds: Int64, since start: Instant) -> Instant {
        start + .microseconds(Int64(Double(milliseconds) * 1000 / speed))
    }

    /// Waits for `condition`, looking often, for `limit` at most.
    package func wait(upTo limit: Duration, for condition: () -> Bool) async throws {
        let deadline = clock.now() + limit
        while !condition(), clock.now() < deadline {
            try await clock.sleep(until: clock.now() + .milliseconds(10))
        }
    }

    /// Seconds of the script in those of the clock, for the configuration.
    package func scaled(_ seconds: Double, atLeast least: Double) -> JSONValue {
        .fraction(max(least, (seconds / speed * 1000).rounded() / 1000))
    }
}
