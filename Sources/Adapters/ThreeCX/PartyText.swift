import Domain

/// The text by which 3CX shows a party of a call in `Caller` and `Callee`, taken apart.
///
/// The forms are those of the web administration's active calls (v15.5 to v20) and of XAPI: `101 John Doe`,
/// `10001 SIP-Trunk (+493012345)`, `Nick Sample (001231234)`, `(100)`, `+4912341234`, or nothing.
struct PartyText: Equatable {
    /// Leading digits up to the first blank: a DN, or a number.
    var lead: String?
    /// The number in the last parentheses, if the text ends with them and they hold one. Names have parentheses as
    /// well.
    var group: String?
    /// The text without `lead`, with all parentheses.
    var rest: String
    /// The text without `lead` and without `group`.
    var name: String

    init(_ text: String) {
        // Whatever a PBX puts in a name, a display text is short; the rest of a longer one is not looked at.
        var whole = Substring(String(String.UnicodeScalarView(text.unicodeScalars.prefix(1000))))
        whole = whole.trimmingBlanks()
        if let (number, name) = Self.alone(whole) {
            (lead, rest, self.name) = (number, name, name)
            return
        }
        let leading = whole.prefix { !$0.isBlank && $0 != "(" }
        let plain = PartyNumber.plain(String(leading))
        if let number = Self.number(plain), number == plain || plain != leading {
            lead = number
            whole = whole.dropFirst(leading.count).trimmingBlanks()
        }
        rest = String(whole)
        name = rest
        guard whole.last == ")", let open = whole.lastIndex(of: "(") else { return }
        let content = whole[whole.index(after: open)...].dropLast()
        let inside = PartyNumber.plain(String(content))
        guard let number = Self.number(inside) ?? Self.withExtension(inside) else { return }
        group = number
        name = String(whole[..<open].trimmingBlanks())
    }

    /// A number that fills the whole text, with blanks or an extension (`+49 30 23125001`), and the name of an address
    /// (`"Max" <sip:+4930…>`).
    private static func alone(_ text: Substring) -> (number: String, name: String)? {
        // A number in parentheses at the end stands behind a name or a DN; one that begins with other digits may be a
        // DN.
        guard let first = text.first, first == "<" || first == "\"" || "+0(".contains(first) && text.last != ")"
        else { return nil }
        let plain = PartyNumber.plain(String(text))
        guard let number = number(plain) ?? withExtension(plain) else { return nil }
        guard let open = text.firstIndex(of: "<") else { return number.utf8.count < 7 ? nil : (number, "") }
        return (number, String(Substring(text[..<open].filter { $0 != "\"" }).trimmingBlanks()))
    }

    /// The number in front of an extension: `03023125001 ext. 12`, `03023125001x12`.
    private static func withExtension(_ text: String) -> String? {
        guard let end = text.firstIndex(where: \.isLetter) else { return nil }
        let words = text[end...].lowercased().filter { $0.isLetter }
        guard ["x", "ext", "extension"].contains(words), text.last?.isNumber == true else { return nil }
        return NumberPlan.compact(String(text[..<end])).flatMap { $0.utf8.count < 7 ? nil : $0 }
    }

    /// Also keys that were dialled: `*62`, `*0*816#`.
    private static func number(_ plain: String) -> String? {
        if let number = NumberPlan.compact(plain) { return number }
        let isDialled = PartyNumber.beginsWithCode(plain) && plain.utf8.count <= NumberPlan.longestNumber
        return isDialled && plain.allSatisfy { "0123456789*#+".contains($0) } ? plain : nil
    }
}

extension Substring {
    func trimmingBlanks() -> Substring {
        var result = self
        while let first = result.first, first.isBlank { result.removeFirst() }
        while let last = result.last, last.isBlank { result.removeLast() }
        return result
    }
}

extension Character {
    fileprivate var isBlank: Bool { isWhitespace || self == "\0" }
}
