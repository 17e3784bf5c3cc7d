import Adapters
import Domain
import Logging
import Ports

/// The shell around the core: feeds it, has the journal keep what changed, and then does what it says, in the order of
/// `WriteAheadLoop`. Nothing else touches the core's state.
actor BridgeRunner {
    /// Whom to tell when an input is kept: the operator's request that it carries out, and who waits for it.
    private struct Note {
        var request: OperatorRequest.ID?
        var done: CheckedContinuation<Void, Never>?
    }

    private var loop: WriteAheadLoop<Note>
    private let journal: any Journal
    private var deliveries: Deliveries
    private let clock: any Ports.Clock
    private let log: BridgeLog
    private var sources: SourceNotes
    private let board: StatusBoard?
    private var isWorking = false
    /// Since when a batch of inputs is being kept and acted on; `nil` while none is.
    private var busySince: Instant?
    private var timer: (deadline: Instant, task: Task<Void, Never>)?
    private var whenIdle: CheckedContinuation<Void, Never>?
    /// Silent, and over when the journal has failed.
    private let (untilFailed, failing) = AsyncStream.makeStream(of: Never.self)
    private var failure: JournalFailure?
    private var requestsSeen: Set<OperatorRequest.ID> = []
    /// What resuming has left to do, and `begin` does first.
    private var resumed: WriteAheadLoop<Note>.Batch?

    /// Goes on with what the journal holds. Nothing is sent before `begin`.
    ///
    /// - Throws: when the journal cannot be read or written.
    init(
        _ configuration: BridgeConfiguration,
        journal: any Journal,
        connections: Connections,
        clock: any Ports.Clock,
        log: BridgeLog,
        sourceLog: SourceLog,
        board: StatusBoard? = nil
    ) async throws(JournalFailure) {
        self.journal = journal
        deliveries = Deliveries(through: connections)
        self.clock = clock
        self.log = log
        sources = SourceNotes(log: sourceLog)
        self.board = board
        let saved = try await journal.load()
        let now = clock.now()
        let (core, output) = BridgeCore.resuming(
            saved, calls: CallLifecycle.Settings.each(configuration), delivery: Zammad.Settings.each(configuration),
            at: now)
        let (loop, first) = WriteAheadLoop<Note>.resuming(core, output, at: now)
        self.loop = loop
        if !saved.calls.isEmpty || saved.account.pending > 0 {
            log.resumed(calls: saved.calls.count, pending: saved.account.pending)
        }
        try await journal.commit(JournalEntry(at: now, change: first.change, news: first.news))
        self.loop.kept()
        resumed = first
    }

    /// Sends what an earlier process left.
    func begin() {
        guard let first = resumed else { return }
        resumed = nil
        act(on: first)
    }

    /// Returns when the report has been kept and acted on.
    func report(_ report: CallSourceReport, of name: PhoneSystemName = .default) async {
        sources.note(report, of: name)
        board?.note(report, of: name)
        switch report {
        case .polled(let snapshot, _): await feedAndWait(.polled(snapshot, at: name))
        case .pollFailed: await feedAndWait(.pollFailed(at: name))
        case .healthChanged, .notice, .watching: break
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
                    feed(input, Note(request: request.id))
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
        for await _ in untilFailed {}
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
            self.abandonDeliveries()
        }
        if !deliveries.areDone || isWorking { await withCheckedContinuation { whenIdle = $0 } }
        deadline.cancel()
        if let failure { throw failure }
    }

    private var core: BridgeCore { loop.core }

    var account: EventAccount { core.account }

    // MARK: - From outside

    /// The names of those that cannot be polled until somebody does something about it.
    var phoneSystemsInNeedOfOperator: Set<PhoneSystemName> { sources.inNeedOfOperator }

    /// Why it cannot be polled until somebody does something about it; `nil` where it can.
    func failureForOperator(of name: PhoneSystemName) -> PollFailure? {
        phoneSystemsInNeedOfOperator.contains(name) ? sources.failure(of: name) : nil
    }

    /// How the bridge stands, for the service manager. The question goes the way of every input, the journal included,
    /// so that an answer means that the core works.
    func pulse() async -> BridgeStanding {
        await feedAndWait(.timePassed)
        return BridgeStanding(
            liveCalls: core.phoneSystems.reduce(0) { $0 + $1.lifecycle.calls.values.count { $0.reported != nil } },
            pendingEvents: core.account.pending,
            phoneSystems: core.phoneSystems.map { .init(name: $0.name, health: sources.health(of: $0.name)) },
            zammads: core.zammads.filter { $0.duty != .retired }.map { .init(name: $0.name, health: $0.health) })
    }

    /// Goes on under other settings, and through these connections. Calls and events stay what they are.
    func change(to configuration: BridgeConfiguration, connections: Connections) async {
        // Events that wait for a Zammad whose name goes are still sent to it until the core knows better.
        deliveries.add(connections)
        await feedAndWait(
            .settingsChanged(
                calls: CallLifecycle.Settings.each(configuration), delivery: Zammad.Settings.each(configuration)))
        deliveries.change(to: connections)
        let names = Set(configuration.phoneSystems.map(\.name))
        sources.keep(names)
        board?.keep(phoneSystems: names)
    }

    /// Returns when all deliveries that are under way now have ended.
    func waitForAttemptsUnderWay() async {
        for task in deliveries.tasks { await task.value }
    }

    /// Nobody looks at 3CX until the next report: no call ends meanwhile.
    func loseView(of name: PhoneSystemName) async {
        board?.note(.watching(WatchList()), of: name)
        await feedAndWait(.pollFailed(at: name))
    }

    /// The core as it is now, for the status page.
    var statusFacts: StatusFacts { StatusFacts(core: core, busySince: busySince) }

    // MARK: - Feeding the core

    private func feedAndWait(_ input: BridgeCore.Input) async {
        guard failure == nil else { return }
        await withCheckedContinuation { feed(input, Note(done: $0)) }
    }

    private func feed(_ input: BridgeCore.Input, _ note: Note = Note()) {
        loop.arrived(input, note)
        guard !isWorking else { return }
        isWorking = true
        Task(executorPreference: EventLoopExecutor.current) { await self.work() }
    }

    private func work() async {
        while let batch = loop.take(at: clock.now()) {
            await keep(batch)
            for step in batch.steps { step.note.done?.resume() }
        }
        isWorking = false
        resumeIfIdle()
    }

    private func keep(_ batch: WriteAheadLoop<Note>.Batch) async {
        let entry = JournalEntry(
            at: batch.at, change: batch.change, news: batch.news, answered: batch.steps.compactMap(\.note.request))
        busySince = batch.at
        defer { busySince = nil }
        if !entry.isEmpty {
            do {
                try await journal.commit(entry)
            } catch {
                return fail(error)
            }
        }
        loop.kept()
        requestsSeen.subtract(entry.answered)
        act(on: batch)
    }

    private func fail(_ failure: JournalFailure) {
        self.failure = self.failure ?? failure
        for note in loop.failed() { note.done?.resume() }
        timer?.task.cancel()
        abandonDeliveries()
        failing.finish()
    }

    private func resumeIfIdle() {
        guard !isWorking, deliveries.areDone else { return }
        whenIdle?.resume()
        whenIdle = nil
    }

    // MARK: - Doing what it says

    private func act(on batch: WriteAheadLoop<Note>.Batch) {
        board?.note(batch.news, at: clock.now())
        for one in batch.news { log.news(one) }
        for effect in batch.effects {
            log.effect(effect)
            switch effect {
            case .request(let attempt, let zammad):
                deliveries.start(attempt, to: zammad) { await self.finish(attempt, $0) }
            case .ticketStep(let step, let zammad):
                deliveries.start(step, in: zammad) { await self.finish(step, $0) }
            case .endCall(let drop):
                deliveries.end(drop) { [log, board] outcome in
                    log.dropped(drop, outcome)
                    board?.note(outcome)
                }
            }
        }
        scheduleTimer()
    }

    private func finish(_ attempt: DeliveryAttempt, _ outcome: DeliveryOutcome) {
        deliveries.ended(attempt)
        log.finished(attempt, outcome)
        board?.note(attempt, outcome, at: clock.now())
        feed(.attemptFinished(attempt.id, outcome, jitter: .random(in: 0..<1)))
    }

    private func finish(_ step: TicketAttempt, _ outcome: TicketOutcome) {
        deliveries.ended(step)
        feed(.ticketStepFinished(step, outcome, jitter: .random(in: 0..<1)))
    }

    private func abandonDeliveries() {
        for task in deliveries.tasks { task.cancel() }
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
        feed(.timePassed)
    }
}
