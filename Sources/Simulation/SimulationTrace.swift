/// The lines of one run's trace.
final class SimulationTrace {
    private(set) var lines: [String] = []

    /// `time`: milliseconds of the virtual clock.
    func add(_ line: String, at time: Int64) {
        let seconds = (time < 0 ? "-" : "") + String(abs(time) / 1000)
        let fraction = String(1000 + abs(time) % 1000).dropFirst()
        lines.append(String(repeating: " ", count: max(0, 5 - seconds.count)) + "\(seconds).\(fraction)  \(line)")
    }
}
