import Adapters
import Domain
import Ports

/// The requests that are under way, and through what they go.
struct Deliveries {
    var sinks: [ZammadName: any CommandSink]
    /// Of the Zammads that can be asked to make tickets.
    var ticketSystems: [ZammadName: any TicketSystem]
    private var attempts: [DeliveryAttempt.ID: Task<Void, Never>] = [:]
    private var ticketSteps: [TicketAttempt.ID: Task<Void, Never>] = [:]

    init(sinks: [ZammadName: any CommandSink], ticketSystems: [ZammadName: any TicketSystem]) {
        self.sinks = sinks
        self.ticketSystems = ticketSystems
    }

    var areDone: Bool { attempts.isEmpty && ticketSteps.isEmpty }

    /// `finish` has to call `ended`.
    mutating func start(
        _ attempt: DeliveryAttempt, to zammad: ZammadName,
        finish: @escaping @Sendable (DeliveryOutcome) async -> Void
    ) {
        let sink = sinks[zammad]
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
        let system = ticketSystems[zammad]
        ticketSteps[step.id] = Task {
            await finish(
                await system?.perform(step)
                    ?? .misconfigured("Zammad.api_token is missing, without which no ticket can be made"))
        }
    }

    mutating func ended(_ step: TicketAttempt) { ticketSteps[step.id] = nil }

    var tasks: [Task<Void, Never>] { Array(attempts.values) + Array(ticketSteps.values) }
}
