import Domain
import Ports

/// A limit for what may consist of many requests.
enum CheckLimit {
    private static let longestStep: Duration = .seconds(30)

    /// `nil` if the time is over; what was under way is cancelled.
    static func run<Value: Sendable>(
        _ clock: any Clock, _ body: @escaping @Sendable () async -> Value
    ) async -> Value? {
        let deadline = clock.now() + longestStep
        return await withTaskGroup(of: Value?.self) { group in
            group.addTask { await body() }
            group.addTask {
                // Cancelled when the other one was faster.
                do { try await clock.sleep(until: deadline) } catch { return nil }
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
    }
}
