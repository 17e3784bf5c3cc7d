import NIOCore

extension EventLoop {
    /// For a day at most. A timer that is cancelled is gone at once, while a cancelled `Task.sleep` stays in memory until the time that it was to end.
    ///
    /// - Throws: `CancellationError`.
    func sleep(for duration: Duration) async throws {
        let timer = scheduleTask(in: TimeAmount(min(duration, .seconds(86_400)))) {}
        try await withTaskCancellationHandler {
            do {
                try await timer.futureResult.get()
            } catch {
                throw CancellationError()
            }
        } onCancel: {
            timer.cancel()
        }
    }
}
