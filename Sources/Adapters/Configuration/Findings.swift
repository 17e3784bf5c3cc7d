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

    mutating func error(
        _ message: String, at location: ConfigurationLocation?, remedy: String, excerpt: [String] = []
    ) {
        let problem = ConfigurationProblem(message, at: location, remedy: remedy, excerpt: excerpt)
        // What several entries have in common is read with each of them.
        guard !isFull, !problems.contains(problem) else { return }
        problems.append(problem)
    }

    mutating func warn(
        _ message: String, at location: ConfigurationLocation?, remedy: String, excerpt: [String] = [],
        ofLoss isLoss: Bool = false
    ) {
        let warning = ConfigurationProblem(message, at: location, remedy: remedy, excerpt: excerpt)
        guard warnings.count < Self.limit, !warnings.contains(warning) else { return }
        warnings.append(warning)
        if isLoss { losses.append(warning) }
    }

    /// In the order of the file; what has no place in it comes last.
    static func sorted(_ list: [ConfigurationProblem]) -> [ConfigurationProblem] {
        func rank(_ problem: ConfigurationProblem) -> (Int, Int) {
            if case .position(_, let line, let column) = problem.location { return (line, column) }
            return (.max, 0)
        }
        return list.enumerated()
            .sorted { left, right in
                let (leftRank, rightRank) = (rank(left.element), rank(right.element))
                return leftRank == rightRank ? left.offset < right.offset : leftRank < rightRank
            }
            .map(\.element)
    }
}
