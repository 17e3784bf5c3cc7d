import NIOCore
import Synchronization

/// The messages that have arrived and not been taken, between the event loop and whoever receives.
///
/// It does not refuse messages, but says when it holds so many that no more should be read. What one read brought comes
/// on top: a few hundred KiB.
final class WebSocketMailbox: Sendable {
    static let maximumMessages = 1024
    static let maximumBytes = 8 * 1024 * 1024

    private typealias Outcome = Result<[UInt8], WebSocketFailure>

    private struct State {
        var messages = CircularBuffer<[UInt8]>()
        var bytes = 0
        var failure: WebSocketFailure?
        var waiting = CircularBuffer<(id: Int, continuation: CheckedContinuation<Outcome, Never>)>()
        var nextID = 0
        /// Set while reading is held up for want of room.
        var whenRoom: (@Sendable () -> Void)?

        var isFull: Bool { messages.count >= maximumMessages || bytes >= maximumBytes }
        var hasRoom: Bool { messages.count <= maximumMessages / 2 && bytes <= maximumBytes / 2 }
    }

    private let state = Mutex(State())

    func deliver(_ message: [UInt8]) {
        let receiver = state.withLock { state -> CheckedContinuation<Outcome, Never>? in
            guard state.failure == nil else { return nil }
            if let first = state.waiting.popFirst() { return first.continuation }
            state.messages.append(message)
            state.bytes += message.count
            return nil
        }
        receiver?.resume(returning: .success(message))
    }

    /// Whether reading has to wait; if so, `whenRoom` is called once, on any thread, when it need not any more.
    func mustWait(whenRoom: @escaping @Sendable () -> Void) -> Bool {
        state.withLock { state in
            guard state.failure == nil, state.isFull else { return false }
            state.whenRoom = whenRoom
            return true
        }
    }

    /// Ends it, unless that has happened: what was delivered before can still be taken, then comes this failure for
    /// good.
    func end(_ failure: WebSocketFailure) {
        let before = state.withLock { state -> State? in
            guard state.failure == nil else { return nil }
            let before = state
            state.failure = failure
            state.waiting.removeAll()
            state.whenRoom = nil
            return before
        }
        guard let before else { return }
        for (_, continuation) in before.waiting { continuation.resume(returning: .failure(failure)) }
        before.whenRoom?()
    }

    func receive() async throws(WebSocketFailure) -> [UInt8] {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (outcome, whenRoom) = take(orWait: continuation, as: id)
                whenRoom?()
                if let outcome { continuation.resume(returning: outcome) }
            }
        } onCancel: {
            let cancelled = state.withLock { state in
                let index = state.waiting.firstIndex { $0.id == id }
                return index.map { state.waiting.remove(at: $0).continuation }
            }
            cancelled?.resume(returning: .failure(Self.cancelled))
        }
        return try outcome.get()
    }

    private func take(
        orWait continuation: CheckedContinuation<Outcome, Never>,
        as id: Int
    ) -> (Outcome?, (@Sendable () -> Void)?) {
        state.withLock { state in
            if Task.isCancelled { return (.failure(Self.cancelled), nil) }
            if let message = state.messages.popFirst() {
                state.bytes -= message.count
                guard state.hasRoom, let whenRoom = state.whenRoom else { return (.success(message), nil) }
                state.whenRoom = nil
                return (.success(message), whenRoom)
            }
            if let failure = state.failure { return (.failure(failure), nil) }
            state.waiting.append((id, continuation))
            return (nil, nil)
        }
    }

    private static let cancelled = WebSocketFailure(.cancelled, detail: "no longer waiting for a message")
}
