import Ports

/// Collects what is wrong and what is odd while the settings are read.
struct Findings {
    /// More would help nobody: a file with so many faults is not a configuration.
    static let limit = 100

    private(set) var problems: [ConfigurationProblem] = []
    private(set) var warnings: [ConfigurationProblem] = []
    /// Those of the warnings that tell why a value is missing that seems to be there.
    private(set) var losses: [ConfigurationProblem] = []

    var isFull: Bool { problems.count >= Self.limit }

    mutating func error(_ message: String, at location: ConfigurationLocation?, remedy: String) {
        error(ConfigurationProblem(message, at: location, remedy: remedy))
    }

    mutating func error(_ problem: ConfigurationProblem) {
        // What several entries have in common is read with each of them.
        guard !isFull, !problems.contains(problem) else { return }
        problems.append(problem)
    }

    mutating func warn(_ message: String, at location: ConfigurationLocation?, remedy: String) {
        warn(ConfigurationProblem(message, at: location, remedy: remedy))
    }

    mutating func warn(_ warning: ConfigurationProblem, ofLoss isLoss: Bool = false) {
        guard warnings.count < Self.limit, !warnings.contains(warning) else { return }
        warnings.append(warning)
        if isLoss { losses.append(warning) }
    }

    /// - Parameter mapping: What the key stands in, such as `Zammad.match`.
    mutating func unknownKey(_ field: YAMLValue.Field, in mapping: String, known: [String]) {
        error(
            "unknown key \"\(field.name.excerpt)\" in \(mapping)", at: field.nameLocation,
            remedy: NearestName.remedy(for: field.name, among: known, "the keys are"))
    }

    /// In the order of the file; what has no place in it comes last.
    static func sorted(_ list: [ConfigurationProblem]) -> [ConfigurationProblem] {
        func rank(_ problem: ConfigurationProblem) -> (Int, Int) {
            if case .position(_, let line, let column) = problem.location { return (line, column) }
            return (.max, 0)
        }
        // Swift's sort keeps the order of equals.
        return list.sorted { rank($0) < rank($1) }
    }
}
