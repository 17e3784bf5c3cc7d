import Domain

/// The text by which 3CX shows a party of a call in `Caller` and `Callee`, taken apart.
///
/// The forms are those of the web administration's active calls (v15.5 to v20) and of XAPI: `101 John Doe`,
/// `10001 SIP-Trunk (+493012345)`, `Nick Sample (001231234)`, `(100)`, `+4912341234`, or nothing.
struct PartyText: Equatable {
    /// Leading digits up to the first blank: a DN, or a number.
    var lead: String?
    /// The number in the last parentheses, if the text ends with them and they hold one. Names have parentheses as well.
    var group: String?
    /// The text without `lead`, with all parentheses.
    var rest: String
    /// The text without `lead` and without `group`.
    var name: String

    init(_ text: String) {
        // Whatever a PBX puts in a name, a display text is short; the rest of a longer one is not looked at.
        var whole = Substring(String(String.UnicodeScalarView(text.unicodeScalars.prefix(1000))))
        whole = whole.trimmingBlanks()
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
        guard let number = Self.number(PartyNumber.plain(String(content))) else { return }
        group = number
        name = String(whole[..<open].trimmingBlanks())
    }

    /// Also keys that were dialled: `*62`, `*0*816#`.
    private static func number(_ plain: String) -> String? {
        if let number = NumberPlan.compact(plain) { return number }
        let isDialled = PartyNumber.beginsWithCode(plain) && plain.utf8.count <= NumberPlan.longestNumber
        return isDialled && plain.allSatisfy { "0123456789*#+".contains($0) } ? plain : nil
    }
}

extension Substring {
    fileprivate func trimmingBlanks() -> Substring {
        var result = self
        while let first = result.first, first.isBlank { result.removeFirst() }
        while let last = result.last, last.isBlank { result.removeLast() }
        return result
    }
}

extension Character {
    fileprivate var isBlank: Bool { isWhitespace || self == "\0" }
}
