/// A queue with constant-time ends; Domain depends on no package, so that it has its own.
struct FIFOQueue<Element: Equatable & Sendable & Codable>: Equatable, Sendable, Codable {
    /// The next ones, in reverse order.
    private var front: [Element] = []
    private var back: [Element] = []

    init() {}

    var isEmpty: Bool { front.isEmpty && back.isEmpty }

    var count: Int { front.count + back.count }

    var first: Element? { front.last ?? back.first }

    mutating func append(_ element: Element) {
        back.append(element)
    }

    mutating func prepend(_ element: Element) {
        front.append(element)
    }

    mutating func popFirst() -> Element? {
        if front.isEmpty {
            front = back.reversed()
            back = []
        }
        return front.popLast()
    }

    static func == (left: Self, right: Self) -> Bool {
        left.elements == right.elements
    }

    /// In order.
    var elements: [Element] { front.reversed() + back }
}
