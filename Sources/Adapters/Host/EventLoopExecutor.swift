import NIOCore
import NIOPosix

/// Runs tasks on the thread of an event loop: what comes of an answer is done where the answer came in, and no other
/// thread has to be woken for it. Must outlive its tasks, which do not keep it.
package final class EventLoopExecutor: TaskExecutor {
    let eventLoop: any EventLoop

    init(_ eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    /// Of the process's only event loop.
    ///
    /// - Precondition: No event loop is in use yet, and this has not been called before.
    package static func ofOnlyLoop() -> EventLoopExecutor {
        NIOSingletons.groupLoopCountSuggestion = 1
        return EventLoopExecutor(MultiThreadedEventLoopGroup.singleton.any())
    }

    /// That of the running task, or of the one that began it. By itself only a child takes the executor over; what is
    /// begun with `Task(executorPreference: EventLoopExecutor.current)` does as well.
    @TaskLocal package static var current: EventLoopExecutor?

    package func run<Value: Sendable>(_ body: @Sendable () async throws -> Value) async rethrows -> Value {
        try await Self.$current.withValue(self) {
            try await withTaskExecutorPreference(self) { try await body() }
        }
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        eventLoop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
