extension String {
    /// The text with every control character and line separator as `?`: paths and values come from outside, and what is
    /// printed about them stays on its line.
    package var withoutControlCharacters: String {
        var result = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator, .format: result.append("?")
            default: result.append(scalar)
            }
        }
        return String(result)
    }

    /// The beginning of a text from outside, fit for one line of a message.
    package var excerpt: String {
        (count > 40 ? prefix(40) + "…" : self).withoutControlCharacters
    }
}
