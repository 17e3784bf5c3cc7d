import Synchronization

/// Hands over what a view says, one at a time and in the order in which it was put in, however many tasks have
/// something to say.
final class PushLine: Sendable {
    private struct State {
        var receiver: (@Sendable (PhoneSystemPush) async -> Void)?
        var waiting: [PhoneSystemPush] = []
        /// Whether somebody hands over.
        var isBusy = false
        var putIn = 0
        var handedOver = 0
        var waiters: [(number: Int, continuation: CheckedContinuation<Void, Never>)] = []

        mutating func takeDue() -> [CheckedContinuation<Void, Never>] {
            let due = waiters.filter { $0.number <= handedOver }
            waiters.removeAll { $0.number <= handedOver }
            return due.map(\.continuation)
        }
    }

    private let state = Mutex(State())

    /// Whether there is somebody who listens.
    var isOpen: Bool { state.withLock { $0.receiver != nil } }

    func open(_ receiver: @escaping @Sendable (PhoneSystemPush) async -> Void) {
        state.withLock { $0.receiver = receiver }
    }

    /// Nobody listens any more; what waits is dropped.
    func close() {
        let waiters = state.withLock { state in
            state.receiver = nil
            state.handedOver += state.waiting.count
            state.waiting = []
            return state.takeDue()
        }
        for waiter in waiters { waiter.resume() }
    }

    /// - Returns: what to wait for until all of it has been handed over.
    func put(_ pushes: [PhoneSystemPush]) -> Int {
        state.withLock { state in
            guard state.receiver != nil else { return state.handedOver }
            state.waiting += pushes
            state.putIn += pushes.count
            return state.putIn
        }
    }

    /// Waits until what `put` returned that number for has been handed over. Whoever finds nobody handing over does it.
    func wait(for number: Int) async {
        while let (push, receiver) = begin() {
            await receiver(push)
            for waiter in end() { waiter.resume() }
        }
        await withCheckedContinuation { continuation in
            let isDone = state.withLock { state in
                if state.handedOver >= number { return true }
                state.waiters.append((number, continuation))
                return false
            }
            if isDone { continuation.resume() }
        }
    }

    private func begin() -> (PhoneSystemPush, @Sendable (PhoneSystemPush) async -> Void)? {
        state.withLock { state in
            guard !state.isBusy, let receiver = state.receiver, !state.waiting.isEmpty else { return nil }
            state.isBusy = true
            return (state.waiting.removeFirst(), receiver)
        }
    }

    private func end() -> [CheckedContinuation<Void, Never>] {
        state.withLock { state in
            state.isBusy = false
            state.handedOver += 1
            return state.takeDue()
        }
    }
}
