import Domain

/// The server's time in XAPI's list of active calls. It stands in each row and changes with every look.
struct ServerNow: Equatable, Sendable {
    /// The list with `null` in its place: what is equal as long as no call changes.
    let content: [UInt8]
    /// `nil` if no row says it.
    let instant: Instant?

    private static let key = Array("\"ServerNow\"".utf8)
    private static let replacement = Array("\"ServerNow\":null".utf8)
    /// No key with its value is longer; what is stays in the list.
    private static let longest = 120

    init(in body: [UInt8]) {
        var content: [UInt8] = []
        var first: Instant?
        content.reserveCapacity(body.count)
        var rest = body.startIndex
        var index = body.startIndex
        while index < body.endIndex {
            // Within a text the quotes would be escaped, so that this is the key itself.
            guard body[index] == UInt8(ascii: "\""), body[index...].starts(with: Self.key),
                let end = body[index...].prefix(Self.longest).firstIndex(where: {
                    $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "}")
                }), Self.isWellFormed(body[(index + Self.key.count)..<end])
            else {
                index += 1
                continue
            }
            content += body[rest..<index]
            if first == nil {
                let value = String(decoding: body[(index + Self.key.count)..<end], as: UTF8.self)
                first = Instant(rfc3339: value.filter { !$0.isWhitespace && $0 != "\"" }.drop { $0 == ":" })
                    .map(WallClock.ofProcess.instant(at:))
            }
            content += Self.replacement
            (rest, index) = (end, end)
        }
        content += body[rest...]
        self.content = content
        instant = first
    }

    /// Whether it is a colon and a value: what is broken stays in the list, and is found there.
    private static func isWellFormed(_ text: ArraySlice<UInt8>) -> Bool {
        let words = text.filter { $0 > 0x20 }
        guard words.first == UInt8(ascii: ":") else { return false }
        let value = words.dropFirst()
        if value.elementsEqual("null".utf8) { return true }
        return value.count >= 2 && value.first == UInt8(ascii: "\"") && value.last == UInt8(ascii: "\"")
            && !value.dropFirst().dropLast().contains { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }
    }
}

extension Instant {
    /// `2026-02-03T09:15:01.330411Z`, with 0 to 12 digits of a fraction, which is dropped, and `Z` or an offset.
    init?(rfc3339 text: Substring) {
        let digits = Array(text.utf8)
        func number(_ range: Range<Int>) -> Int? {
            guard range.upperBound <= digits.count,
                digits[range].allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 })
            else { return nil }
            return digits[range].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10), let hour = number(11..<13),
            let minute = number(14..<16), let second = number(17..<19), (1...12).contains(month)
        else { return nil }
        var zone = digits[19...]
        if zone.first == UInt8(ascii: ".") {
            zone = zone.dropFirst().drop { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
        }
        var offset = 0
        switch zone.first {
        case UInt8(ascii: "Z"), UInt8(ascii: "z"): break
        case UInt8(ascii: "+"), UInt8(ascii: "-"):
            let start = zone.startIndex
            guard let hours = number((start + 1)..<(start + 3)), let minutes = number((start + 4)..<(start + 6))
            else { return nil }
            offset = (zone.first == UInt8(ascii: "-") ? -60 : 60) * (hours * 60 + minutes)
        default: return nil
        }
        // Days since 1970 in the Gregorian calendar, with years that begin in March so that the leap day comes last.
        let shifted = month > 2 ? year : year - 1
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let days = shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
        self.init(milliseconds: Int64(days * 86_400 + hour * 3600 + minute * 60 + second - offset) * 1000)
    }
}
