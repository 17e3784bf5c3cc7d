import Adapters
import Domain
import Ports

/// The sources of all phone systems, each running by itself, and what each has said last; sources come, go and are
/// replaced while the others run.
actor SourceFleet {
    private struct Member {
        let source: any CallSource
        /// Fails what the source still asks of 3CX: a request that outlives the task which wanted it (a token that
        /// others may wait for) would keep the process for the whole of its timeout.
        let endRequests: @Sendable () async -> Void
    }

    private let log: SourceLog
    private let board: StatusBoard
    /// Gives the core an input; returns when it has been kept and acted on, or the journal has failed.
    private let feed: @Sendable (BridgeCore.Input) async -> Void
    private var members: [PhoneSystemName: Member] = [:]
    private var running: [PhoneSystemName: Task<Void, Never>] = [:]
    private var logs: [PhoneSystemName: SourceLog] = [:]
    private var isRunning = false

    init(log: SourceLog, board: StatusBoard, feed: @escaping @Sendable (BridgeCore.Input) async -> Void) {
        self.log = log
        self.board = board
        self.feed = feed
    }

    // MARK: - Running

    /// Runs all sources until the calling task is cancelled, and returns when they have ended.
    func run() async {
        isRunning = true
        for name in members.keys.sorted() { start(name) }
        await Task.untilCancelled()
        isRunning = false
        for task in running.values { task.cancel() }
        for task in running.values { await task.value }
    }

    /// Adds a source, or puts one in the place of another of that name, once that has ended.
    func set(
        _ name: PhoneSystemName, to source: any CallSource, endRequests: @escaping @Sendable () async -> Void
    ) async {
        await remove(name)
        members[name] = Member(source: source, endRequests: endRequests)
        guard isRunning else { return }
        // What is known of its calls is from an earlier process or connection, and not a view: no call ends until the
        // next poll.
        board.note(.watching(WatchList()), of: name)
        await feed(.pollFailed(at: name))
        start(name)
    }

    /// Returns when the source has ended; its connections are closed.
    func remove(_ name: PhoneSystemName) async {
        guard let member = members.removeValue(forKey: name) else { return }
        // First the cancellation, so that the failure of its requests is no news for the log.
        running[name]?.cancel()
        await member.endRequests()
        await running[name]?.value
        running[name] = nil
    }

    func endRequestsUnderWay() async {
        for member in members.values { await member.endRequests() }
    }

    private func start(_ name: PhoneSystemName) {
        guard isRunning, let source = members[name]?.source else { return }
        running[name] = Task(executorPreference: EventLoopExecutor.current) {
            await source.run { await self.hear($0, of: name) }
        }
    }

    // MARK: - What they say

    private func hear(_ report: CallSourceReport, of name: PhoneSystemName) async {
        logs[name, default: log.named(name)].report(report)
        board.note(report, of: name)
        switch report {
        case .polled(let snapshot, _): await feed(.polled(snapshot, at: name))
        case .pollFailed: await feed(.pollFailed(at: name))
        case .healthChanged, .notice, .watching: break
        }
    }

    /// Forgets what all others have said.
    func keep(_ names: Set<PhoneSystemName>) {
        logs = logs.filter { names.contains($0.key) }
        board.keep(phoneSystems: names)
    }

    var healths: [PhoneSystemName: SourceHealth] { logs.compactMapValues(\.health) }

    /// Those that cannot be polled until somebody does something about it.
    var inNeedOfOperator: Set<PhoneSystemName> {
        Set(healths.filter { $0.value.failedPolls?.fault.needsOperator ?? false }.keys)
    }

    /// Why it cannot be polled until somebody does something about it; `nil` where it can.
    func failureForOperator(of name: PhoneSystemName) -> PollFailure? {
        inNeedOfOperator.contains(name) ? logs[name]?.failure : nil
    }
}
