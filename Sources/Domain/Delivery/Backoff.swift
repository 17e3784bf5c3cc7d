/// Waiting times that grow with every failure in a row, with full jitter, so that many waiting lanes do not come at
/// once.
package struct Backoff: Equatable, Sendable, Codable {
    package var schedule: [Duration]

    package init(schedule: [Duration]) {
        self.schedule = schedule
    }

    /// Deliveries to Zammad: 0.25, 0.5, 1, 2, 4, 8, then 15 s.
    package static let delivery = Backoff(
        schedule: [.milliseconds(250), .milliseconds(500)] + [1, 2, 4, 8, 15].map { .seconds($0) }
    )

    /// What `Retry-After` asks for, within reason: a maintenance page says an hour and is over in a minute.
    package static func wait(askedFor seconds: Int64, withStatus status: Int) -> Duration {
        .seconds(min(max(seconds, 0), status == 429 ? 60 : 15))
    }

    /// `failures`: how many in a row, at least 1. `jitter`: a random number in 0 ..< 1.
    package func delay(afterFailures failures: Int, jitter: Double) -> Duration {
        guard let last = schedule.last else { return .zero }
        let index = max(0, failures - 1)
        let longest = index < schedule.count ? schedule[index] : last
        return .milliseconds(Int64(Double(longest.milliseconds) * min(max(jitter, 0), 1)))
    }
}
