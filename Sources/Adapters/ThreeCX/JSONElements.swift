/// Finds the elements of a JSON list without decoding them.
struct JSONElements {
    /// The elements of an earlier text.
    struct Known: Sendable {
        var text: [UInt8] = []
        var ranges: [Range<Int>] = []
    }

    struct Element {
        var range: Range<Int>
        /// The index of the known element with the same bytes.
        var known: Int?
    }

    /// As many known elements are compared with what comes next: some may be gone, and some new.
    private static let guesses = 4

    private let bytes: [UInt8]
    private var index = 0
    private let known: Known
    private var nextKnown = 0

    /// Where the elements stand of the list that is the whole text (`key` is `nil`), or the value of `key` in the object that is the
    /// whole text.
    ///
    /// Within an element only texts and brackets are looked at: what is new must be decoded, which shows whether it is well formed.
    ///
    /// - Parameter known: Elements that may come again in the same order, and are then known by their bytes.
    /// - Returns: `nil` if the text around the elements is not well formed, or not as described. Whoever decodes it whole learns why.
    static func list(_ key: String?, in text: [UInt8], knowing known: Known = Known()) -> [Element]? {
        var scan = JSONElements(bytes: text, known: known)
        guard let elements = key.map({ scan.member($0) }) ?? scan.elements() else { return nil }
        scan.skipBlanks()
        return scan.index == text.count ? elements : nil
    }

    private init(bytes: [UInt8], known: Known) {
        self.bytes = bytes
        self.known = known
    }

    private mutating func member(_ wanted: String) -> [Element]? {
        guard take("{") else { return nil }
        var found: [Element]?
        repeat {
            // An escape could make it one of those that matter. Looked for as a byte: a mark on it makes it another character.
            guard let name = text(), !name.utf8.contains(UInt8(ascii: "\\")), take(":") else { return nil }
            if name == wanted {
                // With two of a name nobody knows which one counts.
                guard found == nil, let elements = elements() else { return nil }
                found = elements
            } else if element() == nil {
                return nil
            }
        } while take(",")
        return take("}") ? found : nil
    }

    private mutating func elements() -> [Element]? {
        guard take("[") else { return nil }
        var elements: [Element] = []
        if take("]") { return elements }
        elements.reserveCapacity(known.ranges.count)
        repeat {
            skipBlanks()
            if let element = knownElement() {
                elements.append(element)
            } else if let range = element() {
                elements.append(Element(range: range))
            } else {
                return nil
            }
        } while take(",")
        return take("]") ? elements : nil
    }

    /// One that is known by its bytes, and after which the list goes on or ends: a scan would find the same end.
    private mutating func knownElement() -> Element? {
        for candidate in nextKnown..<min(nextKnown + Self.guesses, known.ranges.count) {
            let range = known.ranges[candidate]
            let end = index + range.count
            guard end < bytes.count, bytes[end] == UInt8(ascii: ",") || bytes[end] == UInt8(ascii: "]"),
                bytes[index..<end] == known.text[range]
            else { continue }
            defer { (index, nextKnown) = (end, candidate + 1) }
            return Element(range: index..<end, known: candidate)
        }
        return nil
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
        return String(decoding: bytes[start..<(index - 1)], as: UTF8.self)
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
