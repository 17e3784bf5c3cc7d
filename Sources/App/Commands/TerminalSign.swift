/// A sign that says how something is, also without colour.
enum TerminalSign: String {
    case good = "✓"
    case warning = "!"
    case bad = "✗"
    case unknown = "·"

    func text(_ colours: Bool) -> String {
        guard colours else { return rawValue }
        let code =
            switch self {
            case .good: "32"
            case .warning: "33"
            case .bad: "31"
            case .unknown: "2"
            }
        return "\u{1B}[\(code)m\(rawValue)\u{1B}[0m"
    }
}
