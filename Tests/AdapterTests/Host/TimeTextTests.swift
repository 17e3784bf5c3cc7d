import Domain
import Testing

@testable import Wire

@Suite("Times of other programs")
struct TimeTextTests {
    @Test(
        "are read in all forms of RFC 3339",
        arguments: [
            ("2026-02-03T09:15:01Z", 1_770_110_101_000), ("2026-02-03T09:15:01.1234567Z", 1_770_110_101_123),
            ("2026-02-03T10:15:01.5+01:00", 1_770_110_101_500), ("2026-02-03T04:45:01-04:30", 1_770_110_101_000),
            ("1970-01-01T00:00:00.000000000Z", 0), ("2024-02-29T00:00:00Z", 1_709_164_800_000),
            ("2024-03-01T00:00:00z", 1_709_251_200_000), ("1969-12-31T23:59:59Z", -1000), ("", nil), ("2026", nil),
            ("2026-02-03T09:15:01", nil), ("2026-13-03T09:15:01Z", nil),
            ("ä026-02-03T09:15:01Z", nil),
            ("2026-02-03T09:15:0", nil),
        ] as [(String, Int64?)]
    )
    func forms(_ text: String, _ milliseconds: Int64?) {
        #expect(TimeText.instant(text)?.milliseconds == milliseconds)
    }
}
