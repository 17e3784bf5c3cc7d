@testable import Adapters
@testable import Played
import Domain
import Testing

@Suite("The last hour")
struct LastHourTests {
    private let start = Instant(milliseconds: 1_770_109_200_000)

    private func minutes(_ count: Int) -> Duration { .seconds(60 * count) }

    @Test("is sixty minutes, empty at first, the oldest first")
    func empty() {
        let series = LastHour().series(at: start + .seconds(59))
        #expect(series.count == 60)
        #expect(series.allSatisfy { $0.minute == LastHour.Minute() })
        #expect(series.first?.start == start + minutes(-59))
        #expect(series.last?.start == start)
    }

    @Test("counts calls and deliveries in the minute in which they happened")
    func counting() {
        var hour = LastHour()
        hour.countCall(at: start)
        hour.countCall(at: start + .seconds(59.9))
        hour.countCall(at: start + minutes(1))
        hour.countDelivery(after: .milliseconds(100), at: start + minutes(2))
        hour.countDelivery(after: .milliseconds(300), at: start + minutes(2))
        let series = hour.series(at: start + minutes(3)).map(\.minute)
        #expect(series.map(\.calls).suffix(4) == [2, 1, 0, 0])
        #expect(series[58].deliveries == 2)
        #expect(series[58].meanWait == .milliseconds(200) && series[58].longestWait == .milliseconds(300))
        #expect(series[57].meanWait == nil)
    }

    @Test("forgets what is older, however long nothing happened", arguments: [60, 61, 119, 120, 1_000, 1_000_000])
    func forgetting(later: Int) {
        var hour = LastHour()
        for minute in 0..<60 { hour.countCall(at: start + minutes(minute)) }
        #expect(hour.series(at: start + minutes(59)).map(\.minute.calls) == Array(repeating: 1, count: 60))
        let after = start + minutes(59 + later)
        #expect(hour.series(at: after).allSatisfy { $0.minute.calls == 0 })
        hour.countCall(at: after)
        #expect(hour.series(at: after).map(\.minute.calls).reduce(0, +) == 1)
    }

    @Test("agrees with a plain list of what happened")
    func model() {
        var (hour, events, now) = (LastHour(), [Instant](), start)
        var random = SplitMix64(seed: 3)
        for _ in 0..<2_000 {
            now = now + .seconds(Int.random(in: 0...200, using: &random))
            if Bool.random(using: &random) {
                hour.countCall(at: now)
                events.append(now)
            }
            let first = now.milliseconds / 60_000 - 59
            let expected = events.count { $0.milliseconds / 60_000 >= first }
            #expect(hour.series(at: now).map(\.minute.calls).reduce(0, +) == expected)
        }
    }

    @Test("takes an event that is told late, and leaves out one that is too late; odd times do no harm")
    func oddTimes() {
        var hour = LastHour()
        hour.countCall(at: start)
        hour.countCall(at: start + minutes(-59))
        hour.countCall(at: start + minutes(-60))
        #expect(hour.series(at: start).map(\.minute.calls).reduce(0, +) == 2)
        for milliseconds in [Int64.min, -1, 0, .max] {
            let instant = Instant(milliseconds: milliseconds)
            hour.countCall(at: instant)
            hour.countDelivery(after: .seconds(-5), at: instant)
            #expect(hour.series(at: instant).count == 60)
        }
    }
}
