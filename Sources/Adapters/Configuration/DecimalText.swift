/// Numbers as YAML and people write them; Swift's own parsers also take `nan`, `inf` and hexadecimal.
enum DecimalText {
    /// Finite decimal numbers, with an optional sign, fraction and exponent.
    static func number(_ text: Substring) -> Double? {
        let allowed = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "-"),
                UInt8(ascii: "e"), UInt8(ascii: "E"):
                true
            default: false
            }
        }
        guard allowed, text.utf8.count <= 40, let value = Double(text), value.isFinite else { return nil }
        return value
    }

    /// Whole numbers, also as `5.0`. A leading zero is refused: YAML 1.1 would read `010` as eight.
    static func integer(_ text: String) -> Int? {
        let digits = text.drop(while: { $0 == "+" || $0 == "-" })
        if digits.count > 1, digits.hasPrefix("0"), !digits.hasPrefix("0.") { return nil }
        guard let value = number(text[...]), value.rounded() == value, abs(value) < 1e15 else { return nil }
        return Int(value)
    }
}
