import FoundationEssentials

/// Finds known secrets in what goes over the wire, also in the forms in which a server may send one back: in other
/// case, percent-encoded, with the escapes of HTML or of a string, in hexadecimal digits, and in Base64, alone or
/// inside something else.
struct TraceSecrets: Sendable {
    /// Shorter ones occur by chance; they are still masked under their keys.
    static let shortest = 4
    /// How much of a secret at the end of a text, which may have been cut there, counts as its beginning.
    private static let shortestBeginning = 5
    /// How often what is escaped may be escaped again.
    private static let deepestEscapes = 3
    /// Of what Base64 makes of a secret.
    private static let shortestBase64 = 6

    /// Folded; the longest first, so that none is spoilt by the masking of a part of it.
    private let forms: [[UInt8]]

    init(_ secrets: [String]) {
        let secrets = secrets.filter { $0.utf8.count >= Self.shortest }
        let forms = secrets.flatMap { secret -> [[UInt8]] in
            let bytes = Array(secret.utf8)
            let cases = [secret, secret.uppercased(), secret.lowercased()].map { Array($0.utf8) }
            return cases + [bytes.flatMap(Self.hexadecimal)] + Self.base64(bytes)
        }
        self.forms = Set(forms.map { $0.map(Self.folded) }).sorted { $0.count > $1.count }
    }

    /// The text with every secret hidden. Its escapes are resolved if that shows one.
    func hidden(in text: String) -> String {
        guard !forms.isEmpty else { return text }
        var shown = hidden(in: Array(text.utf8))
        var layer = shown
        for _ in 0..<Self.deepestEscapes {
            let resolved = Self.resolved(layer)
            guard resolved != layer else { break }
            layer = hidden(in: resolved)
            if layer != resolved { shown = layer }
        }
        return String(decoding: shown, as: UTF8.self)
    }

    /// Byte by byte: a comparison of characters would miss a secret that is followed by a combining mark.
    private func hidden(in bytes: [UInt8]) -> [UInt8] {
        let folded = bytes.map(Self.folded)
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let rest = folded[index...]
            let form = forms.first { form in
                form.first == rest.first
                    && (rest.starts(with: form) || rest.count >= Self.shortestBeginning && form.starts(with: rest))
            }
            if let form {
                result += TraceText.hidden.utf8
                index += form.count
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result
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

    private static func hexadecimal(_ byte: UInt8) -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        return [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }

    /// The characters that are the same whatever stands before and after the secret in what is encoded: three times,
    /// since the groups of three bytes can begin at any of three places.
    private static func base64(_ bytes: [UInt8]) -> [[UInt8]] {
        (0..<3).compactMap { offset in
            let shifted = [UInt8](repeating: 0, count: offset) + bytes
            let encoded = Data(shifted).base64EncodedString().utf8
            // What holds bits of the neighbours is left out.
            let form = encoded.prefix(shifted.count * 8 / 6).dropFirst((offset * 8 + 5) / 6)
            return form.count >= shortestBase64 ? Array(form) : nil
        }
    }

    // MARK: - Escapes

    private static let entities = [
        "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": "\"", "&apos;": "'",
    ].map { (name: Array($0.utf8), byte: Array($1.utf8)[0]) }

    private static func resolved(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let (meant, length) = escape(bytes[index...]) ?? ([bytes[index]], 1)
            result += meant
            index += length
        }
        return result
    }

    /// `%2F`, `&amp;`, `&#47;`, `&#x2f;`, `\/`, `\x2f`, `\u002f`: the bytes that are meant, and how long the escape is.
    private static func escape(_ rest: ArraySlice<UInt8>) -> ([UInt8], length: Int)? {
        func value(from start: Int, digits: Int, radix: Int = 16) -> UInt32? {
            let text = String(decoding: rest.dropFirst(start).prefix(digits), as: UTF8.self)
            return text.utf8.count == digits ? UInt32(text, radix: radix) : nil
        }
        /// One byte, which may be a part of a character.
        func byte(from start: Int) -> ([UInt8], length: Int)? {
            value(from: start, digits: 2).map { ([UInt8($0)], start + 2) }
        }
        /// A whole character.
        func character(_ value: UInt32?, length: Int) -> ([UInt8], length: Int)? {
            value.flatMap(Unicode.Scalar.init).map { (Array(String($0).utf8), length) }
        }
        switch rest.first {
        case UInt8(ascii: "%"): return byte(from: 1)
        case UInt8(ascii: "\\"):
            switch rest.dropFirst().first {
            case UInt8(ascii: "x"): return byte(from: 2)
            case UInt8(ascii: "u"): return character(value(from: 2, digits: 4), length: 6)
            case let other?: return ([other], 2)
            case nil: return nil
            }
        case UInt8(ascii: "&"):
            if let entity = entities.first(where: { rest.starts(with: $0.name) }) {
                return ([entity.byte], entity.name.count)
            }
            guard rest.dropFirst().first == UInt8(ascii: "#"),
                let end = rest.prefix(8).firstIndex(of: UInt8(ascii: ";"))
            else { return nil }
            let start = rest.dropFirst(2).first.map { $0 | 0x20 } == UInt8(ascii: "x") ? 3 : 2
            let digits = end - rest.startIndex - start
            return character(
                value(from: start, digits: digits, radix: start == 3 ? 16 : 10), length: start + digits + 1)
        default: return nil
        }
    }
}
