/// One line of the table.
struct Row {
    enum Target {
        case atLeast(Double)
        case atMost(Double)
        case none
    }

    let name: String
    let unit: String
    let target: Target
    let median: Double
    let best: Double

    /// How much is done in a second.
    static func rate(_ name: String, _ unit: String, target: Target = .none, of count: Int, _ run: Timing) -> Row {
        Row(
            name: name, unit: unit + "/s", target: target, median: Double(count) / run.median,
            best: Double(count) / run.best)
    }

    /// How many milliseconds one of `count` takes.
    static func time(_ name: String, target: Target = .none, each count: Int = 1, _ run: Timing) -> Row {
        Row(
            name: name, unit: "ms", target: target, median: run.median * 1000 / Double(count),
            best: run.best * 1000 / Double(count))
    }

    var line: String {
        let (sign, aim) =
            switch target {
            case .atLeast(let limit): (median >= limit ? "ok" : "MISSED", "≥ \(Self.text(limit)) \(unit)")
            case .atMost(let limit): (median <= limit ? "ok" : "MISSED", "≤ \(Self.text(limit)) \(unit)")
            case .none: ("", "")
            }
        return "| \(sign) | \(name) | \(aim) | \(Self.text(median)) \(unit) | \(Self.text(best)) |"
    }

    private static func text(_ value: Double) -> String {
        if value >= 1_000_000 { return "\((value / 10_000).rounded() / 100) M" }
        if value >= 1000 { return "\((value / 1000).rounded()) k" }
        return "\((value * 1000).rounded() / 1000)"
    }
}
