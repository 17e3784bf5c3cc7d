import FoundationEssentials

/// What the elements of a list said, by their bytes: of a list in which one of a thousand has changed, one is decoded.
struct KnownElements<Value: Sendable>: Sendable {
    /// The part of a list that an element is.
    private struct Key: Hashable, Sendable {
        let bytes: ArraySlice<UInt8>

        func hash(into hasher: inout Hasher) {
            bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
        }
    }

    private var values: [Key: Value] = [:]

    /// The values of all elements, in order, and nothing else is known from then on.
    ///
    /// - Parameter value: Of an element that is new.
    /// - Throws: what `value` throws.
    mutating func values<Failure: Error>(
        of elements: [Range<Int>], in list: [UInt8], value: (Data) throws(Failure) -> Value
    ) throws(Failure) -> [Value] {
        var known: [Key: Value] = [:]
        known.reserveCapacity(elements.count)
        var result: [Value] = []
        result.reserveCapacity(elements.count)
        for element in elements {
            let key = Key(bytes: list[element])
            let found: Value
            if let last = values[key] { found = last } else { found = try value(Data(key.bytes)) }
            known[key] = found
            result.append(found)
        }
        values = known
        return result
    }

    mutating func forget() { values = [:] }
}
