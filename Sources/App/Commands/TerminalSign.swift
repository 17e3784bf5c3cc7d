import Adapters

/// A sign that says how something is, also without colour.
enum TerminalSign: String {
    case good = "✓"
    case warning = "!"
    case bad = "✗"
    case unknown = "·"

    func text(_ colours: Bool) -> String {
        let code =
            switch self {
            case .good: "32"
            case .warning: "33"
            case .bad: "31"
            case .unknown: "2"
            }
        return TerminalText(hasColours: colours).styled(rawValue, code)
    }
}
