/// How long something took, for people.
package enum DurationWords {
    /// `0:05`, `12:34`, `1:02:03`.
    package static func clock(milliseconds: Int64) -> String {
        let seconds = max(0, milliseconds) / 1000
        func padded(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let minutes = seconds / 60
        return minutes < 60
            ? "\(minutes):\(padded(seconds % 60))" : "\(minutes / 60):\(padded(minutes % 60)):\(padded(seconds % 60))"
    }
}
