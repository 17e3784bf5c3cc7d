import Ports

/// The forms that one text takes in bodies and addresses.
extension TraceMask {
    /// What is no escape stands for itself.
    static func percentDecoded(_ text: Substring) -> String {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
                let byte = UInt8(String(decoding: bytes[(index + 1)...(index + 2)], as: UTF8.self), radix: 16)
            {
                result.append(byte)
                index += 3
            } else {
                result.append(bytes[index] == UInt8(ascii: "+") ? UInt8(ascii: " ") : bytes[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The text that a web page shows: its title and what stands between the tags. Tags have tokens in their attributes.
    static func withoutTags(_ page: String) -> String {
        var result = String.UnicodeScalarView()
        var tag = ""
        var isTag = false
        var silent: String?
        for scalar in page.unicodeScalars {
            if !isTag, scalar == "<" {
                (isTag, tag) = (true, "")
            } else if isTag, scalar == ">" {
                isTag = false
                let name = tag.lowercased().prefix { $0 == "/" || $0.isLetter }
                if let element = silent {
                    if name == "/" + element { silent = nil }
                } else if ["script", "style"].contains(name) {
                    silent = String(name)
                }
                result.append(" ")
            } else if isTag {
                if tag.utf8.count < 20 { tag.unicodeScalars.append(scalar) }
            } else if silent == nil {
                result.append(scalar)
            }
        }
        return String(result)
    }

    /// Blanks of all kinds as one blank, other control characters as question marks.
    static func oneLine(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar.properties.isWhitespace {
                if let last = result.last, last != " " { result.append(" ") }
            } else {
                result.append(scalar)
            }
        }
        if result.last == " " { result.removeLast() }
        return String(result).withoutControlCharacters
    }
}
