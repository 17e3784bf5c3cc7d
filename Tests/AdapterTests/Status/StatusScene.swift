import Domain
import Ports

@testable import Adapters

/// A core, and the board beside it, on a clock of their own: what the status is made of.
struct StatusScene {
    static let start = Instant(milliseconds: 1_770_109_200_000)

    private(set) var core: BridgeCore
    let board = StatusBoard(startedAt: start)
    private(set) var now = start
    private(set) var underWay: [DeliveryAttempt] = []
    private(set) var ticketStep: TicketAttempt?

    init(tickets: TicketQueue.Settings.Creation = .off) {
        var settings = CallLifecycle.Settings()
        settings.legGrace = .zero
        var delivery = Zammad.Settings()
        delivery.tickets.creation = tickets
        core = BridgeCore(calls: [settings], delivery: [delivery])
    }

    var facts: StatusFacts { StatusFacts(core: core, busySince: nil) }

    /// Whatever is under way is left as it is.
    mutating func see(_ calls: ObservedCall..., after duration: Duration = .zero) {
        now = now + duration
        let snapshot = CallSnapshot(takenAt: now, calls: calls)
        board.note(.polled(snapshot))
        step(.polled(snapshot))
    }

    mutating func finish(_ outcome: DeliveryOutcome, after duration: Duration = .zero) {
        now = now + duration
        guard !underWay.isEmpty else { return }
        let attempt = underWay.removeFirst()
        board.note(attempt, outcome, at: now)
        step(.attemptFinished(attempt.id, outcome, jitter: 0))
    }

    /// Ends the steps under way towards a ticket, one after the other.
    mutating func finishTicket(_ outcomes: TicketOutcome...) {
        for outcome in outcomes {
            guard let step = ticketStep else { return }
            ticketStep = nil
            self.step(.ticketStepFinished(step, outcome, jitter: 0))
        }
    }

    mutating func pass(_ duration: Duration) {
        now = now + duration
        step(.timePassed)
    }

    /// Until nothing is under way.
    mutating func deliverAll(after duration: Duration = .milliseconds(40)) {
        while !underWay.isEmpty { finish(.delivered(.plain), after: duration) }
    }

    private mutating func step(_ input: BridgeCore.Input) {
        let output = core.handle(input, at: now)
        board.note(output.news, at: now)
        for case .request(let attempt, _) in output.effects { underWay.append(attempt) }
        for case .ticketStep(let attempt, _) in output.effects { ticketStep = attempt }
    }

    func status(showsNumbers: Bool = false) -> BridgeStatus {
        StatusComposer(record: board.record, facts: facts, settings: Self.settings(showsNumbers)).status(at: now)
    }

    func metrics() -> String {
        StatusMetrics(record: board.record, facts: facts, settings: Self.settings(false)).text(at: now)
    }

    static func settings(_ showsNumbers: Bool) -> StatusComposer.Settings {
        StatusComposer.Settings(
            version: "1.2.3", instance: "test", privacy: StatusPrivacy(showsNumbers: showsNumbers))
    }

    // MARK: - Calls

    static func call(
        _ id: String, _ legs: CallLeg..., number: String? = "0301112223", name: String? = "Erika Beispiel",
        direction: CallDirection = .inbound
    ) -> ObservedCall {
        ObservedCall(
            id: PBXCallID(id), direction: direction, external: ExternalParty(number: number, name: name), legs: legs)
    }

    static func agent(_ state: LegState, _ dn: String = "101", name: String = "Anna Müller") -> CallLeg {
        CallLeg(dn: dn, name: name, role: .agent, state: state, isMonitored: true)
    }

    static let queue = CallLeg(dn: "816", name: "Support", role: .queue, state: .connected, isMonitored: true)
}
