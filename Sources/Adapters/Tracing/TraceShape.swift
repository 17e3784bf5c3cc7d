/// What whole values look like.
enum TraceShape {
    /// Ids as the servers write them. A plus begins a phone number.
    static func isIdentifier(_ text: String) -> Bool {
        text.utf8.count <= 128 && !text.hasPrefix("+") && !text.hasPrefix("eyJ") && consists(text, of: ".:-+")
    }

    /// A name that an interface gives to a field.
    static func isField(_ key: String) -> Bool { key.utf8.count <= 60 && consists(key, of: ".-@$:") }

    static func isWord(_ text: String) -> Bool { text.utf8.count <= 48 && consists(text, of: ".:-+*#") }

    /// A JSON web token, or a long text without blanks that mixes letters and digits: a cookie, a key.
    static func isToken(_ text: some StringProtocol) -> Bool {
        text.hasPrefix("eyJ")
            || text.utf8.count >= 24 && text.contains(where: \.isNumber) && text.contains(where: \.isLetter)
                && !text.contains(".")
    }

    /// `2026-02-03`, `2026-02-03T09:15:01.3304112+00:00` and what is between.
    static func isTimestamp(_ text: String) -> Bool {
        text.utf8.count <= 40 && text.utf8.first.map { 0x30...0x39 ~= $0 } == true
            && text.wholeMatch(of: timestamp) != nil
    }

    /// ASCII letters and digits, the underscore, and some signs.
    static func consists(_ text: some StringProtocol, of signs: String) -> Bool {
        text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"): true
            default: signs.utf8.contains(byte)
            }
        }
    }

    // Nothing changes them, and to match with one is safe from any thread: `Regex` only does not say so.
    private nonisolated(unsafe) static let timestamp =
        #/
        (?: 19 | 2[01] ) [0-9]{2} - (?: 0[1-9] | 1[0-2] ) - (?: 0[1-9] | [12][0-9] | 3[01] )
        (?: [T\ ] [0-9]{2} : [0-9]{2} (?: : [0-9]{2} (?: \.[0-9]{1,12} )? )?
            (?: Z | [+\-] [0-9]{2} (?: :?[0-9]{2} )? )? )?
        /#
}
