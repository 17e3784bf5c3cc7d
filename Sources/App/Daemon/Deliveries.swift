import Adapters
import Domain
import Ports

/// The connections through which requests go.
struct Connections: Sendable {
    var sinks: [ZammadName: any CommandSink]
    var callControls: [PhoneSystemName: any CallControl]
    /// Of the Zammads that can be asked to make tickets.
    var ticketSystems: [ZammadName: any TicketSystem] = [:]
}

/// Makes the requests that the core wants, says what comes of them, and holds those that are under way.
struct Deliveries {
    /// For new requests; those under way end on the connection on which they began.
    var connections: Connections
    private let log: BridgeLog
    private let board: StatusBoard
    private let clock = SystemClock()
    private var underWay: [Int: Task<Void, Never>] = [:]
    private var begun = 0

    init(through connections: Connections, log: BridgeLog, board: StatusBoard) {
        self.connections = connections
        self.log = log
        self.board = board
    }

    /// Adds these Zammads, beside those that there are, and takes these phone systems in place of those that there are.
    mutating func add(_ added: Connections) {
        connections.callControls = added.callControls
        connections.sinks.merge(added.sinks) { _, new in new }
        connections.ticketSystems.merge(added.ticketSystems) { _, new in new }
    }

    // MARK: - Requests

    /// `finish` gets a number, for `ended`, and what the core is to be told. Ending a call is not among
    /// `tasks`: nobody waits for it, and it is not tried again.
    mutating func begin(_ effect: Effect, finish: @escaping @Sendable (Int, BridgeCore.Input) async -> Void) {
        log.effect(effect)
        switch effect {
        case .request(let attempt, let zammad):
            let sink = connections.sinks[zammad]
            hold(finish) { [log, board, clock] in
                let outcome =
                    await sink?.perform(attempt)
                    ?? .retry("no connection to this Zammad is set up", scope: .zammad, after: nil)
                log.finished(attempt, outcome)
                board.note(attempt, outcome, at: clock.now())
                return .attemptFinished(attempt.id, outcome, jitter: .random(in: 0..<1))
            }
        case .ticketStep(let step, let zammad):
            let system = connections.ticketSystems[zammad]
            // A customer's long mails take their time to read: not on the loop on which calls travel (decision 19).
            hold(finish, on: nil) {
                let outcome =
                    await system?.perform(step)
                    ?? .misconfigured("Zammad.api_token is missing, without which no ticket can be made")
                return .ticketStepFinished(step, outcome, jitter: .random(in: 0..<1))
            }
        case .endCall(let drop):
            guard let callControl = connections.callControls[drop.phoneSystem] else { return }
            Task(executorPreference: EventLoopExecutor.current) { [log, board] in
                let outcome = await callControl.drop(drop.pbxCallID)
                log.dropped(drop, outcome)
                board.note(outcome)
            }
        }
    }

    private mutating func hold(
        _ finish: @escaping @Sendable (Int, BridgeCore.Input) async -> Void,
        on executor: (any TaskExecutor)? = EventLoopExecutor.current,
        _ request: @escaping @Sendable () async -> BridgeCore.Input
    ) {
        begun += 1
        let number = begun
        underWay[number] = Task(executorPreference: executor) {
            await finish(number, await request())
        }
    }

    mutating func ended(_ number: Int) { underWay[number] = nil }

    var tasks: some Collection<Task<Void, Never>> { underWay.values }

    func abandon() {
        for task in tasks { task.cancel() }
    }
}
