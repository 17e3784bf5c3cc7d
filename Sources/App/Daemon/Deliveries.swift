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

/// The requests that are under way.
struct Deliveries {
    private(set) var connections: Connections
    private var attempts: [DeliveryAttempt.ID: Task<Void, Never>] = [:]
    private var ticketSteps: [TicketAttempt.ID: Task<Void, Never>] = [:]

    init(through connections: Connections) {
        self.connections = connections
    }

    /// From now on requests go through these. What is under way ends through the connection through which it began.
    mutating func change(to connections: Connections) {
        self.connections = connections
    }

    /// Adds these. A Zammad that is not among them keeps the connection that it has.
    mutating func add(_ added: Connections) {
        connections.callControls = added.callControls
        connections.sinks.merge(added.sinks) { _, new in new }
        connections.ticketSystems.merge(added.ticketSystems) { _, new in new }
    }

    var areDone: Bool { attempts.isEmpty && ticketSteps.isEmpty }

    /// `finish` has to call `ended`.
    mutating func start(
        _ attempt: DeliveryAttempt, to zammad: ZammadName,
        finish: @escaping @Sendable (DeliveryOutcome) async -> Void
    ) {
        let sink = connections.sinks[zammad]
        attempts[attempt.id] = Task(executorPreference: EventLoopExecutor.current) {
            await finish(
                await sink?.perform(attempt)
                    ?? .retry("no connection to this Zammad is set up", scope: .zammad, after: nil))
        }
    }

    mutating func ended(_ attempt: DeliveryAttempt) { attempts[attempt.id] = nil }

    /// Beside the events, none of which waits for it. `finish` has to call `ended`.
    mutating func start(
        _ step: TicketAttempt, in zammad: ZammadName, finish: @escaping @Sendable (TicketOutcome) async -> Void
    ) {
        let system = connections.ticketSystems[zammad]
        ticketSteps[step.id] = Task {
            await finish(
                await system?.perform(step)
                    ?? .misconfigured("Zammad.api_token is missing, without which no ticket can be made"))
        }
    }

    mutating func ended(_ step: TicketAttempt) { ticketSteps[step.id] = nil }

    /// Beside the events, none of which waits for it, and not awaited by `tasks`: it is not tried again.
    func end(_ drop: CallDrop, finish: @escaping @Sendable (CallDropOutcome) -> Void) {
        guard let callControl = connections.callControls[drop.phoneSystem] else { return }
        Task(executorPreference: EventLoopExecutor.current) { finish(await callControl.drop(drop.pbxCallID)) }
    }

    var tasks: [Task<Void, Never>] { Array(attempts.values) + Array(ticketSteps.values) }
}
