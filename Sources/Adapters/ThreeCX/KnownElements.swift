import FoundationEssentials

/// What the elements of a list said, by their bytes: of a list in which one of a thousand has changed, one is read.
struct KnownElements<Value: Sendable>: Sendable {
    private var last = JSONElements.Known()
    private var values: [Value] = []

    /// The values of all elements of a list, in order; from then on these are the known ones.
    ///
    /// - Parameters:
    ///   - key: Where the list is in `text`, as for `JSONElements.list`, with the `excluded` keys beside it.
    ///   - limit: As many elements as there may be.
    ///   - value: Of an element that is new.
    /// - Returns: `nil` if the text around the elements is not as described, or there are more of them.
    /// - Throws: what `value` throws; nothing new is known then.
    mutating func values<Failure: Error>(
        of key: String?, in text: [UInt8], without excluded: Set<String> = [], upTo limit: Int = .max,
        value: (Data) throws(Failure) -> Value
    ) throws(Failure) -> [Value]? {
        guard let elements = JSONElements.list(key, in: text, without: excluded, knowing: last),
            elements.count <= limit, key == nil || Self.isWellFormed(text, around: elements)
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

    /// Whether an answer without its elements is JSON: what is broken beside them is broken as a whole.
    private static func isWellFormed(_ text: [UInt8], around elements: [JSONElements.Element]) -> Bool {
        let (first, last) = (elements.first?.range.lowerBound, elements.last?.range.upperBound)
        let frame = first.flatMap { first in last.map { text[..<first] + text[$0...] } } ?? text[...]
        do {
            _ = try JSONDecoder().decode(Anything.self, from: Data(frame))
            return true
        } catch {
            return false
        }
    }

    mutating func forget() {
        last = JSONElements.Known()
        values = []
    }
}

/// Any JSON.
private struct Anything: Decodable {
    init(from decoder: any Decoder) {}
}
