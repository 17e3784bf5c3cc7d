import Domain

/// Writes Prometheus' text format.
struct PrometheusText {
    enum Kind: String {
        case counter
        case gauge
        case histogram
    }

    typealias Labels = [(name: String, value: String)]

    /// Adds the samples of one metric.
    struct Samples {
        fileprivate let name: String
        fileprivate var lines: [String] = []

        mutating func sample(_ value: some Numeric, _ labels: Labels = []) {
            lines.append("\(name)\(PrometheusText.text(labels)) \(value)")
        }
    }

    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private var lines: [String] = []

    var text: String { lines.joined(separator: "\n") + "\n" }

    mutating func metric(_ name: String, _ kind: Kind, _ help: String, _ add: (inout Samples) -> Void) {
        head(name, kind, help)
        var samples = Samples(name: name)
        add(&samples)
        lines += samples.lines
    }

    mutating func histogram(_ name: String, _ help: String, _ all: [(labels: Labels, times: DeliveryTimes)]) {
        head(name, .histogram, help)
        for (labels, times) in all {
            var sum = 0
            for (bound, count) in zip(DeliveryTimes.bounds.map { "\($0)" } + ["+Inf"], times.counts) {
                sum += count
                lines.append("\(name)_bucket\(Self.text(labels + [("le", bound)])) \(sum)")
            }
            lines.append("\(name)_sum\(Self.text(labels)) \(Double(times.sum.milliseconds) / 1000)")
            lines.append("\(name)_count\(Self.text(labels)) \(times.count)")
        }
    }

    private mutating func head(_ name: String, _ kind: Kind, _ help: String) {
        lines.append("# HELP \(name) \(help.replacing("\\", with: "\\\\").replacing("\n", with: "\\n"))")
        lines.append("# TYPE \(name) \(kind.rawValue)")
    }

    private static func text(_ labels: Labels) -> String {
        guard !labels.isEmpty else { return "" }
        let pairs = labels.map { "\($0.name)=\"\(escaped($0.value))\"" }
        return "{\(pairs.joined(separator: ","))}"
    }

    private static func escaped(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
