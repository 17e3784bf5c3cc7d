import Domain

/// Calls and deliveries of the last hour, minute by minute, in constant space; an event costs the same however many
/// there were.
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

    static let length = 60

    private var minutes = [Minute](repeating: Minute(), count: length)
    /// The latest minute that something was counted in, in minutes since 1970.
    private var newest: Int64?

    init() {}

    mutating func countCall(at now: Instant) {
        guard let slot = slot(at: now) else { return }
        minutes[slot].calls += 1
    }

    /// `wait`: from what happened in the PBX to Zammad's answer.
    mutating func countDelivery(after wait: Duration, at now: Instant) {
        guard let slot = slot(at: now) else { return }
        let wait = max(.zero, wait)
        minutes[slot].deliveries += 1
        minutes[slot].waited += wait
        minutes[slot].longestWait = max(minutes[slot].longestWait, wait)
    }

    /// The minutes up to the one that `now` is in, oldest first, each with its beginning.
    func series(at now: Instant) -> [(start: Instant, minute: Minute)] {
        let last = Self.minute(of: now)
        return (0..<Int64(Self.length)).map { index in
            let minute = last - Int64(Self.length) + 1 + index
            let start = Instant(milliseconds: minute * 60_000)
            guard let newest, minute <= newest, minute > newest - Int64(Self.length) else { return (start, Minute()) }
            return (start, minutes[Self.slot(of: minute)])
        }
    }

    /// `nil` for an instant more than an hour before the latest.
    private mutating func slot(at now: Instant) -> Int? {
        let minute = Self.minute(of: now)
        guard let latest = newest else {
            newest = minute
            return Self.slot(of: minute)
        }
        if minute > latest {
            for step in 1...min(minute - latest, Int64(Self.length)) {
                minutes[Self.slot(of: minute - step + 1)] = Minute()
            }
            newest = minute
        } else if minute <= latest - Int64(Self.length) {
            return nil
        }
        return Self.slot(of: minute)
    }

    /// Rounded down, and far from the ends of `Int64`.
    private static func minute(of instant: Instant) -> Int64 {
        let milliseconds = min(max(instant.milliseconds, .min / 4), .max / 4)
        let minute = milliseconds / 60_000
        return milliseconds % 60_000 < 0 ? minute - 1 : minute
    }

    private static func slot(of minute: Int64) -> Int {
        let rest = Int(minute % Int64(length))
        return rest < 0 ? rest + length : rest
    }
}
