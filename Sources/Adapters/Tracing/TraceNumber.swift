/// A number as JSON writes it, that stays one when it is masked.
struct TraceNumber {
    private let text: String
    private let whole: Substring
    private let isPlain: Bool

    /// `nil` for what is no number of JSON.
    init?(_ text: String) {
        let unsigned = text.hasPrefix("-") ? text.dropFirst() : text[...]
        whole = unsigned.prefix { $0.isASCII && $0.isNumber }
        guard !whole.isEmpty, whole.count == 1 || whole.first != "0" else { return nil }
        let rest = unsigned.dropFirst(whole.count)
        isPlain = rest.isEmpty
        if !isPlain {
            guard rest.utf8.count <= 40, rest.wholeMatch(of: /(\.[0-9]+)?([eE][+\-]?[0-9]+)?/) != nil else {
                return nil
            }
        }
        self.text = text
    }

    /// Of a phone number that somebody sends as a number the last three digits are left, and nines for the others.
    func masked(as rule: TraceRule, with mask: TraceText) -> String {
        if mask.withoutSecrets(text) != text { return "0" }
        switch rule {
        case .secret: return "0"
        case .identifier: return text
        case .word, .text, .path, .name:
            if mask.showsNumbers { return text }
            if isPlain {
                guard whole.count >= 6 else { return text }
                return (text.hasPrefix("-") ? "-" : "") + String(repeating: "9", count: whole.count - 3)
                    + whole.suffix(3)
            }
            return text.filter(\.isNumber).count < 12 && whole.count < 6 ? text : "0"
        }
    }
}
