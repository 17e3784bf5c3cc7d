/// Colours of a terminal, or none.
package struct TerminalText: Sendable {
    package let hasColours: Bool

    package init(hasColours: Bool) {
        self.hasColours = hasColours
    }

    func good(_ text: String) -> String { styled(text, "32") }
    func bad(_ text: String) -> String { styled(text, "31") }
    func warning(_ text: String) -> String { styled(text, "33") }
    func accent(_ text: String) -> String { styled(text, "36") }
    func strong(_ text: String) -> String { styled(text, "1") }
    func quiet(_ text: String) -> String { styled(text, "2") }
    /// What is missing or surplus within a line of its colour.
    func badMark(_ text: String) -> String { styled(text, "1;4;31") }
    func goodMark(_ text: String) -> String { styled(text, "1;4;32") }

    /// `code`: of ECMA-48, as terminals know it.
    package func styled(_ text: String, _ code: String) -> String {
        hasColours && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
