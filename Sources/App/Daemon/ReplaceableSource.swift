import Adapters
import Ports

/// A source that can be replaced by another while it runs; whoever runs it hears the reports of one at a time.
actor ReplaceableSource: CallSource {
    private var source: any CallSource
    /// Fails what the source still asks of 3CX: a request that outlives the task which wanted it (a token that others
    /// may wait for) would keep the process for the whole of its timeout.
    private var endRequests: @Sendable () async -> Void
    /// Is awaited after the end of one source and before the next begins.
    private let betweenSources: @Sendable () async -> Void
    private var polling: Task<Void, Never>?
    private var isReplaced = false

    init(
        _ source: any CallSource,
        endRequests: @escaping @Sendable () async -> Void,
        betweenSources: @escaping @Sendable () async -> Void
    ) {
        self.source = source
        self.endRequests = endRequests
        self.betweenSources = betweenSources
    }

    func run(_ report: @escaping @Sendable (CallSourceReport) async -> Void) async {
        while !Task.isCancelled {
            isReplaced = false
            let polling = Task(executorPreference: EventLoopExecutor.current) { [source] in await source.run(report) }
            self.polling = polling
            await withTaskCancellationHandler {
                await polling.value
            } onCancel: {
                polling.cancel()
            }
            guard isReplaced, !Task.isCancelled else { return }
            await betweenSources()
        }
    }

    /// Ends the source that runs and lets another take its place. Returns when the old one has ended.
    func replace(by source: any CallSource, endRequests: @escaping @Sendable () async -> Void) async {
        let endEarlierRequests = self.endRequests
        self.source = source
        self.endRequests = endRequests
        isReplaced = true
        // First the cancellation, so that the failure of its requests is no news for the log.
        let polling = polling
        polling?.cancel()
        await endEarlierRequests()
        await polling?.value
    }

    func endRequestsUnderWay() async {
        await endRequests()
    }
}
