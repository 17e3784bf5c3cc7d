package import Domain
import FoundationEssentials

/// Points in time as RFC 3339 in UTC, by the system's clock.
package enum TimeText {
    /// To the millisecond: `2026-02-03T09:00:00.120Z`.
    package static func precise(_ instant: Instant) -> String {
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        return date(instant).formatted(style)
    }

    /// To the second: `2026-02-03T09:00:00Z`.
    package static func seconds(_ instant: Instant) -> String {
        date(instant).formatted(.iso8601)
    }

    /// To the second, for people: `2026-02-03 09:00:00 UTC`.
    package static func words(_ instant: Instant) -> String {
        seconds(instant).replacing("T", with: " ").replacing("Z", with: " UTC")
    }

    /// What another program wrote in RFC 3339, with parts of a second or without; `nil` for anything else.
    package static func instant(_ text: String) -> Instant? {
        for hasFraction in [true, false] {
            let style = Date.ISO8601FormatStyle(includingFractionalSeconds: hasFraction)
            do {
                let seconds = try style.parse(text).timeIntervalSince1970
                // Whatever stands there, it must fit.
                guard abs(seconds) < 1e11 else { return nil }
                return WallClock.ofProcess.instant(at: Instant(milliseconds: Int64((seconds * 1000).rounded())))
            } catch {
                continue
            }
        }
        return nil
    }

    /// Far years are cut: `Date` does not print them.
    private static func date(_ instant: Instant) -> Date {
        let limit: Int64 = 32_503_680_000_000
        let shown = WallClock.ofProcess.time(of: instant)
        return Date(timeIntervalSince1970: Double(min(max(shown.milliseconds, -limit), limit)) / 1000)
    }
}
