import Domain

/// Calls and deliveries of the last hour, minute by minute.
struct LastHour: Equatable, Sendable {
    struct Minute: Equatable, Sendable {
        var calls = 0
        var deliveries = 0
        /// Of all its deliveries together.
        var waited: Duration = .zero
        var longestWait: Duration = .zero

        /// `nil` without deliveries.
        var meanWait: Duration? { deliveries == 0 ? nil : waited / deliveries }
    }

    private static let length: Int64 = 60

    /// Those in which something was counted, in minutes since 1970. None is an hour older than the latest.
    private var minutes: [Int64: Minute] = [:]

    mutating func countCall(at now: Instant) {
        change(at: now) { $0.calls += 1 }
    }

    /// `wait`: from what happened in the PBX to Zammad's answer.
    mutating func countDelivery(after wait: Duration, at now: Instant) {
        let wait = max(.zero, wait)
        change(at: now) { minute in
            minute.deliveries += 1
            minute.waited += wait
            minute.longestWait = max(minute.longestWait, wait)
        }
    }

    /// The minutes up to the one that `now` is in, oldest first, each with its beginning.
    func series(at now: Instant) -> [(start: Instant, minute: Minute)] {
        let last = Self.minute(of: now)
        return (last - Self.length + 1...last).map { minute in
            (Instant(milliseconds: minute * 60_000), minutes[minute] ?? Minute())
        }
    }

    private mutating func change(at now: Instant, _ change: (inout Minute) -> Void) {
        change(&minutes[Self.minute(of: now), default: Minute()])
        guard let latest = minutes.keys.max() else { return }
        minutes = minutes.filter { $0.key > latest - Self.length }
    }

    /// Far from the ends of `Int64`.
    private static func minute(of instant: Instant) -> Int64 {
        min(max(instant.milliseconds, .min / 4), .max / 4) / 60_000
    }
}
