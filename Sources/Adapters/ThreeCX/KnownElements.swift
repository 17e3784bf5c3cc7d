import FoundationEssentials

/// What the elements of a list said, by their bytes: of a list in which one of a thousand has changed, one is read.
struct KnownElements<Value: Sendable>: Sendable {
    private var last = JSONElements.Known()
    private var values: [Value] = []

    /// The values of all elements of a list, in order; from then on these are the known ones.
    ///
    /// - Parameters:
    ///   - key: Where the list is in `text`, as for `JSONElements.list`.
    ///   - frame: Whether the text without its elements, which is asked about if there is a `key`, is as it should be.
    ///   - value: Of an element that is new.
    /// - Returns: `nil` if the text around the elements is not as described.
    /// - Throws: what `value` throws; nothing new is known then.
    mutating func values<Failure: Error>(
        of key: String?, in text: [UInt8], frame: (Data) -> Bool = isJSON, value: (Data) throws(Failure) -> Value
    ) throws(Failure) -> [Value]? {
        guard let elements = JSONElements.list(key, in: text, knowing: last),
            key == nil || frame(Self.frame(of: text, around: elements))
        else { return nil }
        var result: [Value] = []
        result.reserveCapacity(elements.count)
        for element in elements {
            if let index = element.known {
                result.append(values[index])
            } else {
                result.append(try value(Data(text[element.range])))
            }
        }
        last = JSONElements.Known(text: text, ranges: elements.map(\.range))
        values = result
        return result
    }

    private static func frame(of text: [UInt8], around elements: [JSONElements.Element]) -> Data {
        guard let first = elements.first, let last = elements.last else { return Data(text) }
        return Data(text[..<first.range.lowerBound] + text[last.range.upperBound...])
    }

    /// What is broken beside the elements is broken as a whole.
    static func isJSON(_ frame: Data) -> Bool {
        do {
            _ = try JSONDecoder().decode(Anything.self, from: frame)
            return true
        } catch {
            return false
        }
    }
}

/// Any JSON.
private struct Anything: Decodable {
    init(from decoder: any Decoder) {}
}
