import Testing

/// Prometheus' text format, read strictly: what `promtool check metrics` would refuse is a failure here.
struct PrometheusDocument {
    struct Malformed: Error, CustomStringConvertible {
        let description: String
    }

    struct Sample: Equatable {
        var name: String
        var labels: [String: String]
        var value: Double
    }

    struct Metric: Equatable {
        var type: String
        var help: String
        var samples: [Sample] = []
    }

    private(set) var metrics: [String: Metric] = [:]

    init(_ text: String) throws {
        guard text.hasSuffix("\n") else { throw Malformed(description: "no line feed at the end") }
        var (current, help) = ("", "")
        for line in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
            if let match = line.wholeMatch(of: /# HELP ([a-z_]+) (.+)/) {
                (current, help) = (String(match.1), String(match.2))
            } else if let match = line.wholeMatch(of: /# TYPE ([a-z_]+) (counter|gauge|histogram)/) {
                guard match.1 == current, metrics[current] == nil else { throw Malformed(description: "\(line)") }
                metrics[current] = Metric(type: String(match.2), help: help)
            } else {
                let sample = try Self.sample(line)
                guard let type = metrics[current]?.type,
                    sample.name == current
                        || (type == "histogram"
                            && ["_bucket", "_sum", "_count"].contains { sample.name == current + $0 })
                else { throw Malformed(description: "a sample of another metric: \(line)") }
                metrics[current]?.samples.append(sample)
            }
        }
    }

    private static func sample(_ line: Substring) throws -> Sample {
        guard let match = line.wholeMatch(of: /([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)/),
            let value = Double(String(match.3))
        else { throw Malformed(description: "no sample: \(line)") }
        var labels: [String: String] = [:]
        if var rest = match.2 {
            while !rest.isEmpty {
                guard let label = rest.prefixMatch(of: /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(,|$)/),
                    labels.updateValue(String(label.2), forKey: String(label.1)) == nil
                else { throw Malformed(description: "no label: \(line)") }
                rest = rest[label.range.upperBound...]
            }
        }
        return Sample(name: String(match.1), labels: labels, value: value)
    }

    func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        metrics.values.flatMap(\.samples).first { $0.name == name && $0.labels == labels }?.value
    }
}
