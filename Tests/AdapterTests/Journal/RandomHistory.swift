import Adapters
import Domain
import Ports

@testable import Played

/// Steps of a real core on random calls, with random outcomes of the deliveries.
struct RandomHistory {
    private(set) var now = Instant(milliseconds: 1_770_110_100_000)
    private(set) var lastDecisions: [CallDecision] = []
    private var numbers: SplitMix64
    private var core: BridgeCore
    private var calls: [PBXCallID: ObservedCall] = [:]
    private var underWay: [DeliveryAttempt.ID] = []
    private var nextCall = 1

    private var ticketStep: TicketAttempt?

    /// `tickets`: whether calls are to have tickets.
    init(seed: UInt64, tickets: Bool = false) {
        numbers = SplitMix64(seed: seed)
        var delivery = Zammad.Settings()
        if tickets { delivery.tickets.creation = .all }
        core = BridgeCore(delivery: [delivery])
    }

    mutating func next() -> JournalEntry {
        now = now + .milliseconds(Int.random(in: 1...9000, using: &numbers))
        let output = core.handle(input(), at: now)
        for case .request(let attempt, _) in output.effects { underWay.append(attempt.id) }
        for case .ticketStep(let attempt, _) in output.effects { ticketStep = attempt }
        if !output.decisions.isEmpty { lastDecisions = output.decisions }
        return JournalEntry(at: now, change: output.change, news: output.news)
    }

    private mutating func input() -> BridgeCore.Input {
        let dead = core.zammads[0].tickets.jobs.values.filter(\.isDead).map(\.id)
        let setAside = (core.zammads[0].events.setAside.keys + dead).sorted()
        if let step = ticketStep, Int.random(in: 0..<3, using: &numbers) == 0 {
            ticketStep = nil
            return .ticketStepFinished(step, ticketOutcome(), jitter: Double.random(in: 0..<1, using: &numbers))
        }
        switch Int.random(in: 0..<10, using: &numbers) {
        case 0..<2: return .polled(poll())
        case 2: return .pollFailed()
        case 3..<5: return .timePassed
        case 5 where !setAside.isEmpty:
            let id = setAside[Int.random(in: setAside.indices, using: &numbers)]
            return Bool.random(using: &numbers) ? .retryRequested(id) : .dropRequested(id)
        default:
            guard !underWay.isEmpty else { return .polled(poll()) }
            let id = underWay.remove(at: Int.random(in: underWay.indices, using: &numbers))
            return .attemptFinished(id, outcome(), jitter: Double.random(in: 0..<1, using: &numbers))
        }
    }

    private mutating func outcome() -> DeliveryOutcome {
        let outcomes: [DeliveryOutcome] = [
            .delivered(.plain), .delivered(.plain), .delivered(.reject(reason: "busy")), .alreadyKnown,
            .retry("500", scope: .event, after: .seconds(1)), .retry("down", scope: .zammad), .refused("418"),
            .unknownCall("500 \"quoted\" 'text'"), .refused("418"), .refused("418"), .ambiguous("timeout"),
        ]
        return outcomes[Int.random(in: outcomes.indices, using: &numbers)]
    }

    private mutating func ticketOutcome() -> TicketOutcome {
        let outcomes: [TicketOutcome] = [
            .customer(7), .customer(7), .noCustomer, .noTicket, .noTicket, .openTicket(90), .made(ticket: 90),
            .alreadyThere(ticket: 90), .unavailable("down 'q'", after: .seconds(3)), .ambiguous("timeout"),
            .refused("\"422\""),
        ]
        return outcomes[Int.random(in: outcomes.indices, using: &numbers)]
    }

    private mutating func poll() -> CallSnapshot {
        for id in calls.keys.sorted() {
            switch Int.random(in: 0..<6, using: &numbers) {
            case 0: calls[id] = nil
            case 1: calls[id]?.legs[0].state = .connected
            default: break
            }
        }
        if calls.count < 12 {
            let call = Self.call(nextCall, isInbound: Bool.random(using: &numbers))
            calls[call.id] = call
            nextCall += 1
        }
        return CallSnapshot(takenAt: now, calls: calls.values.sorted { $0.id < $1.id })
    }

    /// Names that JSON and SQL have to keep as they are.
    private static let names = ["Anna Müller", "'; DROP TABLE calls; --", "\"q\"\\", "日本 😀", "a\u{0}b", ""]

    private static func call(_ number: Int, isInbound: Bool) -> ObservedCall {
        let name = names[number % names.count]
        let leg = CallLeg(dn: "101", name: name, role: .agent, state: .ringing, isMonitored: true)
        return ObservedCall(
            id: PBXCallID("\(number)"), direction: isInbound ? .inbound : .outbound,
            external: ExternalParty(number: "0302312\(number)", name: name), legs: [leg])
    }

    /// States of so many calls that ring.
    mutating func someCalls(_ count: Int) -> [PBXCallID: CallState] {
        let observed = (1...count).map { Self.call($0, isInbound: true) }
        _ = core.handle(.polled(CallSnapshot(takenAt: now, calls: observed)), at: now)
        return core.phoneSystems[0].lifecycle.calls
    }
}
