/// Finds known secrets in what goes over the wire, also in the forms in which a server may send one back: in other
/// case, percent-encoded, with the escapes of HTML or of a string, all of these mixed, in hexadecimal digits, and in
/// Base64, alone or inside something else.
struct TraceSecrets: Sendable {
    /// Shorter ones occur by chance; they are still masked under their keys.
    static let shortest = 4
    /// Of what Base64 makes of a secret.
    private static let shortestBase64 = 6

    /// How much of a form at the end of a text is its beginning and not chance: extensions look like hexadecimal
    /// digits.
    private static let shortestBeginning = 12

    private struct Pattern: Hashable {
        var bytes: [UInt8]
        /// How many bytes at the end of a text, which was cut there, count as its beginning.
        var shortestBeginning: Int

        init(_ bytes: [UInt8], shortestBeginning: Int) {
            self.bytes = bytes.map(TraceSecrets.folded)
            self.shortestBeginning = shortestBeginning
        }
    }

    /// The longest first, so that none is spoilt by the masking of a part of it.
    private let patterns: [Pattern]

    init(_ secrets: [String]) {
        let cases = secrets.flatMap { [$0, $0.uppercased(), $0.lowercased()] }
        let plain = cases.map { Array($0.utf8) }.filter { $0.count >= Self.shortest }
        let encoded = secrets.map { Array($0.utf8) }.filter { $0.count >= Self.shortest }
            .flatMap { [Self.hexadecimal($0)] + Self.base64($0) }
        let patterns =
            plain.map { Pattern($0, shortestBeginning: Self.shortest) }
            + encoded.map { Pattern($0, shortestBeginning: Self.shortestBeginning) }
        self.patterns = Set(patterns).sorted { $0.bytes.count > $1.bytes.count }
    }

    var isEmpty: Bool { patterns.isEmpty }

    /// The end of the secret that begins at a place. The beginning of one at the end of a text, which was cut there,
    /// counts as well.
    func end(in bytes: [UInt8], at start: Int) -> Int? {
        // Nearly every place is done with here, before anything is allocated for it.
        let isEscape = Self.isEscape(bytes[start])
        let first = Self.folded(bytes[start])
        for pattern in patterns where isEscape || pattern.bytes.first == first {
            if let end = Self.end(of: pattern, in: bytes, at: start) { return end }
        }
        return nil
    }

    private static func end(of pattern: Pattern, in bytes: [UInt8], at start: Int) -> Int? {
        // More than one, since a percent sign can be one, or the beginning of an escape.
        var places = [start]
        for (index, wanted) in pattern.bytes.enumerated() {
            var next: [Int] = []
            for place in places {
                guard place < bytes.count else {
                    if index >= pattern.shortestBeginning { return bytes.count }
                    continue
                }
                if folded(bytes[place]) == wanted { next.append(place + 1) }
                if let (byte, end) = escape(in: bytes, at: place), folded(byte) == wanted { next.append(end) }
            }
            guard !next.isEmpty else { return nil }
            places = next.count > 8 ? Array(next.prefix(8)) : next
        }
        return places.max()
    }

    /// Case and the two alphabets of Base64 make no difference.
    private static func folded(_ byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
        case UInt8(ascii: "-"): UInt8(ascii: "+")
        case UInt8(ascii: "_"): UInt8(ascii: "/")
        default: byte
        }
    }

    // MARK: - Forms

    private static func hexadecimal(_ bytes: [UInt8]) -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        return bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    }

    /// The characters that are the same whatever stands before and after the secret in what is encoded: three times,
    /// since the groups of three bytes can begin at any of three places.
    private static func base64(_ bytes: [UInt8]) -> [[UInt8]] {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        return (0..<3).compactMap { offset in
            let shifted = [UInt8](repeating: 0, count: offset) + bytes
            let bits = shifted.flatMap { byte -> [Int] in (0..<8).map { Int(byte >> (7 - $0) & 1) } }
            let first = (offset * 8 + 5) / 6
            guard first < bits.count / 6 else { return nil }
            let form = (first..<(bits.count / 6)).map { index -> UInt8 in
                alphabet[bits[(index * 6)..<(index * 6 + 6)].reduce(0) { $0 * 2 + $1 }]
            }
            return form.count >= shortestBase64 ? form : nil
        }
    }

    // MARK: - Escapes

    private static func isEscape(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "%") || byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "&")
    }

    private static let entities: [(name: [UInt8], byte: UInt8)] = [
        (Array("&amp;".utf8), UInt8(ascii: "&")), (Array("&lt;".utf8), UInt8(ascii: "<")),
        (Array("&gt;".utf8), UInt8(ascii: ">")), (Array("&quot;".utf8), UInt8(ascii: "\"")),
        (Array("&apos;".utf8), UInt8(ascii: "'")),
    ]

    /// `%2F`, `&amp;`, `&#47;`, `&#x2f;`, `\/`, `\x2f`, `\u002f`: the byte that is meant, and where it ends.
    private static func escape(in bytes: [UInt8], at start: Int) -> (UInt8, end: Int)? {
        switch bytes[start] {
        case UInt8(ascii: "%"): return number(in: bytes, from: start + 1, digits: 2)
        case UInt8(ascii: "\\"):
            guard start + 1 < bytes.count else { return nil }
            switch bytes[start + 1] {
            case UInt8(ascii: "x"): return number(in: bytes, from: start + 2, digits: 2)
            case UInt8(ascii: "u"): return number(in: bytes, from: start + 2, digits: 4)
            default: return (bytes[start + 1], start + 2)
            }
        case UInt8(ascii: "&"):
            let rest = bytes[start...].prefix(8)
            if let entity = entities.first(where: { rest.starts(with: $0.name) }) {
                return (entity.byte, start + entity.name.count)
            }
            guard rest.dropFirst().first == UInt8(ascii: "#"), let end = rest.firstIndex(of: UInt8(ascii: ";")) else {
                return nil
            }
            let isHexadecimal = rest.dropFirst(2).first.map { $0 | 0x20 } == UInt8(ascii: "x")
            let digits = String(decoding: bytes[(start + (isHexadecimal ? 3 : 2))..<end], as: UTF8.self)
            return UInt8(digits, radix: isHexadecimal ? 16 : 10).map { ($0, end + 1) }
        default: return nil
        }
    }

    private static func number(in bytes: [UInt8], from start: Int, digits: Int) -> (UInt8, end: Int)? {
        guard start + digits <= bytes.count else { return nil }
        return UInt8(String(decoding: bytes[start..<(start + digits)], as: UTF8.self), radix: 16)
            .map { ($0, start + digits) }
    }
}
