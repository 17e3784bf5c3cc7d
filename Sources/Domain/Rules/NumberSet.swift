/// The numbers of a plan by their first digits and their lengths.
///
/// `:79` are the numbers of 7 and of 9 digits, `(3:9,4-6(0:8))` those that begin with 3 and have 9 digits, and those
/// that begin with 40, 50 or 60 and have 8. Lengths over 9 are A for 10, B for 11 and so on. The text is read where it
/// stands: a set is asked for few numbers.
struct NumberSet: Equatable, Sendable {
    private let text: [UInt8]

    init(_ text: some StringProtocol) {
        self.text = Array(text.utf8)
    }

    func contains(_ number: ArraySlice<UInt8>) -> Bool {
        number.count < 32 && lengths(of: number) & (1 << UInt32(number.count)) != 0
    }

    /// Whether there are numbers of this length, whatever they begin with.
    func holds(length: Int) -> Bool {
        length < 32 && lengths(of: []) & (1 << UInt32(length)) != 0
    }

    /// Whether a number in the set begins so.
    func holds(beginning: ArraySlice<UInt8>) -> Bool {
        beginning.count < 32 && lengths(of: beginning) >> UInt32(beginning.count) != 0
    }

    /// A bit for each length that a number with these digits at its beginning can have.
    private func lengths(of beginning: ArraySlice<UInt8>) -> UInt32 {
        var place = 0
        var rest = beginning
        while let opening = byte(place), opening == UInt8(ascii: "(") {
            guard let digit = rest.popFirst() else { return allLengths(from: place) }
            place += 1
            while true {
                let isHeld = group(at: &place).holds(digit)
                if isHeld { break }
                skip(&place)
                guard byte(place) == UInt8(ascii: ",") else { return 0 }
                place += 1
            }
        }
        guard byte(place) == UInt8(ascii: ":") else { return 0 }
        place += 1
        return group(at: &place).bits
    }

    private func allLengths(from start: Int) -> UInt32 {
        var place = start
        var depth = 0
        var result: UInt32 = 0
        while let next = byte(place) {
            place += 1
            switch next {
            case UInt8(ascii: "("): depth += 1
            case UInt8(ascii: ")"): depth -= 1
            case UInt8(ascii: ":"): result |= group(at: &place).bits
            default: break
            }
            if depth == 0 { break }
        }
        return result
    }

    /// Past a set.
    private func skip(_ place: inout Int) {
        var depth = 0
        while let next = byte(place) {
            if depth == 0, next == UInt8(ascii: ",") || next == UInt8(ascii: ")") { return }
            if next == UInt8(ascii: "(") { depth += 1 }
            if next == UInt8(ascii: ")") { depth -= 1 }
            place += 1
        }
    }

    private struct Group {
        var bits: UInt32 = 0

        func holds(_ digit: UInt8) -> Bool {
            let value = digit &- UInt8(ascii: "0")
            return value < 10 && bits & (1 << UInt32(value)) != 0
        }
    }

    /// Digits or lengths up to the next mark: `13-5` are 1, 3, 4 and 5.
    private func group(at place: inout Int) -> Group {
        var group = Group()
        var last = 0
        var isRange = false
        while let next = byte(place) {
            if next == UInt8(ascii: "-") {
                isRange = true
            } else if let value = Self.value(next) {
                for item in (isRange ? min(last, value) : value)...value { group.bits |= 1 << UInt32(item) }
                last = value
                isRange = false
            } else {
                break
            }
            place += 1
        }
        return group
    }

    /// 0 to 9, and A for 10 to H for 17.
    private static func value(_ byte: UInt8) -> Int? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "A")...UInt8(ascii: "H"): Int(byte - UInt8(ascii: "A")) + 10
        default: nil
        }
    }

    private func byte(_ place: Int) -> UInt8? {
        place < text.count ? text[place] : nil
    }
}
