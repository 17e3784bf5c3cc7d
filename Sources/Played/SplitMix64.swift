/// A seeded generator of random numbers (Steele, Lea and Flood 2014): the same seed gives the same run on every
/// machine.
package struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) {
        state = seed
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A whole number in the range, close enough to uniform for a simulation.
    package mutating func pick(_ range: ClosedRange<Int64>) -> Int64 {
        range.lowerBound + Int64(next() % UInt64(range.upperBound - range.lowerBound + 1))
    }

    package mutating func chance(_ probability: Double) -> Bool {
        fraction() < probability
    }

    /// In 0 ..< 1.
    package mutating func fraction() -> Double {
        Double(next() >> 11) / 9_007_199_254_740_992
    }

    package mutating func element<Element>(_ first: Element, _ others: Element...) -> Element {
        let index = Int(pick(0...Int64(others.count)))
        return index == 0 ? first : others[index - 1]
    }
}
