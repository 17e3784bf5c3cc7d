import Domain

/// What one recording's pseudonyms of numbers come from. Nobody keeps it.
package struct PseudonymNumberKey: Sendable {
    let first: UInt64
    let second: UInt64

    package static func random() -> PseudonymNumberKey {
        PseudonymNumberKey(first: .random(in: .min ... .max), second: .random(in: .min ... .max))
    }
}

/// Other digits for the numbers of customers and of the company, by a cipher: nothing is remembered, and no two
/// numbers become one.
///
/// The last seven digits change, fewer where else not two would be left behind the country code: these are what
/// numbering plans know numbers by, so that a pseudonym is read as its number was. What a digit becomes depends on the
/// key, on its place counted from the end, and on the digits behind it. So numbers that end alike have pseudonyms that
/// end alike, and the forms of one number, with country code, with prefix or without either, stay forms of one number.
struct PseudonymNumbers: Sendable {
    /// Numbers with fewer digits stay, unless they begin with a plus: extensions, queues, emergency numbers.
    static let shortest = 6
    /// Longer ones are never taken for a DN, whatever a list says.
    private static let longestDN = 8
    private static let mostChanged = 7
    private static let leastKept = 2

    private let plan: NumberPlan
    private let lengthsOfDNs: Set<Int>
    private let key: PseudonymNumberKey
    private(set) var stations: Set<String> = []

    init(_ plan: NumberPlan, lengthsOfDNs: [Int?], key: PseudonymNumberKey) {
        self.plan = plan
        self.lengthsOfDNs = Set(lengthsOfDNs.compactMap { $0 }.filter { $0 <= Self.shortest })
        self.key = key
    }

    /// A number of the phone system itself, which stays.
    mutating func keep(station: String) {
        guard station.utf8.count <= Self.longestDN, station.first != "0", station.isDigits else {
            return
        }
        stations.insert(station)
    }

    /// `text` with other digits, all else as it was.
    ///
    /// - Parameter text: What `NumberPlan` takes for a number; anything else stays.
    func replaced(_ text: String) -> String {
        guard let compact = NumberPlan.compact(text), !isStation(compact),
            compact.hasPrefix("+") || compact.utf8.count(where: Self.isDigit) >= Self.shortest
        else { return text }
        var bytes = Array(text.utf8)
        let places = bytes.indices.filter { Self.isDigit(bytes[$0]) }.suffix(changing(compact))
        var pseudonym = text
        // The cipher goes round in a circle, on which at least the number itself is no station.
        repeat {
            encipher(&bytes, at: places)
            pseudonym = String(decoding: bytes, as: UTF8.self)
        } while NumberPlan.compact(pseudonym).map(stations.contains) ?? false
        return pseudonym
    }

    private func isStation(_ compact: String) -> Bool {
        stations.contains(compact)
            || (lengthsOfDNs.contains(compact.utf8.count) && compact.isDigits)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }

    // MARK: - How many digits

    /// How many digits at the end of a number change.
    private func changing(_ compact: String) -> Int {
        guard let whole = withCode(compact) else {
            let digits = compact.utf8.filter(Self.isDigit)
            return min(digits.drop { $0 == UInt8(ascii: "0") }.count, Self.mostChanged)
        }
        let code = NumberingPlan.codeLength(of: whole) ?? 3
        // So few digits are no code with a number behind it.
        let national = whole.utf8.count - min(code, max(0, whole.utf8.count - 3))
        // A short one would keep too much.
        return national < Self.mostChanged ? national : min(national - Self.leastKept, Self.mostChanged)
    }

    /// Digits with country code; `nil` where a number shows none, and nothing that stands for it.
    private func withCode(_ compact: String) -> String? {
        if let full = plan.full(compact) { return full }
        guard let whole = plan.comparableBeginning(compact), whole.isDigits else { return nil }
        if whole == compact { return plan.countryPrefix.flatMap { whole.hasPrefix($0) ? whole : nil } }
        return whole.hasSuffix(compact) ? nil : whole
    }

    // MARK: - The cipher

    private func encipher(_ text: inout [UInt8], at places: ArraySlice<Int>) {
        // Begins with a one, which tells 0 from 00.
        var behind: UInt64 = 1
        for (position, place) in places.reversed().enumerated() {
            let digit = Int(text[place] - UInt8(ascii: "0"))
            // Of the digits that a number can begin with zeros stay zeros: one in front would be a prefix.
            let first = position < 4 ? 0 : 1
            let size = 10 - first
            // Never by none, so that the digit is another one.
            let shift = 1 + Int(mixed(behind) % UInt64(size - 1))
            if digit >= first { text[place] = UInt8(ascii: "0") + UInt8((digit - first + shift) % size + first) }
            behind = behind * 10 + UInt64(digit)
        }
    }

    private func mixed(_ value: UInt64) -> UInt64 {
        Self.mixed(Self.mixed(value ^ key.first) ^ key.second)
    }

    /// The mixing function of SplitMix64.
    private static func mixed(_ value: UInt64) -> UInt64 {
        var bits = value &+ 0x9E37_79B9_7F4A_7C15
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }
}
