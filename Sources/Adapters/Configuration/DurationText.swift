/// Durations as operators write them: a plain number of seconds, or a number with `ms`, `s`, `m`, `h` or `d`.
enum DurationText {
    private static let units: [(suffix: String, seconds: Double)] = [
        ("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86400),
    ]

    /// Seconds; `nil` for what is not a finite, non-negative number.
    static func seconds(_ text: String) -> Double? {
        var digits = text[...]
        var factor = 1.0
        if let unit = units.first(where: { text.hasSuffix($0.suffix) }) {
            digits = text.dropLast(unit.suffix.count)
            factor = unit.seconds
        }
        guard let value = DecimalText.number(digits), value >= 0 else { return nil }
        let seconds = value * factor
        return seconds.isFinite ? seconds : nil
    }

    /// To the microsecond. The caller has checked the range.
    static func duration(seconds: Double) -> Duration {
        .microseconds(Int64((seconds * 1_000_000).rounded()))
    }

    /// The shortest decimal number of seconds that reads back as the same value.
    static func text(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let microseconds = attoseconds / 1_000_000_000_000
        guard microseconds != 0 else { return String(seconds) }
        let fraction = String(microseconds + 1_000_000).dropFirst()
        let shortened = fraction.reversed().drop(while: { $0 == "0" }).reversed()
        return "\(seconds).\(String(shortened))"
    }

    static func text(_ seconds: Double) -> String { text(duration(seconds: seconds)) }
}

/// Durations on the command line, written as in the configuration.
package enum DurationArgument {
    private static let longest = 366 * 86400.0

    /// `nil` for what is no duration, or longer than a year.
    package static func duration(_ text: String) -> Duration? {
        guard let seconds = DurationText.seconds(text), seconds <= longest else { return nil }
        return DurationText.duration(seconds: seconds)
    }
}
