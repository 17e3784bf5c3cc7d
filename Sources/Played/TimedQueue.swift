import Domain

/// What is to happen when, earliest first; what is due at the same instant keeps the order in which it was added.
package struct TimedQueue<Event: Sendable>: Sendable {
    /// The next one last.
    private var waiting: [(at: Int64, event: Event)] = []

    package init() {}

    package mutating func add(_ event: Event, at instant: Int64) {
        waiting.insert((instant, event), at: waiting.partitioningIndex { $0.at <= instant })
    }

    package mutating func popFirst() -> (at: Int64, event: Event)? {
        waiting.popLast()
    }
}
