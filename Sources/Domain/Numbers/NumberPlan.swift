/// Turns the numbers that a PBX shows into the one form that goes to Zammad.
package struct NumberPlan: Equatable, Sendable, Codable {
    /// What goes to Zammad for a caller without a number.
    package static let anonymous = "anonymous"

    /// Longer "numbers" are nonsense: Zammad refuses `from` and `to` over 100 characters.
    package static let longestNumber = 40

    /// In bytes, with all separators; longer texts are not looked at.
    private static let longestText = 400

    /// Digits of the country code, e.g. `49`; `nil`: numbers stay as they are.
    package var countryPrefix: String?
    package var format: NumberFormat

    package init(countryPrefix: String? = nil, format: NumberFormat? = nil) {
        self.countryPrefix = countryPrefix
        self.format = countryPrefix == nil ? .asIs : format ?? .national
    }

    /// The form for Zammad of a number as the PBX shows it; `anonymous` for none and for text that is no number.
    package func reported(_ number: String?) -> String {
        guard let number, let compact = Self.compact(number) else { return Self.anonymous }
        guard let countryPrefix else { return compact }
        let formatted =
            switch format {
            case .asIs: compact
            case .national: national(compact, countryPrefix)
            case .e164: e164(compact, countryPrefix)
            }
        // Zammad refuses a call without numbers, and `00` alone is none.
        return formatted.isEmpty ? compact : formatted
    }

    /// A form in which all writings of one number are equal, as far as `countryPrefix` lets them be; `nil` for text that is no number.
    package func comparable(_ number: String) -> String? {
        guard let compact = Self.compact(number) else { return nil }
        if let countryPrefix { return e164(compact, countryPrefix) }
        if compact.hasPrefix("+") { return String(compact.dropFirst()) }
        return compact.hasPrefix("00") ? String(compact.dropFirst(2)) : compact
    }

    /// Whether two numbers can be of the same party although written in different forms: one trace shows the same caller
    /// with country code in one field and without in another.
    package static func sameParty(_ left: String, _ right: String) -> Bool {
        if left == right { return true }
        let (first, second) = (significantDigits(compact(left) ?? left), significantDigits(compact(right) ?? right))
        let (short, long) = first.count <= second.count ? (first, second) : (second, first)
        if short.count == long.count { return short.elementsEqual(long) }
        return short.count >= 6 && long.suffix(short.count).elementsEqual(short)
    }

    /// Digits with a leading `+` or `*`, without blanks and the usual separators, and without the `(0)` that is not dialled
    /// after a country code; `nil` if the text is no number.
    package static func compact(_ text: String) -> String? {
        guard text.utf8.count <= longestText else { return nil }
        if isCompact(text) { return text }
        var result: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "(") where rest.starts(with: "0)".utf8) && leavesOutTrunkZero(result):
                rest = rest.dropFirst(2)
            case UInt8(ascii: "0")...UInt8(ascii: "9"): result.append(byte)
            case UInt8(ascii: "+"), UInt8(ascii: "*"):
                guard result.isEmpty else { return nil }
                result.append(byte)
            case UInt8(ascii: "#"): result.append(byte)
            case UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "("),
                UInt8(ascii: ")"):
                continue
            default: return nil
            }
            if result.count > longestNumber { return nil }
        }
        let digits = result.count { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
        return digits >= 2 ? String(decoding: result, as: UTF8.self) : nil
    }

    /// Nearly all numbers are, and are kept as they are without a copy.
    private static func isCompact(_ text: String) -> Bool {
        var digits = 0
        var isFirst = true
        for byte in text.utf8 {
            if byte &- UInt8(ascii: "0") < 10 {
                digits += 1
            } else if !isFirst || byte != UInt8(ascii: "+") {
                return false
            }
            isFirst = false
        }
        return (2..<longestNumber).contains(digits)
    }

    private func national(_ number: String, _ prefix: String) -> String {
        for start in ["+\(prefix)", "00\(prefix)", prefix] where number.hasPrefix(start) {
            let rest = number.dropFirst(start.count)
            return Self.keepsTrunkZero(prefix) ? String(rest) : "0\(rest)"
        }
        return number
    }

    private func e164(_ number: String, _ prefix: String) -> String {
        if number.hasPrefix("+") { return String(number.dropFirst()) }
        if number.hasPrefix("00") { return String(number.dropFirst(2)) }
        // North America dials abroad with 011, and has no numbers that begin with 0.
        if prefix == "1", number.hasPrefix("011") { return String(number.dropFirst(3)) }
        guard number.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else { return number }
        if number.hasPrefix("0") {
            return prefix + (Self.keepsTrunkZero(prefix) ? Substring(number) : number.dropFirst())
        }
        if number.count == Self.lengthWithoutTrunkZero[prefix] { return prefix + number }
        return number
    }

    private static func leavesOutTrunkZero(_ countryCode: [UInt8]) -> Bool {
        let isCode = countryCode.starts(with: "+".utf8) || countryCode.starts(with: "00".utf8)
        let digits = countryCode.dropFirst(countryCode.first == UInt8(ascii: "+") ? 1 : 2)
        guard isCode, (1...3).contains(digits.count), digits.first != UInt8(ascii: "0") else { return false }
        return !keepsTrunkZero(String(decoding: digits, as: UTF8.self))
    }

    private static func significantDigits(_ number: String) -> Substring.UTF8View {
        var rest = Substring(number)
        while let first = rest.first, first == "+" || first == "0" { rest = rest.dropFirst() }
        return rest.utf8
    }

    /// In Italy the 0 belongs to the number and is dialled from abroad as well (ITU E.164 national numbering plan).
    private static func keepsTrunkZero(_ prefix: String) -> Bool {
        prefix == "39"
    }

    /// Countries whose national numbers have no leading 0 and one fixed length (ITU national numbering plans): only there can
    /// bare digits be told from digits that already have the country code.
    private static let lengthWithoutTrunkZero: [String: Int] = [
        "1": 10, "30": 10, "34": 9, "45": 8, "47": 8, "48": 9, "351": 9, "420": 9,
    ]
}
