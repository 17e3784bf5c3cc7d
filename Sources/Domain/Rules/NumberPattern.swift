/// Numbers as an operator names them: one number (`816`), all that begin alike (`81*`), or a range (`800-816`).
///
/// A range holds the numbers between its ends that have as many digits as these: `800-816` does not hold `0801`.
package struct NumberPattern: Hashable, Sendable, CustomStringConvertible {
    private enum Form: Hashable, Sendable {
        case exactly(String)
        case beginning(String)
        case range(ClosedRange<UInt64>, digits: Int)
    }

    private let form: Form

    /// As the operator has written it.
    package let description: String

    /// `nil` if it is none of the three forms.
    package init?(_ text: String) {
        description = text
        if let range = Self.range(text) {
            form = range
            return
        }
        guard (1...64).contains(text.utf8.count), text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x2D }),
            // A star in front is part of a dial code, one in between a mistake.
            !text.dropFirst().dropLast().contains("*")
        else { return nil }
        form = text.last == "*" ? .beginning(String(text.dropLast())) : .exactly(text)
    }

    /// An outside number, or `*` behind its beginning, in whatever form the number is written: it holds numbers as
    /// `NumberPlan.comparable` gives them. `nil` if it is no number, or a beginning of fewer than three digits.
    package init?(outside text: String, _ plan: NumberPlan) {
        let isBeginning = text.last == "*"
        let written = isBeginning ? String(text.dropLast()) : text
        let digits = written.utf8.count { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
        let comparable = isBeginning ? plan.comparableBeginning(written) : plan.comparable(written)
        guard digits >= 3, let number = comparable, !number.isEmpty else { return nil }
        description = text
        form = isBeginning ? .beginning(number) : .exactly(number)
    }

    package func matches(_ number: String) -> Bool {
        switch form {
        case .exactly(let exact): return number == exact
        case .beginning(let beginning): return number.utf8.starts(with: beginning.utf8)
        case .range(let range, let digits):
            guard number.utf8.count == digits, let value = Self.value(number[...]) else { return false }
            return range.contains(value)
        }
    }

    private static func range(_ text: String) -> Form? {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, ends[0].utf8.count == ends[1].utf8.count, let first = value(ends[0]),
            let last = value(ends[1]), first <= last
        else { return nil }
        return .range(first...last, digits: ends[0].utf8.count)
    }

    /// At most 18 digits, so that it fits.
    private static func value(_ text: Substring) -> UInt64? {
        let isNumber = text.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
        return isNumber && (1...18).contains(text.utf8.count) ? UInt64(text) : nil
    }
}

extension NumberPattern: Codable {
    private enum CodingKeys: String, CodingKey {
        case text
        /// What an outside number has become.
        case number
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let text = try container.decode(String.self, forKey: .text)
        if let number = try container.decodeIfPresent(String.self, forKey: .number) {
            description = text
            form = text.last == "*" ? .beginning(number) : .exactly(number)
            return
        }
        guard let pattern = NumberPattern(text) else {
            throw DecodingError.dataCorruptedError(
                forKey: .text, in: container, debugDescription: "no number, beginning or range")
        }
        self = pattern
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(description, forKey: .text)
        switch form {
        case .exactly(let number), .beginning(let number): try container.encode(number, forKey: .number)
        case .range: break
        }
    }
}
