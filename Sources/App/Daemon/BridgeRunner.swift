import Adapters
import Domain
import Logging
import Ports

/// The shell around the core: feeds it, has the journal keep what changed, and then does what it says. Nothing else
/// touches the core's state.
///
/// Inputs wait in line while the journal writes, and are then taken together: one write, and one flush of the disk, for
/// all of them.
actor BridgeRunner {
    private struct Waiting {
        var input: BridgeCore.Input
        var request: OperatorRequest.ID?
        var done: CheckedContinuation<Void, Never>?
    }

    private var core: BridgeCore
    private let journal: any Journal
    private var sinks: [ZammadName: any CommandSink]
    private var callControls: [PhoneSystemName: any CallControl]
    /// Of the Zammads that can be asked to make tickets.
    private var ticketSystems: [ZammadName: any TicketSystem]
    private let clock: any Ports.Clock
    private let log: BridgeLog
    private let sourceLog: SourceLog
    private var sourceLogs: [PhoneSystemName: SourceLog] = [:]
    private var sourceHealths: [PhoneSystemName: SourceHealth] = [:]
    /// Why the last look failed.
    private var lookFailures: [PhoneSystemName: LookFailure] = [:]
    private let board: StatusBoard?
    private var line: [Waiting] = []
    private var isWorking = false
    /// Since when the inputs are worked off that come next.
    private var busySince: Instant?
    private var attempts: [DeliveryAttempt.ID: Task<Void, Never>] = [:]
    private var ticketSteps: [TicketAttempt.ID: Task<Void, Never>] = [:]
    private var timer: (deadline: Instant, task: Task<Void, Never>)?
    private var whenIdle: CheckedContinuation<Void, Never>?
    private var whenFailed: CheckedContinuation<Void, Never>?
    private var failure: JournalFailure?
    private var requestsSeen: Set<OperatorRequest.ID> = []
    /// What is to be done first, until `begin`.
    private var resumed: Output?

    /// A batch is one transaction; longer ones would keep the first input waiting.
    private static let longestBatch = 256

    /// Goes on with what the journal holds. Nothing is sent before `begin`.
    ///
    /// - Throws: when the journal cannot be read or written.
    init(
        _ configuration: BridgeConfiguration,
        journal: any Journal,
        sinks: [ZammadName: any CommandSink],
        callControls: [PhoneSystemName: any CallControl],
        ticketSystems: [ZammadName: any TicketSystem] = [:],
        clock: any Ports.Clock,
        log: BridgeLog,
        sourceLog: SourceLog,
        board: StatusBoard? = nil
    ) async throws(JournalFailure) {
        self.journal = journal
        self.sinks = sinks
        self.callControls = callControls
        self.ticketSystems = ticketSystems
        self.clock = clock
        self.log = log
        self.sourceLog = sourceLog
        self.board = board
        let saved = try await journal.load()
        let now = clock.now()
        let (core, output) = BridgeCore.resuming(
            saved, calls: CallLifecycle.Settings.each(configuration), delivery: Zammad.Settings.each(configuration),
            at: now)
        self.core = core
        if !saved.calls.isEmpty || saved.account.pending > 0 {
            log.resumed(calls: saved.calls.count, pending: saved.account.pending)
        }
        try await journal.commit(
            JournalEntry(at: now, change: output.change, news: output.news))
        resumed = output
    }

    /// Sends what an earlier process left.
    func begin() {
        guard let output = resumed else { return }
        resumed = nil
        perform(output.news, output.effects)
        scheduleTimer()
    }

    /// Returns when the report has been kept and acted on.
    func report(_ report: CallSourceReport, of name: PhoneSystemName = .default) async {
        sourceLogs[name, default: sourceLog.named(name)].report(report)
        board?.note(report, of: name)
        switch report {
        case .looked(let snapshot, _): await feedAndWait(.looked(snapshot, at: name))
        case .lookFailed(let failure, _):
            lookFailures[name] = failure
            await feedAndWait(.lookFailed(at: name))
        case .healthChanged(let health): sourceHealths[name] = health
        case .notice, .watching: break
        }
    }

    /// Looks for requests of the operator until the task is cancelled.
    func watchRequests(every interval: Duration) async {
        while !Task.isCancelled, failure == nil {
            do {
                for request in try await journal.openRequests() where requestsSeen.insert(request.id).inserted {
                    let input: BridgeCore.Input =
                        switch request.action {
                        case .retry: .retryRequested(request.eventID)
                        case .drop: .dropRequested(request.eventID)
                        }
                    feed(Waiting(input: input, request: request.id))
                }
                try await clock.sleep(until: clock.now() + interval)
            } catch let error as JournalFailure {
                fail(error)
            } catch {
                return
            }
        }
    }

    /// Returns when the journal has failed, or the calling task is cancelled.
    func waitForFailure() async throws(JournalFailure) {
        if failure == nil {
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    if failure == nil, !Task.isCancelled { whenFailed = continuation } else { continuation.resume() }
                }
            } onCancel: {
                Task { await self.stopWaiting() }
            }
        }
        if let failure { throw failure }
    }

    /// Lets the deliveries under way finish, for `grace` at most, and starts no more. When it returns all outcomes are
    /// kept.
    ///
    /// - Throws: when the journal has failed, now or before.
    func stop(within grace: Duration) async throws(JournalFailure) {
        await feedAndWait(.stopping)
        timer?.task.cancel()
        let deadline = Task { [clock] in
            do { try await clock.sleep(until: clock.now() + grace) } catch { return }
            self.abandonAttempts()
        }
        if !attempts.isEmpty || !ticketSteps.isEmpty || isWorking { await withCheckedContinuation { whenIdle = $0 } }
        deadline.cancel()
        if let failure { throw failure }
    }

    var account: OutboxAccount { core.account }

    // MARK: - From outside

    /// The names of those that cannot be looked at until somebody does something about it.
    var phoneSystemsInNeedOfOperator: Set<PhoneSystemName> {
        Set(sourceHealths.filter { $0.value.failedLooks?.fault.needsOperator ?? false }.keys)
    }

    /// Why it cannot be looked at until somebody does something about it; `nil` where it can.
    func failureForOperator(of name: PhoneSystemName) -> LookFailure? {
        phoneSystemsInNeedOfOperator.contains(name) ? lookFailures[name] : nil
    }

    /// What there is to say of the bridge. It has gone the way of every input, the journal included, so that an answer
    /// means that the core works.
    func pulse() async -> BridgeStanding {
        await feedAndWait(.timePassed)
        return BridgeStanding(
            liveCalls: core.phoneSystems.reduce(0) { $0 + $1.lifecycle.calls.values.count { $0.reported != nil } },
            pendingEvents: core.account.pending,
            phoneSystems: core.phoneSystems.map { .init(name: $0.name, health: sourceHealths[$0.name]) },
            zammads: core.zammads.filter { $0.duty != .retired }.map { .init(name: $0.name, health: $0.health) })
    }

    /// Goes on under other settings, and delivers through these sinks. Calls and events stay what they are; what is
    /// under way ends through the sink through which it began.
    func change(
        to configuration: BridgeConfiguration, sinks: [ZammadName: any CommandSink],
        callControls: [PhoneSystemName: any CallControl],
        ticketSystems: [ZammadName: any TicketSystem] = [:]
    ) async {
        // Events that wait for a Zammad whose name goes are still sent through its sink until the core knows better.
        self.sinks.merge(sinks) { _, new in new }
        self.callControls = callControls
        self.ticketSystems.merge(ticketSystems) { _, new in new }
        await feedAndWait(
            .settingsChanged(
                calls: CallLifecycle.Settings.each(configuration), delivery: Zammad.Settings.each(configuration)))
        self.sinks = sinks
        self.ticketSystems = ticketSystems
        let names = Set(configuration.phoneSystems.map(\.name))
        sourceLogs = sourceLogs.filter { names.contains($0.key) }
        sourceHealths = sourceHealths.filter { names.contains($0.key) }
        lookFailures = lookFailures.filter { names.contains($0.key) }
        board?.keep(phoneSystems: names)
    }

    /// Returns when all deliveries that are under way now have ended.
    func waitForAttemptsUnderWay() async {
        for task in Array(attempts.values) + Array(ticketSteps.values) { await task.value }
    }

    /// Nobody looks at 3CX until the next report: no call ends meanwhile.
    func loseView(of name: PhoneSystemName) async {
        board?.note(.watching(WatchList()), of: name)
        await feedAndWait(.lookFailed(at: name))
    }

    /// What there is to see of the core now.
    var statusFacts: StatusFacts { StatusFacts(core: core, busySince: busySince) }

    // MARK: - Feeding the core

    private func feedAndWait(_ input: BridgeCore.Input) async {
        guard failure == nil else { return }
        await withCheckedContinuation { feed(Waiting(input: input, done: $0)) }
    }

    private func feed(_ waiting: Waiting) {
        line.append(waiting)
        guard !isWorking else { return }
        isWorking = true
        Task(executorPreference: EventLoopExecutor.current) { await self.work() }
    }

    private func work() async {
        while !line.isEmpty {
            let batch = line.prefix(Self.longestBatch)
            line.removeFirst(batch.count)
            await workOff(batch)
            for waiting in batch { waiting.done?.resume() }
        }
        isWorking = false
        resumeIfIdle()
    }

    private func resumeIfIdle() {
        guard !isWorking, attempts.isEmpty, ticketSteps.isEmpty else { return }
        whenIdle?.resume()
        whenIdle = nil
    }

    private func workOff(_ batch: ArraySlice<Waiting>) async {
        guard failure == nil else { return }
        let now = clock.now()
        var entry = JournalEntry(at: now, change: CoreChange(), answered: batch.compactMap(\.request))
        busySince = now
        defer { busySince = nil }
        var effects: [Effect] = []
        for waiting in batch {
            let output = core.handle(waiting.input, at: now)
            entry.change.merge(output.change)
            entry.news += output.news
            effects += output.effects
        }
        if !entry.isEmpty {
            do {
                try await journal.commit(entry)
            } catch {
                return fail(error)
            }
        }
        requestsSeen.subtract(entry.answered)
        perform(entry.news, effects)
        scheduleTimer()
    }

    /// What has not been kept must not happen: the core's state is ahead of the journal's, so that all stops here.
    private func fail(_ failure: JournalFailure) {
        self.failure = self.failure ?? failure
        timer?.task.cancel()
        abandonAttempts()
        stopWaiting()
    }

    private func stopWaiting() {
        whenFailed?.resume()
        whenFailed = nil
    }

    // MARK: - Doing what it says

    private func perform(_ news: [News], _ effects: [Effect]) {
        board?.note(news, at: clock.now())
        for one in news { log.news(one) }
        for effect in effects {
            log.effect(effect)
            switch effect {
            case .request(let attempt, let zammad): start(attempt, to: zammad)
            case .ticketStep(let step, let zammad): start(step, in: zammad)
            case .endCall(let drop): end(drop)
            }
        }
    }

    /// Beside the events, none of which waits for it. What comes of it is said, and not tried again.
    private func end(_ drop: CallDrop) {
        guard let callControl = callControls[drop.phoneSystem] else { return }
        Task(executorPreference: EventLoopExecutor.current) { [log, board] in
            let outcome = await callControl.drop(drop.pbxCallID)
            log.dropped(drop, outcome)
            board?.note(outcome)
        }
    }

    private func start(_ attempt: DeliveryAttempt, to zammad: ZammadName) {
        let sink = sinks[zammad]
        attempts[attempt.id] = Task(executorPreference: EventLoopExecutor.current) {
            let outcome =
                await sink?.perform(attempt)
                ?? .retry("no connection to this Zammad is set up", scope: .zammad, after: nil)
            await self.finish(attempt, outcome)
        }
    }

    private func finish(_ attempt: DeliveryAttempt, _ outcome: DeliveryOutcome) {
        attempts[attempt.id] = nil
        log.finished(attempt, outcome)
        board?.note(attempt, outcome, at: clock.now())
        feed(Waiting(input: .attemptFinished(attempt.id, outcome, jitter: .random(in: 0..<1))))
    }

    /// Beside the events, none of which waits for it.
    private func start(_ step: TicketAttempt, in zammad: ZammadName) {
        let system = ticketSystems[zammad]
        ticketSteps[step.id] = Task {
            let outcome =
                await system?.perform(step)
                ?? .misconfigured("Zammad.api_token is missing, without which no ticket can be made")
            self.ticketSteps[step.id] = nil
            self.feed(Waiting(input: .ticketStepFinished(step, outcome, jitter: .random(in: 0..<1))))
        }
    }

    private func abandonAttempts() {
        for task in attempts.values { task.cancel() }
        for task in ticketSteps.values { task.cancel() }
    }

    private func scheduleTimer() {
        let deadline = core.nextDeadline
        guard deadline != timer?.deadline else { return }
        timer?.task.cancel()
        timer = nil
        guard let deadline else { return }
        let task = Task(executorPreference: EventLoopExecutor.current) { [clock] in
            do { try await clock.sleep(until: deadline) } catch { return }
            await self.timerFired(deadline)
        }
        timer = (deadline, task)
    }

    private func timerFired(_ deadline: Instant) {
        guard timer?.deadline == deadline else { return }
        timer = nil
        feed(Waiting(input: .timePassed))
    }
}
