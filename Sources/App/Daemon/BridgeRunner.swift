import Domain
import Ports

/// The shell around the core: feeds it, and does what it says. Nothing else touches its state.
actor BridgeRunner {
    private var core: BridgeCore
    private let sink: any CommandSink
    private let clock: any Ports.Clock
    private let log: BridgeLog
    private var sourceLog: SourceLog
    private var attempts: [DeliveryAttempt.ID: Task<Void, Never>] = [:]
    private var timer: (deadline: Instant, task: Task<Void, Never>)?
    private var whenIdle: CheckedContinuation<Void, Never>?

    init(core: BridgeCore, sink: any CommandSink, clock: any Ports.Clock, log: BridgeLog, sourceLog: SourceLog) {
        self.core = core
        self.sink = sink
        self.clock = clock
        self.log = log
        self.sourceLog = sourceLog
    }

    func report(_ report: CallSourceReport) {
        sourceLog.report(report)
        switch report {
        case .looked(let snapshot, _): feed(.looked(snapshot))
        case .lookFailed: feed(.lookFailed)
        case .notice: break
        }
    }

    /// Lets the deliveries under way finish, for `grace` at most, and starts no more.
    func stop(within grace: Duration) async {
        feed(.stopping)
        timer?.task.cancel()
        let deadline = Task { [clock] in
            do { try await clock.sleep(until: clock.now() + grace) } catch { return }
            self.abandonAttempts()
        }
        if !attempts.isEmpty { await withCheckedContinuation { whenIdle = $0 } }
        deadline.cancel()
    }

    /// What is left undelivered.
    var account: OutboxAccount { core.outbox.account }

    private func feed(_ input: BridgeCore.Input) {
        let output = core.handle(input, at: clock.now())
        for decision in output.decisions { log.decision(decision) }
        for action in output.actions {
            log.action(action)
            if case .attempt(let attempt) = action { start(attempt) }
        }
        scheduleTimer()
    }

    private func start(_ attempt: DeliveryAttempt) {
        attempts[attempt.id] = Task {
            let outcome = await sink.deliver(attempt.command)
            self.finish(attempt, outcome)
        }
    }

    private func finish(_ attempt: DeliveryAttempt, _ outcome: DeliveryOutcome) {
        attempts[attempt.id] = nil
        log.finished(attempt, outcome)
        feed(.attemptFinished(attempt.id, outcome, jitter: .random(in: 0..<1)))
        if attempts.isEmpty {
            whenIdle?.resume()
            whenIdle = nil
        }
    }

    private func abandonAttempts() {
        for task in attempts.values { task.cancel() }
    }

    private func scheduleTimer() {
        let deadline = core.nextDeadline
        guard deadline != timer?.deadline else { return }
        timer?.task.cancel()
        timer = nil
        guard let deadline else { return }
        let task = Task { [clock] in
            do { try await clock.sleep(until: deadline) } catch { return }
            self.timerFired(deadline)
        }
        timer = (deadline, task)
    }

    private func timerFired(_ deadline: Instant) {
        guard timer?.deadline == deadline else { return }
        timer = nil
        feed(.timePassed)
    }
}
