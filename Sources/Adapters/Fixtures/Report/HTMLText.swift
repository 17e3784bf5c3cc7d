/// Text within a page, as content or within a quoted attribute.
enum HTMLText {
    /// What XML does not allow, and what would turn the text around it, is a question mark.
    static func escaped(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result.append(contentsOf: "&amp;".unicodeScalars)
            case "<": result.append(contentsOf: "&lt;".unicodeScalars)
            case ">": result.append(contentsOf: "&gt;".unicodeScalars)
            case "\"": result.append(contentsOf: "&quot;".unicodeScalars)
            case "'": result.append(contentsOf: "&#39;".unicodeScalars)
            case "\n", "\t": result.append(" ")
            case "\u{FFFE}", "\u{FFFF}", "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}": result.append("?")
            default: result.append(scalar.properties.generalCategory == .control ? "?" : scalar)
            }
        }
        return String(result)
    }

    /// A name of somebody else's, whatever direction it is written in.
    static func name(_ text: String) -> String { "<bdi>\(escaped(text))</bdi>" }
}
