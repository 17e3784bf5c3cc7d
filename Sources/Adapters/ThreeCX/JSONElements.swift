/// Finds the elements of a JSON list without decoding them.
struct JSONElements {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var index = 0

    /// Where the elements stand of the list that is the whole text (`key` is `nil`), or the value of `key` in the object that is the
    /// whole text.
    ///
    /// Within an element only texts and brackets are looked at: what is new must be decoded, which shows whether it is well formed.
    ///
    /// - Parameter excluded: Keys beside the list with which the list alone does not tell all.
    /// - Returns: `nil` if the text around the elements is not well formed, or not as described. Whoever decodes it whole learns why.
    static func list(_ key: String?, in text: [UInt8], without excluded: Set<String> = []) -> [Range<Int>]? {
        text.withUnsafeBufferPointer { bytes in
            var scan = JSONElements(bytes: bytes)
            guard let ranges = key.map({ scan.member($0, excluded) }) ?? scan.elements() else { return nil }
            scan.skipBlanks()
            return scan.index == bytes.count ? ranges : nil
        }
    }

    private init(bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    private mutating func member(_ wanted: String, _ excluded: Set<String>) -> [Range<Int>]? {
        guard take("{") else { return nil }
        var found: [Range<Int>]?
        repeat {
            guard let name = text(), !excluded.contains(name), take(":") else { return nil }
            if name == wanted {
                // With two of a name nobody knows which one counts.
                guard found == nil, let ranges = elements() else { return nil }
                found = ranges
            } else if element() == nil {
                return nil
            }
        } while take(",")
        return take("}") ? found : nil
    }

    private mutating func elements() -> [Range<Int>]? {
        guard take("[") else { return nil }
        var ranges: [Range<Int>] = []
        if take("]") { return ranges }
        repeat {
            guard let range = element() else { return nil }
            ranges.append(range)
        } while take(",")
        return take("]") ? ranges : nil
    }

    /// A value of any kind.
    private mutating func element() -> Range<Int>? {
        skipBlanks()
        let start = index
        var depth = 0
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                guard skipText() else { return nil }
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return start < index ? start..<index : nil }
                depth -= 1
            case UInt8(ascii: ",") where depth == 0:
                return start < index ? start..<index : nil
            default: break
            }
            index += 1
        }
        return nil
    }

    private mutating func text() -> String? {
        skipBlanks()
        let start = index + 1
        guard index < bytes.count, bytes[index] == UInt8(ascii: "\""), skipText() else { return nil }
        return String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<(index - 1)]), as: UTF8.self)
    }

    /// From its first quote to behind its last.
    private mutating func skipText() -> Bool {
        index += 1
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                index += 1
                return true
            case UInt8(ascii: "\\"): index += 2
            default: index += 1
            }
        }
        return false
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipBlanks()
        guard index < bytes.count, bytes[index] == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    private mutating func skipBlanks() {
        while index < bytes.count, [UInt8(0x20), 0x09, 0x0A, 0x0D].contains(bytes[index]) { index += 1 }
    }
}
