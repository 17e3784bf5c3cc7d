import Adapters
import ServiceLifecycle

/// The sources and the core as one service: on shutdown the sources stop first, then deliveries under way may finish.
struct BridgeService: Service {
    let sources: SourceFleet
    let runner: BridgeRunner
    let requests: RequestWatch
    let reporter: ServiceReporter
    let clockWatch: ClockWatch

    func run() async throws {
        await runner.begin()
        let polling = Task(executorPreference: EventLoopExecutor.current) {
            await sources.run()
        }
        // First the cancellation, so that the failure of the request is no news for the log.
        let stopPolling: @Sendable () -> Void = {
            polling.cancel()
            Task { await sources.endRequestsUnderWay() }
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                await withTaskCancellationHandler {
                    await withGracefulShutdownHandler {
                        await polling.value
                    } onGracefulShutdown: {
                        stopPolling()
                    }
                } onCancel: {
                    stopPolling()
                }
            }
            group.addTask { try await runner.waitForFailure() }
            group.addTask { await requests.run(every: .milliseconds(500)) }
            group.addTask { await clockWatch.run() }
            group.addTask { await reporter.run { await standing() } }
            // The first ends on shutdown, the second when the journal has failed, the others then or by cancellation.
            defer { group.cancelAll() }
            try await group.next()
        }
        try await runner.stop(within: .seconds(5))
    }

    /// The question goes the way of every input, the journal included, so that an answer means that the core works.
    private func standing() async -> BridgeStanding {
        await runner.take(.timePassed)
        let healths = await sources.healths
        return BridgeStanding(await runner.core, healths)
    }
}
