import Synchronization

/// Counts those who listen, up to a limit.
final class StatusListeners: Sendable {
    /// The place of one of them, which is free again when this goes.
    final class Place: Sendable {
        private let listeners: StatusListeners

        fileprivate init(_ listeners: StatusListeners) { self.listeners = listeners }

        deinit { listeners.count.withLock { $0 -= 1 } }
    }

    private let limit: Int
    private let count = Mutex(0)

    init(limit: Int) {
        self.limit = limit
    }

    /// `nil` if there is no room for one more.
    func enter() -> Place? {
        let isRoom = count.withLock { count in
            guard count < limit else { return false }
            count += 1
            return true
        }
        return isRoom ? Place(self) : nil
    }
}
