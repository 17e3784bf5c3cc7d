/// Text for man pages: roff with the macros of man(7).
enum ManualText {
    /// Literal text. A line must not begin with a control character, and a hyphen must stay one that can be copied.
    static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "\\": result += "\\e"
            case "-": result += "\\-"
            case "\n": result += " "
            case "…": result += "..."
            case "–": result += "\\(en"
            default: result.append(character)
            }
        }
        return result.hasPrefix(".") || result.hasPrefix("'") ? "\\&" + result : result
    }

    /// Markdown as the tables of the configuration have it: `code` in bold, *emphasis* in italics.
    static func markdown(_ text: String) -> String {
        let pieces = text.split(separator: "`", omittingEmptySubsequences: false)
        return pieces.enumerated().map { index, piece in
            index.isMultiple(of: 2) ? emphasised(String(piece)) : "\\fB\(escaped(String(piece)))\\fR"
        }.joined()
    }

    private static func emphasised(_ text: String) -> String {
        let pieces = text.split(separator: "*", omittingEmptySubsequences: false)
        return pieces.enumerated().map { index, piece in
            let text = escaped(String(piece))
            return index.isMultiple(of: 2) ? text : "\\fI\(text)\\fR"
        }.joined()
    }

    static func bold(_ text: String) -> String { "\\fB\(escaped(text))\\fR" }

    static func italic(_ text: String) -> String { "\\fI\(escaped(text))\\fR" }

    /// Each paragraph with its request before it; a heading is one for the first that follows it.
    static func paragraphs(_ text: String, afterHeading: Bool = false) -> [String] {
        let lines = text.split(separator: "\n\n").flatMap { [".PP", markdown(String($0))] }
        return Array(afterHeading ? lines.dropFirst() : lines[...])
    }
}
