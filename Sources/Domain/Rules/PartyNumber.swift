/// The number within a text by which a PBX names the other party: an address of SIP (`sip:+4930…@sip.example.net`) or
/// of a phone (`tel:+49-30-…;ext=12`), or digits with a dial code in front.
package enum PartyNumber {
    /// The number of an address, with what belongs to it; a text that is no address stays as it is.
    package static func plain(_ text: String) -> String {
        guard text.utf8.contains(where: isMark) else { return text }
        var rest = Substring(text)
        if let open = rest.firstIndex(of: "<"), let close = rest.lastIndex(of: ">"), open < close {
            rest = rest[rest.index(after: open)..<close]
        }
        let isAddress = schemes.first { rest.lowercased().hasPrefix($0) }
        if let isAddress { rest = rest.dropFirst(isAddress.count) }
        let end = rest.firstIndex { $0 == "@" || $0 == ";" || $0 == "?" } ?? rest.endIndex
        let hasHost = end < rest.endIndex && rest[end] == "@"
        rest = rest[..<end]
        // A plus sign that was made safe for a URI.
        if rest.lowercased().hasPrefix("%2b") { rest = "+" + rest.dropFirst(3) }
        guard isAddress != nil || hasHost || NumberPlan.compact(String(rest)) != nil else { return text }
        return String(rest)
    }

    /// The number that is called, without a dial code in front (`*31` hides the own number); `nil` for text that is
    /// none and for a feature code (`*62`, `*20*101`), which calls nobody outside.
    package static func called(_ text: String) -> String? { parts(of: text)?.called }

    /// The same, but with the code where no sign ends it: only the country's numbers tell how long it is.
    package static func dialled(_ text: String) -> String? { parts(of: text)?.dialled }

    /// The number of whoever calls. Codes are only dialled: what begins like one is kept if it is longer.
    package static func calling(_ text: String) -> String? {
        guard let compact = NumberPlan.compact(plain(text)), beginsWithCode(compact) else { return called(text) }
        let digits = compact.utf8.dropFirst()
        return digits.count > 3 && digits.allSatisfy(isDigit) ? compact : nil
    }

    private static func parts(of text: String) -> (called: String, dialled: String)? {
        let plain = plain(text)
        guard beginsWithCode(plain) else {
            // Some press # to send what they have dialled.
            return NumberPlan.compact(plain.last == "#" ? String(plain.dropLast()) : plain).map { ($0, $0) }
        }
        let dialled = plain.utf8.filter { !separators.contains($0) }
        guard dialled.count <= 2 * NumberPlan.longestNumber, dialled.allSatisfy({ isDigit($0) || signs.contains($0) })
        else { return nil }
        let behind = dialled.drop { isSign($0) }
        let code = behind.prefix { isDigit($0) }
        let rest = behind.dropFirst(code.count)
        if let sign = rest.first {
            // `*31#030…`, `#31#030…`, `*31+4930…`; what goes on with signs, or ends with one, sets something.
            guard (1...3).contains(code.count) else { return nil }
            return number(sign == UInt8(ascii: "+") ? rest : rest.drop { isSign($0) }).map { ($0, $0) }
        }
        // Nothing stands between: the number begins with the 0 that is dialled before it, or is a North American one.
        let zero = [2, 1, 3].first { behind.dropFirst($0).first == UInt8(ascii: "0") }
        guard let length = zero ?? ((12...13).contains(behind.count) ? 2 : nil) else { return nil }
        let withCode = dialled.prefix(1) + behind
        return number(behind.dropFirst(length)).map { ($0, String(decoding: withCode, as: UTF8.self)) }
    }

    /// Whether a number begins with the sign of a dial code.
    package static func beginsWithCode(_ text: String) -> Bool {
        text.utf8.first.map(isSign) ?? false
    }

    /// Shorter ones are extensions, or what belongs to a code.
    private static let shortest = 7

    private static func number(_ digits: ArraySlice<UInt8>) -> String? {
        let plain = digits.first == UInt8(ascii: "+") ? digits.dropFirst() : digits
        guard plain.count >= shortest, plain.allSatisfy(isDigit) else { return nil }
        return String(decoding: digits, as: UTF8.self)
    }

    private static let schemes = ["sips:", "sip:", "tel:", "callto:"]
    private static let separators = Set(" -/.()".utf8)
    private static let signs = Set("*#+".utf8)

    /// What an address has, and a number and most names have not.
    private static func isMark(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ":"), UInt8(ascii: "@"), UInt8(ascii: ";"), UInt8(ascii: "<"): true
        default: false
        }
    }

    private static func isSign(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "*") || byte == UInt8(ascii: "#") }
    private static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }
}
