/// A point in time as milliseconds since 1970-01-01T00:00:00Z.
///
/// Time is an input of the core: nothing in Domain reads a clock.
package struct Instant: Hashable, Comparable, Sendable {
    package var milliseconds: Int64

    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    package static func < (left: Instant, right: Instant) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// The instant `duration` later, rounded to the millisecond; saturates instead of overflowing.
    package static func + (instant: Instant, duration: Duration) -> Instant {
        let (sum, overflow) = instant.milliseconds.addingReportingOverflow(duration.milliseconds)
        if overflow { return Instant(milliseconds: duration < .zero ? .min : .max) }
        return Instant(milliseconds: sum)
    }

    /// The time from `earlier` to `later`, negative if they are the other way round.
    package static func - (later: Instant, earlier: Instant) -> Duration {
        .milliseconds(later.milliseconds.subtractingReportingOverflow(earlier.milliseconds).partialValue)
    }
}

extension Instant: Codable {
    package init(from decoder: any Decoder) throws {
        milliseconds = try decoder.singleValueContainer().decode(Int64.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(milliseconds)
    }
}

extension Duration {
    /// Whole milliseconds, rounded towards zero; saturates at the range of `Int64`.
    package var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        if overflow { return seconds < 0 ? .min : .max }
        let (sum, carried) = whole.addingReportingOverflow(attoseconds / 1_000_000_000_000_000)
        if carried { return seconds < 0 ? .min : .max }
        return sum
    }
}
