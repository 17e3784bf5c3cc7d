#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

import Domain
import Wire

/// Times for people at the terminal, in the zone of the machine on which the program runs. What programs read is in
/// UTC.
enum LocalTime {
    /// `12:01:03`
    static func text(_ instant: Instant) -> String { text(milliseconds: instant.milliseconds) }

    static func text(milliseconds: Int64) -> String { formatted(milliseconds, "%H:%M:%S") }

    /// `2026-02-03`
    static func day(_ instant: Instant) -> String { formatted(instant.milliseconds, "%Y-%m-%d") }

    /// `2026-02-03 12:01:03`
    static func dayAndTime(_ instant: Instant) -> String { formatted(instant.milliseconds, "%Y-%m-%d %H:%M:%S") }

    /// `12:01:03.120`
    static func precise(_ instant: Instant) -> String {
        let fraction = ((instant.milliseconds % 1000) + 1000) % 1000
        let start = instant.milliseconds - fraction
        return text(milliseconds: start) + "." + String(String(1000 + fraction).dropFirst())
    }

    /// `UTC`, or `CET, UTC+01:00`: what the other times are in.
    static func zone(_ instant: Instant) -> String {
        let (name, offset) = (formatted(instant.milliseconds, "%Z"), formatted(instant.milliseconds, "%z"))
        return name == "UTC" ? name : "\(name), UTC\(offset.prefix(3)):\(offset.dropFirst(3))"
    }

    /// Of a time in RFC 3339; what is none stays as it is.
    static func text(_ rfc3339: String) -> String { TimeText.instant(rfc3339).map { text($0) } ?? rfc3339 }

    static func dayAndTime(_ rfc3339: String) -> String { TimeText.instant(rfc3339).map { dayAndTime($0) } ?? rfc3339 }

    private static func formatted(_ milliseconds: Int64, _ format: String) -> String {
        let shown = WallClock.ofProcess.time(of: Instant(milliseconds: milliseconds))
        var seconds = time_t(shown.milliseconds / 1000)
        var parts = tm()
        var buffer = [CChar](repeating: 0, count: 64)
        guard localtime_r(&seconds, &parts) != nil else { return "--" }
        let count = strftime(&buffer, buffer.count, format, &parts)
        return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
