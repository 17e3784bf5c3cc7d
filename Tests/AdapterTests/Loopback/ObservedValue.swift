/// A value that tests change and wait for.
///
/// Waiting is event-driven: every change asks the waiters, and the only sleep is the deadline itself.
actor ObservedValue<Value: Sendable> {
    private struct Waiter {
        let condition: @Sendable (Value) -> Bool
        let continuation: CheckedContinuation<Value, any Error>
        let deadline: Task<Void, Never>
    }

    private(set) var value: Value
    private var waiters: [Int: Waiter] = [:]
    private var nextWaiter = 0

    init(_ value: Value) {
        self.value = value
    }

    @discardableResult
    func update<Result: Sendable>(_ change: @Sendable (inout Value) throws -> Result) rethrows -> Result {
        let result = try change(&value)
        for (id, waiter) in waiters where waiter.condition(value) {
            settle(id, with: .success(value))
        }
        return result
    }

    /// Returns the value as soon as it meets the condition, at once if it already does.
    ///
    /// - Throws: `DeadlineExceeded` after `limit`, `CancellationError` when the task is cancelled.
    @discardableResult
    func wait(
        for awaited: String = "a condition",
        within limit: Duration = .seconds(60),
        until condition: @escaping @Sendable (Value) -> Bool
    ) async throws -> Value {
        if condition(value) { return value }
        let id = nextWaiter
        nextWaiter += 1
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                if Task.isCancelled {
                    continuation.resume(throwing: CancellationError())
                    return
                }
                let deadline = Task {
                    do { try await Task.sleep(for: limit) } catch { return }
                    expire(id, awaited: awaited, limit: limit)
                }
                waiters[id] = Waiter(condition: condition, continuation: continuation, deadline: deadline)
            }
        } onCancel: {
            Task { await settle(id, with: .failure(CancellationError())) }
        }
    }

    private func expire(_ id: Int, awaited: String, limit: Duration) {
        let seen = String(String(describing: value).prefix(2000))
        settle(id, with: .failure(DeadlineExceeded(awaited: awaited, limit: limit, seen: seen)))
    }

    private func settle(_ id: Int, with result: Result<Value, any Error>) {
        guard let waiter = waiters.removeValue(forKey: id) else { return }
        waiter.deadline.cancel()
        waiter.continuation.resume(with: result)
    }
}
