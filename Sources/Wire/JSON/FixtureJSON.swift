import FoundationEssentials

/// JSON as fixtures hold it.
package enum FixtureJSON {
    package static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try [UInt8](encoder.encode(value))
    }

    /// A string literal.
    package static func literal(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\u{0}"..."\u{1F}", "\u{7F}":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    /// `text` with the value of a top-level key replaced, all else to the letter as it was; `nil` if the key is not
    /// there.
    package static func replacing(_ key: String, with value: String, in text: String) -> String? {
        let bytes = Array(text.utf8)
        guard let range = valueRange(of: key, in: bytes) else { return nil }
        return String(
            decoding: bytes[..<range.lowerBound] + Array(value.utf8) + bytes[range.upperBound...], as: UTF8.self)
    }

    /// Expects valid JSON: the caller has decoded it.
    private static func valueRange(of key: String, in bytes: [UInt8]) -> Range<Int>? {
        var depth = 0
        var index = 0
        var start: Int?
        while index < bytes.count {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "\""):
                let end = endOfString(at: index, in: bytes)
                let isKey =
                    depth == 1 && start == nil && bytes[(index + 1)..<max(index + 1, end - 1)].elementsEqual(key.utf8)
                index = end
                if isKey, let colon = skipBlanks(from: end, in: bytes), bytes[colon] == UInt8(ascii: ":") {
                    start = skipBlanks(from: colon + 1, in: bytes)
                    index = start ?? bytes.count
                }
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: ","):
                if let start, depth == 1 { return start..<trimBlanks(before: index, in: bytes) }
                if byte != UInt8(ascii: ",") { depth -= 1 }
            default: break
            }
            index += 1
        }
        return nil
    }

    private static func endOfString(at start: Int, in bytes: [UInt8]) -> Int {
        var index = start + 1
        while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
            index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(index + 1, bytes.count)
    }

    private static func skipBlanks(from start: Int, in bytes: [UInt8]) -> Int? {
        bytes[min(start, bytes.count)...].firstIndex { $0 > 0x20 }
    }

    private static func trimBlanks(before end: Int, in bytes: [UInt8]) -> Int {
        var end = end
        while end > 0, bytes[end - 1] <= 0x20 { end -= 1 }
        return end
    }

    /// A body in one form, whatever the order of its keys; `nil` for none, and for what is no JSON.
    package static func canonical(_ body: [UInt8]?) -> String? {
        guard let body, !body.isEmpty else { return nil }
        do {
            let value = try JSONDecoder().decode(JSONValue.self, from: Data(body))
            return String(decoding: try encode(value), as: UTF8.self)
        } catch {
            return nil
        }
    }
}

extension JSONValue {
    /// In the form of `FixtureJSON`; `null` where a number is none that JSON has.
    package var bytes: [UInt8] {
        do { return try FixtureJSON.encode(self) } catch { return Array("null".utf8) }
    }

    package var text: String { String(decoding: bytes, as: UTF8.self) }
}
