import Adapters
import Domain
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
    private let clock = SystemClock()
    private let log: BridgeLog
    private let board: StatusBoard
    /// Takes what the loop has until nothing is left.
    private var work: Task<Void, Never>?
    /// Since when a batch of inputs is being kept and acted on; `nil` while none is.
    private var busySince: Instant?
    private var timer: Task<Void, Never>?
    private var isStopping = false
    /// Silent, and over when the journal has failed.
    private let (untilFailed, failing) = AsyncStream.makeStream(of: Never.self)
    private var failure: JournalFailure?
    /// What resuming has left to do, and `begin` does first.
    private var resumed: WriteAheadLoop<Note>.Batch?

    /// Goes on with what the journal holds. Nothing is sent before `begin`.
    ///
    /// - Throws: when the journal cannot be read or written.
    init(
        _ configuration: BridgeConfiguration,
        journal: any Journal,
        connections: Connections,
        log: BridgeLog,
        board: StatusBoard
    ) async throws(JournalFailure) {
        self.journal = journal
        deliveries = Deliveries(through: connections, log: log, board: board)
        self.log = log
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

    /// Returns when the calling task is cancelled.
    ///
    /// - Throws: when the journal has failed.
    func waitForFailure() async throws(JournalFailure) {
        for await _ in untilFailed {}
        if let failure { throw failure }
    }

    /// Lets the deliveries under way finish, for `grace` at most, and starts no more. When it returns all outcomes are
    /// kept.
    ///
    /// - Throws: when the journal has failed, now or before.
    func stop(within grace: Duration) async throws(JournalFailure) {
        isStopping = true
        await take(.stopping)
        let deadline = Task { [clock] in
            do { try await clock.sleep(until: clock.now() + grace) } catch { return }
            deliveries.abandon()
        }
        while let task = work ?? deliveries.tasks.first { await task.value }
        deadline.cancel()
        if let failure { throw failure }
    }

    var core: BridgeCore { loop.core }

    var statusFacts: StatusFacts { StatusFacts(core: core, busySince: busySince) }

    // MARK: - From outside

    /// Returns when the input has been kept and acted on, or the journal has failed.
    func take(_ input: BridgeCore.Input) async {
        guard failure == nil else { return }
        await withCheckedContinuation { feed(input, Note(done: $0)) }
    }

    /// What the operator asks for. Returns when the journal no longer has these requests, or has failed.
    func carryOut(_ requests: [OperatorRequest]) async {
        for request in requests {
            switch request.action {
            case .retry: feed(.retryRequested(request.eventID), Note(request: request.id))
            case .drop: feed(.dropRequested(request.eventID), Note(request: request.id))
            }
        }
        // Inputs are kept in order: once this one is, so are those.
        await take(.timePassed)
    }

    /// Goes on under other settings, and through these connections. Calls and events stay what they are.
    func change(to configuration: BridgeConfiguration, connections: Connections) async {
        // Events that wait for a Zammad whose name goes are still sent to it until the core knows better.
        deliveries.add(connections)
        await take(
            .settingsChanged(
                calls: CallLifecycle.Settings.each(configuration), delivery: Zammad.Settings.each(configuration)))
        deliveries.connections = connections
    }

    /// Returns when all deliveries that are under way now have ended.
    func waitForAttemptsUnderWay() async {
        for task in deliveries.tasks { await task.value }
    }

    // MARK: - Feeding the core

    private func feed(_ input: BridgeCore.Input, _ note: Note = Note()) {
        loop.arrived(input, note)
        guard work == nil else { return }
        work = Task(executorPreference: EventLoopExecutor.current) { await self.takeAll() }
    }

    private func takeAll() async {
        while let batch = loop.take(at: clock.now()) {
            await keep(batch)
            for step in batch.steps { step.note.done?.resume() }
        }
        work = nil
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
        act(on: batch)
    }

    func fail(_ failure: JournalFailure) {
        self.failure = self.failure ?? failure
        for note in loop.failed() { note.done?.resume() }
        timer?.cancel()
        deliveries.abandon()
        failing.finish()
    }

    // MARK: - Doing what it says

    private func act(on batch: WriteAheadLoop<Note>.Batch) {
        board.note(batch.news, at: clock.now())
        for one in batch.news { log.news(one) }
        for effect in batch.effects {
            deliveries.begin(effect) { await self.finish($0, $1) }
        }
        setTimer()
    }

    private func finish(_ delivery: Int, _ input: BridgeCore.Input) {
        deliveries.ended(delivery)
        feed(input)
    }

    /// One that fires although it was set anew makes the core look at the time once more, and does nothing else.
    private func setTimer() {
        timer?.cancel()
        timer = core.nextDeadline.map { deadline in
            Task(executorPreference: EventLoopExecutor.current) { [clock] in
                do { try await clock.sleep(until: deadline) } catch { return }
                await self.timeIsUp()
            }
        }
    }

    /// Once the bridge stops nobody polls, and no call may end by the passing of time.
    private func timeIsUp() { if !isStopping { feed(.timePassed) } }
}
