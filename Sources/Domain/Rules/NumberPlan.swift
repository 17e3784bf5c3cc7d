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
    /// Digits that the PBX shows in front of outside numbers; empty for none.
    package var outsideLinePrefix: String

    package init(countryPrefix: String? = nil, format: NumberFormat? = nil, outsideLinePrefix: String = "") {
        self.countryPrefix = countryPrefix
        self.format = countryPrefix == nil ? .asIs : format ?? .national
        self.outsideLinePrefix = outsideLinePrefix
    }

    /// The form for Zammad of a number as the PBX shows it; `anonymous` for none and for text that is no number.
    package func reported(_ number: String?) -> String {
        guard let number, let compact = Self.compact(number) else { return Self.anonymous }
        guard let countryPrefix, format != .asIs else { return compact }
        let read = read(compact, NumberingPlan.of(code: countryPrefix))
        guard let full = read.full else { return read.shown }
        return format == .e164 ? full : national(full) ?? read.shown
    }

    /// A form in which all writings of one number are equal, as far as `countryPrefix` lets them be; `nil` for text
    /// that is no number.
    package func comparable(_ number: String) -> String? {
        guard let compact = Self.compact(number) else { return nil }
        guard let countryPrefix else { return Self.withoutInternationalPrefix(compact) }
        let read = read(compact, NumberingPlan.of(code: countryPrefix))
        return read.full ?? read.shown
    }

    /// Digits with country code; `nil` if they cannot be told.
    package func full(_ number: String) -> String? {
        guard let countryPrefix, let compact = Self.compact(number) else { return nil }
        return read(compact, NumberingPlan.of(code: countryPrefix)).full
    }

    /// What `comparable` gives for numbers that begin so; `nil` for text that is no beginning of a number.
    package func comparableBeginning(_ beginning: String) -> String? {
        guard let compact = Self.compact(beginning) else { return nil }
        guard let countryPrefix, Self.isDigits(compact.utf8) else { return Self.withoutInternationalPrefix(compact) }
        let digits = NumberingPlan.of(code: countryPrefix).beginning(dialled: ArraySlice(compact.utf8))
        return String(decoding: digits, as: UTF8.self)
    }

    /// As the country writes it.
    ///
    /// - Parameter number: Digits with country code; `nil` is given back if it is another country's.
    package func national(_ number: String) -> String? {
        guard let countryPrefix, number.hasPrefix(countryPrefix), number.utf8.count > countryPrefix.utf8.count else {
            return nil
        }
        let significant = ArraySlice(number.utf8.dropFirst(countryPrefix.utf8.count))
        return String(decoding: NumberingPlan.of(code: countryPrefix).national(significant), as: UTF8.self)
    }

    /// Whether two numbers can be of the same party although written in different forms: one trace shows the same
    /// caller with country code in one field and without in another.
    package static func sameParty(_ left: String, _ right: String) -> Bool {
        if left == right { return true }
        let (first, second) = (significantDigits(compact(left) ?? left), significantDigits(compact(right) ?? right))
        if first.elementsEqual(second) { return true }
        if isEnd(first, of: second, atLeast: 6) || isEnd(second, of: first, atLeast: 6) { return true }
        // Where the prefix of a number in the country is no 0, it is an 8.
        return isEnd(withoutTrunkEight(first), of: second, atLeast: 8)
            || isEnd(withoutTrunkEight(second), of: first, atLeast: 8)
    }

    /// As the one for any country, and whether both are one number of this plan, of which one has digits for an outside
    /// line.
    package func sameParty(_ left: String, _ right: String) -> Bool {
        if Self.sameParty(left, right) { return true }
        guard let number = comparable(left) else { return false }
        return number == comparable(right)
    }

    /// What was called, of digits behind a dial code (`*3103023125001`): only a plan tells where the code ends. The
    /// text as it is where that cannot be told.
    package func withoutDialCode(_ dialled: String) -> String {
        guard let countryPrefix, PartyNumber.beginsWithCode(dialled) else { return dialled }
        let digits = ArraySlice(dialled.utf8).drop { !(UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0) }
        guard Self.isDigits(digits) else { return dialled }
        let plan = NumberingPlan.of(code: countryPrefix)
        let rests = (0...3).map { String(decoding: digits.dropFirst($0), as: UTF8.self) }
        // As elsewhere, a number that begins with the way abroad goes before one of the country.
        let abroad = rests.filter { plan.isAbroad(ArraySlice($0.utf8)) }
        for candidates in [abroad, rests] {
            let readings = candidates.compactMap { rest in
                listed(rest, plan).map { (rest: rest, number: $0) }
            }
            guard let first = readings.first else { continue }
            return readings.allSatisfy { $0.number == first.number } ? first.rest : dialled
        }
        return dialled
    }

    /// What the plan has, with or without the digits for an outside line.
    private func listed(_ digits: String, _ plan: NumberingPlan) -> [UInt8]? {
        if let number = plan.listedNumber(dialled: ArraySlice(digits.utf8)) { return number }
        guard !outsideLinePrefix.isEmpty, digits.hasPrefix(outsideLinePrefix) else { return nil }
        return plan.listedNumber(dialled: ArraySlice(digits.utf8.dropFirst(outsideLinePrefix.utf8.count)))
    }

    /// Digits with a leading `+` or `*`, without blanks and the usual separators, and without the `(0)` that is not
    /// dialled after a country code; `nil` if the text is no number.
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

    /// `full`: digits with country code, if they can be told. `shown`: the number, without the digits for an outside
    /// line.
    private func read(_ number: String, _ plan: NumberingPlan) -> (full: String?, shown: String) {
        if number.hasPrefix("+") {
            let digits = ArraySlice(number.utf8.dropFirst())
            let full = NumberingPlan.number(withCode: digits).map { String(decoding: $0, as: UTF8.self) }
            return (full ?? String(number.dropFirst()), number)
        }
        guard Self.isDigits(number.utf8) else { return (nil, number) }
        func text(_ digits: [UInt8]) -> String { String(decoding: digits, as: UTF8.self) }
        let whole = ArraySlice(number.utf8)
        // Emergency numbers may begin like it, and once a way out is chosen a phone system no longer shows it.
        guard !outsideLinePrefix.isEmpty, number.hasPrefix(outsideLinePrefix),
            number.utf8.count >= outsideLinePrefix.utf8.count + 3
        else { return (plan.number(dialled: whole).map(text), number) }
        let rest = whole.dropFirst(outsideLinePrefix.utf8.count)
        let shown = String(decoding: rest, as: UTF8.self)
        // What a plan has goes before what only has a possible length. Some numbers are shown without the digits as
        // well.
        let behind = plan.listedNumber(dialled: rest)
        if let listed = plan.listedNumber(dialled: whole) {
            let isCertain = behind == nil || behind == listed || plan.isAbroad(whole)
            return (isCertain ? text(listed) : nil, number)
        }
        if let full = behind ?? plan.number(dialled: rest) { return (text(full), shown) }
        if let full = plan.number(dialled: whole) { return (text(full), number) }
        return (nil, shown)
    }

    private static func isDigits(_ text: some Sequence<UInt8>) -> Bool {
        text.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    }

    private static func withoutInternationalPrefix(_ compact: String) -> String {
        if compact.hasPrefix("+") { return String(compact.dropFirst()) }
        return compact.hasPrefix("00") ? String(compact.dropFirst(2)) : compact
    }

    private static func leavesOutTrunkZero(_ countryCode: [UInt8]) -> Bool {
        let prefix = ["+", "00", "011"].first { countryCode.starts(with: $0.utf8) } ?? ""
        return NumberingPlan.leavesOutTrunkZero(countryCode.dropFirst(prefix.utf8.count))
    }

    private static func significantDigits(_ number: String) -> Substring.UTF8View {
        var rest = Substring(number)
        while let first = rest.first, first == "+" || first == "0" { rest = rest.dropFirst() }
        return rest.utf8
    }

    private static func isEnd(_ short: Substring.UTF8View, of long: Substring.UTF8View, atLeast length: Int) -> Bool {
        short.count >= length && long.suffix(short.count).elementsEqual(short)
    }

    private static func withoutTrunkEight(_ digits: Substring.UTF8View) -> Substring.UTF8View {
        digits.first == UInt8(ascii: "8") ? digits.dropFirst().drop { $0 == UInt8(ascii: "0") } : digits
    }
}
