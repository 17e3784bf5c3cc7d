/// Waiting times between looks that fail, with jitter on top, so that bridges that lost the same PBX do not come back
/// in step.
package struct RetryPace: Hashable, Sendable, Codable {
    /// The shortest wait after the first, second … failure in a row; the last one holds from then on.
    package var shortest: [Duration]
    /// How much jitter adds at most, as a part of the shortest wait.
    package var spread: Double

    package init(shortest: [Duration], spread: Double) {
        self.shortest = shortest
        self.spread = spread
    }

    /// 1 … 5 s, however long it lasts: until the PBX is back no call is seen, and one question in 5 s costs nobody
    /// anything.
    package static let passing = RetryPace(shortest: [1, 1, 2, 4].map { .seconds($0) }, spread: 0.25)

    /// 3CX blocks an address after a few rejected logins, and with it often a whole office: after 1, 5 and then every
    /// 15 minutes no more than three fall into ten minutes.
    package static let refusedLogin = RetryPace(shortest: [60, 300, 900].map { .seconds($0) }, spread: 0)

    /// Up to 5 s, for what only an operator can change, who should not have to wait long for the result. A PBX that is
    /// being updated looks the same for a while, and must not be asked late when it is back.
    package static let standing = RetryPace(shortest: [2, 5].map { .seconds($0) }, spread: 0)

    /// `failures`: how many in a row, at least 1. `jitter`: a random number in 0 ..< 1.
    package func delay(afterFailures failures: Int, jitter: Double) -> Duration {
        guard let last = shortest.last else { return .zero }
        let index = max(0, failures - 1)
        let milliseconds = (index < shortest.count ? shortest[index] : last).milliseconds
        // Compared this way round so that a jitter which is no number counts as none.
        let part = jitter > 0 ? min(jitter, 1) : 0
        return .milliseconds(milliseconds + Int64(Double(milliseconds) * spread * part))
    }
}
