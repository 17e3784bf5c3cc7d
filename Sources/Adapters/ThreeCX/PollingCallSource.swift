import Domain
package import Ports

/// Polls again and again, when the supervisor says so: at the poll interval while all is well, less often while the PBX
/// fails or tells its changes by itself.
package struct PollingCallSource: CallSource {
    private let view: any PhoneSystemView
    private let clock: any Clock
    private let settings: SourceSupervisor.Settings
    private let jitter: @Sendable () -> Double

    /// `jitter`: gives random numbers in 0 ..< 1.
    package init(
        view: any PhoneSystemView,
        clock: any Clock,
        pollInterval: Duration,
        reconcileInterval: Duration = .seconds(30),
        jitter: @escaping @Sendable () -> Double = { .random(in: 0..<1) }
    ) {
        self.view = view
        self.clock = clock
        self.jitter = jitter
        settings = SourceSupervisor.Settings(pollInterval: pollInterval, reconcileInterval: reconcileInterval)
    }

    package func run(_ report: @escaping @Sendable (CallSourceReport) async -> Void) async {
        let run = CallSourceRun(view: view, clock: clock, settings: settings, jitter: jitter, report: report)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await view.watch { await run.receive($0) } }
            await run.keepPolling()
            group.cancelAll()
        }
    }
}

/// One run of a source: its supervisor, and the order of its reports.
private actor CallSourceRun {
    private let view: any PhoneSystemView
    private let clock: any Clock
    private let jitter: @Sendable () -> Double
    private let report: @Sendable (CallSourceReport) async -> Void
    private var supervisor: SourceSupervisor
    /// Ends early when what is waited for comes sooner.
    private var wait: Task<Void, any Error>?
    private var watchList: WatchList?
    private let turns = Turns()

    init(
        view: any PhoneSystemView,
        clock: any Clock,
        settings: SourceSupervisor.Settings,
        jitter: @escaping @Sendable () -> Double,
        report: @escaping @Sendable (CallSourceReport) async -> Void
    ) {
        self.view = view
        self.clock = clock
        self.jitter = jitter
        self.report = report
        supervisor = SourceSupervisor(settings: settings, at: clock.now())
    }

    func keepPolling() async {
        while let deadline = supervisor.nextDeadline {
            if Task.isCancelled {
                await handle(.stopping)
            } else if clock.now() < deadline {
                await sleep(until: deadline)
            } else if let nextPoll = supervisor.nextPoll, nextPoll <= clock.now() {
                await poll()
            } else {
                await handle(.timePassed)
            }
        }
    }

    /// What the view says by itself.
    func receive(_ push: PhoneSystemPush) async {
        switch push {
        case .snapshot(let result): await say([.polled(result.snapshot, notices: result.notices)])
        case .notice(let notice): await say([.notice(notice)])
        case .pollWanted(let reason):
            await say([.notice(Notice(.debug, "a full poll is due: \(reason)"))])
            await handle(.pollWanted)
        case .endDoubted: await handle(.endDoubted)
        case .began: await handle(.pushBegan)
        case .ended: await handle(.pushEnded)
        }
    }

    private func poll() async {
        let startedAt = clock.now()
        do throws(PollFailure) {
            let poll = try await view.poll()
            var reports =
                poll.isHandedOver
                ? poll.notices.map { .notice($0) } : [CallSourceReport.polled(poll.snapshot, notices: poll.notices)]
            if let list = await view.watchList(), list != watchList {
                watchList = list
                reports.append(.watching(list))
            }
            let isComplete = poll.snapshot.isComplete
            await handle(
                isComplete ? .polled(startedAt: startedAt) : .pollIncomplete(startedAt: startedAt), after: reports)
        } catch {
            // That a cancelled poll failed says nothing of the PBX.
            guard !Task.isCancelled else { return }
            await handle(
                .pollFailed(error.kind.fault, startedAt: startedAt), after: [.pollFailed(error, at: clock.now())])
        }
    }

    private func handle(_ input: SourceSupervisor.Input, after reports: [CallSourceReport] = []) async {
        let deadline = supervisor.nextDeadline
        let output = supervisor.handle(input, at: clock.now(), jitter: jitter())
        if supervisor.nextDeadline != deadline { wait?.cancel() }
        await say(reports + (output.healthChange.map { [.healthChanged($0)] } ?? []))
    }

    private func sleep(until deadline: Instant) async {
        let task = Task(executorPreference: EventLoopExecutor.current) { [clock] in
            try await clock.sleep(until: deadline)
        }
        wait = task
        await withTaskCancellationHandler {
            // That the wait is cut short is as good as its end: what is due is looked up again.
            _ = await task.result
        } onCancel: {
            task.cancel()
        }
        wait = nil
    }

    /// Reports in one piece: what comes meanwhile waits. Whoever cancels wants to hear no more.
    private func say(_ reports: [CallSourceReport]) async {
        guard !reports.isEmpty else { return }
        await turns.take { for report in reports where !Task.isCancelled { await self.report(report) } }
    }
}
