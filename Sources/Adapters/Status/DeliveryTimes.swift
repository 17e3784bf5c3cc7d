import Domain

/// How long deliveries took, counted in buckets as Prometheus wants them.
struct DeliveryTimes: Equatable, Sendable {
    /// Upper bounds in seconds.
    static let bounds: [Double] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300]

    /// One for each bound and one for all above; not cumulated.
    private(set) var counts = [Int](repeating: 0, count: bounds.count + 1)
    private(set) var sum: Duration = .zero

    var count: Int { counts.reduce(0, +) }

    mutating func record(_ wait: Duration) {
        let seconds = Double(max(0, wait.milliseconds)) / 1000
        let index = Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count
        counts[index] += 1
        sum += max(.zero, wait)
    }
}
