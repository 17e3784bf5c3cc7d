/// Undoes what URLSession on Linux does to repeated `Set-Cookie` fields: it joins their values with ", ".
enum JoinedHeaders {
    /// A comma ends a cookie only where a `name=` follows, because the date of `Expires` contains a comma too.
    static func cookies(_ joined: String) -> [String] {
        let bytes = Array(joined.utf8)
        var cookies: [String] = []
        var start = 0
        for index in bytes.indices where bytes[index] == UInt8(ascii: ",") && beginsCookie(bytes[(index + 1)...]) {
            cookies.append(trimmed(bytes[start..<index]))
            start = index + 1
        }
        cookies.append(trimmed(bytes[start...]))
        return cookies.filter { !$0.isEmpty }
    }

    private static func beginsCookie(_ rest: ArraySlice<UInt8>) -> Bool {
        let name = rest.drop { $0 == UInt8(ascii: " ") }.prefix { $0.isHTTPTokenCharacter }
        guard !name.isEmpty, name.endIndex < rest.endIndex else { return false }
        return rest[name.endIndex] == UInt8(ascii: "=")
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> String {
        let space = UInt8(ascii: " ")
        let head = bytes.drop { $0 == space }
        let end = head.lastIndex { $0 != space }.map { $0 + 1 } ?? head.startIndex
        return String(decoding: head[head.startIndex..<end], as: UTF8.self)
    }
}
