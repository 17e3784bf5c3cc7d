/// How the numbers of one country calling code are dialled: what stands in front of them, how long they are and what
/// they begin with.
package struct NumberingPlan: Equatable, Sendable {
    typealias Digits = ArraySlice<UInt8>

    /// The country calling code.
    package let code: String
    /// In front of a number of another country. `00` is among them everywhere: phone systems show it also where nobody
    /// dials it.
    private let international: [[UInt8]]
    /// In front of a number of the country, the longest first.
    private let trunks: [[UInt8]]
    /// The one of them that numbers are written with; empty where they are written without.
    private let writtenTrunk: [UInt8]
    /// A number without prefix that is shorter may lack its area code as well.
    private let wholeFrom: Int
    private let numbers: NumberSet
    /// Written without the prefix that the others have.
    private let unprefixed: NumberSet

    /// - Parameter line: Of the table.
    private init?(_ line: Substring) {
        let fields = line.split(separator: " ", omittingEmptySubsequences: false)
        guard fields.count >= 6 else { return nil }
        func list(_ field: Substring) -> [[UInt8]] {
            field == "-" ? [] : field.split(separator: ",").map { Array($0.utf8) }
        }
        code = String(fields[0])
        international = list(fields[1]) + [Array("00".utf8)]
        trunks = list(fields[2])
        writtenTrunk = list(fields[3]).first ?? []
        wholeFrom = Int(fields[4], radix: 36) ?? 0
        numbers = NumberSet(fields[5])
        unprefixed = NumberSet(fields.count > 6 ? fields[6] : "")
    }

    /// For a code that no table knows: nearly all plans use 00 and 0.
    private init(unknown code: String) {
        self.code = code
        international = [Array("00".utf8)]
        trunks = [Array("0".utf8)]
        writtenTrunk = trunks[0]
        wholeFrom = .max
        numbers = NumberSet(":4-F")
        unprefixed = NumberSet("")
    }

    // MARK: - The table

    private static let plans: [String: NumberingPlan] = {
        let plans = table.split(separator: "\n").compactMap(NumberingPlan.init)
        return Dictionary(plans.map { ($0.code, $0) }) { first, _ in first }
    }()

    package static func of(code: String) -> NumberingPlan { plans[code] ?? NumberingPlan(unknown: code) }

    /// That of a number with country code. No code is the beginning of another.
    private static func of(_ number: Digits) -> NumberingPlan? {
        for length in 1...3 {
            if let plan = plans[String(decoding: number.prefix(length), as: UTF8.self)] { return plan }
        }
        return nil
    }

    /// How many of the first digits of a number are its country code; `nil` if no country has one like it.
    package static func codeLength(of number: String) -> Int? {
        of(ArraySlice(number.utf8))?.code.utf8.count
    }

    /// Whether `(0)` after these digits is not dialled behind a country code: they are one whose numbers never begin
    /// with 0.
    static func leavesOutTrunkZero(_ code: Digits) -> Bool {
        plans[String(decoding: code, as: UTF8.self)].map { !$0.numbers.holds(beginning: [UInt8(ascii: "0")]) } ?? false
    }

    // MARK: - Reading

    /// What a number is with country code; `nil` if that cannot be told. No number becomes another one that there is as
    /// well.
    ///
    /// - Parameter digits: As they are dialled in the country.
    func number(dialled digits: Digits) -> [UInt8]? {
        // Where 001 and 00 both lead abroad.
        let readings = listedAbroad(digits)
        if readings.count > 1 { return nil }
        if let number = readings.first ?? home(digits) { return number }
        // Plans change: what has a length that is possible there is taken for a new number.
        for rest in abroad(digits) {
            if let plan = Self.of(rest), plan.numbers.holds(length: rest.count - plan.code.utf8.count) {
                return Array(rest)
            }
        }
        // `00 30 …` is a number of the country behind a 0 for an outside line if Greece has none like it.
        if digits.first == UInt8(ascii: "0"), let number = number(withoutLine: digits.dropFirst()) { return number }
        for trunk in trunks where digits.starts(with: trunk) && abroad(digits).isEmpty {
            if numbers.holds(length: digits.count - trunk.count) {
                return Array(code.utf8) + digits.dropFirst(trunk.count)
            }
        }
        return nil
    }

    /// The same, but only what a plan has, without what its length makes possible.
    func listedNumber(dialled digits: Digits) -> [UInt8]? {
        let readings = listedAbroad(digits)
        return readings.count > 1 ? nil : readings.first ?? home(digits)
    }

    /// Whether it is one number that a plan has, with what leads abroad in front.
    func isAbroad(_ digits: Digits) -> Bool { listedAbroad(digits).count == 1 }

    private func listedAbroad(_ digits: Digits) -> Set<[UInt8]> {
        Set(abroad(digits).compactMap(Self.number(withCode:)))
    }

    private func number(withoutLine digits: Digits) -> [UInt8]? {
        for rest in abroad(digits) {
            if let number = Self.number(withCode: rest) { return number }
        }
        return home(digits)
    }

    /// Without each prefix that leads abroad.
    private func abroad(_ digits: Digits) -> [Digits] {
        international.filter { digits.starts(with: $0) }.map { digits.dropFirst($0.count) }
    }

    /// What the plan has.
    private func home(_ digits: Digits) -> [UInt8]? {
        if digits.starts(with: code.utf8), numbers.contains(digits.dropFirst(code.utf8.count)) { return Array(digits) }
        for trunk in trunks where digits.starts(with: trunk) && numbers.contains(digits.dropFirst(trunk.count)) {
            return Array(code.utf8) + digits.dropFirst(trunk.count)
        }
        let isWhole = digits.count >= wholeFrom && numbers.contains(digits) || unprefixed.contains(digits)
        return isWhole ? Array(code.utf8) + digits : nil
    }

    /// A number with country code that its plan has, without a prefix that is dialled at home only; `nil` if there is
    /// none like it.
    static func number(withCode digits: Digits) -> [UInt8]? {
        guard let plan = of(digits) else { return nil }
        let number = digits.dropFirst(plan.code.utf8.count)
        if plan.numbers.contains(number) { return Array(digits) }
        for trunk in plan.trunks
        where number.starts(with: trunk) && plan.numbers.contains(number.dropFirst(trunk.count)) {
            return Array(plan.code.utf8) + number.dropFirst(trunk.count)
        }
        return nil
    }

    /// What the beginning of a number is with country code, as far as its digits tell.
    func beginning(dialled digits: Digits) -> Digits {
        if let rest = abroad(digits).first { return rest }
        if digits.starts(with: code.utf8), numbers.holds(beginning: digits.dropFirst(code.utf8.count)) { return digits }
        for trunk in trunks where digits.starts(with: trunk) {
            return ArraySlice(code.utf8) + digits.dropFirst(trunk.count)
        }
        return writtenTrunk.isEmpty && numbers.holds(beginning: digits) ? ArraySlice(code.utf8) + digits : digits
    }

    /// How the country writes one of its numbers.
    ///
    /// - Parameter significant: The number without its country code.
    func national(_ significant: Digits) -> [UInt8] {
        unprefixed.contains(significant) ? Array(significant) : writtenTrunk + significant
    }
}
