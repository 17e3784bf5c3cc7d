import Adapters
import Domain
import Ports

/// The sources of all phone systems, each running by itself; sources come, go and are replaced while the others run.
actor SourceFleet {
    private let loseView: @Sendable (PhoneSystemName) async -> Void
    private var sources: [PhoneSystemName: ReplaceableSource] = [:]
    private var running: [PhoneSystemName: Task<Void, Never>] = [:]
    private var report: (@Sendable (CallSourceReport, PhoneSystemName) async -> Void)?
    private var isEnding = false

    /// `loseView`: is told the name of a phone system that is not polled just now.
    init(loseView: @escaping @Sendable (PhoneSystemName) async -> Void) {
        self.loseView = loseView
    }

    /// Runs all sources until the calling task is cancelled, and returns when they have ended. `report` gets the phone
    /// system's name.
    func run(_ report: @escaping @Sendable (CallSourceReport, PhoneSystemName) async -> Void) async {
        self.report = report
        for name in sources.keys.sorted() { start(name) }
        await Task.untilCancelled()
        isEnding = true
        for task in running.values { task.cancel() }
        for task in running.values { await task.value }
    }

    /// Adds a source, or puts one in the place of another of that name. Returns when the old one has ended.
    func set(_ name: PhoneSystemName, to side: PhoneSystemSide) async {
        if let source = sources[name] {
            return await source.replace(by: side.source()) { await side.shutdown() }
        }
        sources[name] = ReplaceableSource(
            side.source(), endRequests: { await side.shutdown() },
            betweenSources: { [loseView] in await loseView(name) })
        guard report != nil else { return }
        // If anything is known of its calls, it is from an earlier process or connection, and not a view.
        await loseView(name)
        start(name)
    }

    /// Returns when the source has ended; its connections are closed.
    func remove(_ name: PhoneSystemName) async {
        guard let source = sources.removeValue(forKey: name) else { return }
        let task = running.removeValue(forKey: name)
        // First the cancellation, so that the failure of its requests is no news for the log.
        task?.cancel()
        await source.endRequestsUnderWay()
        await task?.value
    }

    func endRequestsUnderWay() async {
        for source in sources.values { await source.endRequestsUnderWay() }
    }

    private func start(_ name: PhoneSystemName) {
        guard !isEnding, let report, let source = sources[name] else { return }
        running[name] = Task(executorPreference: EventLoopExecutor.current) {
            await source.run { await report($0, name) }
        }
    }
}
