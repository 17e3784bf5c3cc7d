import Domain

extension ServerDate {
    /// An answer may be that old, and clocks that go right differ by less.
    private static let tolerance: Duration = .seconds(60)

    /// `difference`: how much later it is there than here.
    static func finding(of server: String, ahead difference: Duration) -> CheckFinding {
        guard difference > tolerance || difference < .zero - tolerance else {
            return .ok(.clock, "the clock of \(server) agrees with this machine's")
        }
        let seconds = abs(difference.milliseconds / 1000)
        return .warning(
            .clock,
            "the clock of \(server) is \(seconds) s \(difference > .zero ? "ahead of" : "behind") this machine's, so "
                + "that times in Zammad and in the bridge's log differ",
            remedy: "set both by NTP")
    }
}
