/// Strings of JSON: what they stand for, and how they are written so that they stay on their line.
enum TraceLiteral {
    static func literal(_ text: String) -> String { "\"\(escaped(text))\"" }

    static func escaped(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\":
                result.append("\\")
                result.append(scalar)
            default:
                switch scalar.properties.generalCategory {
                case .control, .lineSeparator, .paragraphSeparator, .format:
                    for unit in String(scalar).utf16 {
                        let digits = String(unit, radix: 16)
                        result.append(
                            contentsOf: ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
                                .unicodeScalars)
                    }
                default: result.append(scalar)
                }
            }
        }
        return String(result)
    }

    /// Escapes that are none stand for themselves, halves of a pair for U+FFFD.
    static func decoded(_ bytes: ArraySlice<UInt8>) -> String {
        guard bytes.contains(UInt8(ascii: "\\")) else { return String(decoding: bytes, as: UTF8.self) }
        var units: [UInt16] = []
        var scalars = String(decoding: bytes, as: UTF8.self).unicodeScalars.makeIterator()
        while let scalar = scalars.next() {
            guard scalar == "\\" else {
                units += String(scalar).utf16
                continue
            }
            switch scalars.next() {
            case "n": units.append(0x0A)
            case "r": units.append(0x0D)
            case "t": units.append(0x09)
            case "b": units.append(0x08)
            case "f": units.append(0x0C)
            case "u":
                var digits = ""
                var rest = scalars
                for _ in 0..<4 {
                    guard let digit = rest.next(), digit.properties.isASCIIHexDigit else { break }
                    digits.unicodeScalars.append(digit)
                    scalars = rest
                }
                units.append(digits.count == 4 ? UInt16(digits, radix: 16) ?? 0xFFFD : 0xFFFD)
            case let other?: units += String(other).utf16
            case nil: break
            }
        }
        return String(decoding: units, as: UTF16.self)
    }
}
