/// Waiting times that grow with every failure in a row, with jitter, so that those who have failed together do not come
/// back together.
package struct Backoff: Hashable, Sendable, Codable {
    /// After the first, second … failure in a row; the last one holds from then on.
    package var schedule: [Duration]
    /// How long a wait is at least and at most, as parts of its time in the schedule.
    package var spread: ClosedRange<Double>

    package init(schedule: [Duration], spread: ClosedRange<Double> = 0...1) {
        self.schedule = schedule
        self.spread = spread
    }

    /// Deliveries to Zammad: 0.25, 0.5, 1, 2, 4, 8, then 15 s.
    package static let delivery = Backoff(
        schedule: [.milliseconds(250), .milliseconds(500)] + [1, 2, 4, 8, 15].map { .seconds($0) }
    )

    /// Polls that fail: 1 … 5 s, however long it lasts. Until the PBX is back no call is seen, and one question in 5 s
    /// costs nobody anything.
    package static let temporary = Backoff(schedule: [1, 1, 2, 4].map { .seconds($0) }, spread: 1...1.25)

    /// 3CX blocks an address after a few rejected logins, and with it often a whole office: after 1, 5 and then every
    /// 15 minutes no more than three fall into ten minutes.
    package static let refusedLogin = Backoff(schedule: [60, 300, 900].map { .seconds($0) }, spread: 1...1)

    /// Up to 5 s, for what only an operator can change, who should not have to wait long for the result. A PBX that is
    /// being updated looks the same for a while, and must not be asked late when it is back.
    package static let needsOperator = Backoff(schedule: [2, 5].map { .seconds($0) }, spread: 1...1)

    /// What `Retry-After` asks for, within reason: a maintenance page says an hour and is over in a minute.
    package static func wait(askedFor seconds: Int64, withStatus status: Int) -> Duration {
        .seconds(min(max(seconds, 0), status == 429 ? 60 : 15))
    }

    /// `failures`: how many in a row, at least 1. `jitter`: a random number in 0 ..< 1.
    package func delay(afterFailures failures: Int, jitter: Double) -> Duration {
        guard let last = schedule.last else { return .zero }
        let index = max(0, failures - 1)
        let listed = Double((index < schedule.count ? schedule[index] : last).milliseconds)
        // Compared this way round so that a jitter which is no number counts as none.
        let part = jitter > 0 ? min(jitter, 1) : 0
        let added = listed * (spread.upperBound - spread.lowerBound) * part
        return .milliseconds(Int64(listed * spread.lowerBound) + Int64(added))
    }
}
