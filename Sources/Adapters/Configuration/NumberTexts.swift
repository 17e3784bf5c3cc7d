/// Numbers as YAML and people write them; Swift's own parsers also take `nan`, `inf` and hexadecimal.
enum DecimalText {
    /// Finite decimal numbers, with an optional sign, fraction and exponent.
    static func number(_ text: Substring) -> Double? {
        let allowed = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "-"),
                UInt8(ascii: "e"), UInt8(ascii: "E"):
                true
            default: false
            }
        }
        guard allowed, text.utf8.count <= 40, let value = Double(text), value.isFinite else { return nil }
        return value
    }

    /// Whole numbers, also as `5.0`. A leading zero is refused: YAML 1.1 would read `010` as eight.
    static func integer(_ text: String) -> Int? {
        let digits = text.drop(while: { $0 == "+" || $0 == "-" })
        if digits.count > 1, digits.hasPrefix("0"), !digits.hasPrefix("0.") { return nil }
        guard let value = number(text[...]), value.rounded() == value, abs(value) < 1e15 else { return nil }
        return Int(value)
    }
}

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
