import Adapters
import Domain
import Wire

/// An office whose telephones never rest, as its 3CX v20 shows it: DNs with participants, the list of active calls, and
/// an event for each change.
///
/// Made of a seed, it is the same every time. It has no clock: whoever plays it says what time it is.
struct DemoOffice: Sendable {
    /// What changes in the phone system's answers.
    struct Change: Sendable {
        var answers: [String: ScriptedAnswer] = [:]
        /// Answers that are no longer there.
        var gone: [String] = []
        var events: [JSONValue] = []
    }

    private enum Event: Sendable {
        case newCall(OfficePlanner.Story)
        case next(Int64)
    }

    private var planner: OfficePlanner
    private var queue = TimedQueue<Event>()
    private var calls: [Int64: OfficeCall] = [:]
    private var busy: Set<String> = []
    private var nextCall: Int64 = 1
    private var nextLeg: Int64 = 8001
    private var sequence: Int64 = 0

    /// Callers who find everybody at the phone do not call: so the office never has more.
    private static let mostCalls = 12

    init(seed: UInt64) {
        planner = OfficePlanner(seed: seed)
        scheduleCall(after: 0)
    }

    /// What happens next, and when, in milliseconds since the office opened.
    ///
    /// - Parameter stamp: The time of day of that moment.
    mutating func next(stamp: (Int64) -> Instant) -> (at: Int64, change: Change)? {
        guard let (at, event) = queue.popFirst() else { return nil }
        var change = Change()
        switch event {
        case .newCall(let story):
            scheduleCall(after: at)
            begin(story, at: at, &change)
        case .next(let id): advance(id, at: at, &change)
        }
        change.answers["GET /callcontrol"] = OfficeAnswers.json(
            OfficeAnswers.stations(calls.values.sorted { $0.id < $1.id }))
        change.answers["GET /xapi/v1/ActiveCalls"] = OfficeAnswers.json(
            OfficeAnswers.rows(calls.values.sorted { $0.id < $1.id }, now: stamp(at)))
        return (at, change)
    }

    /// The answers of an office in which nobody calls yet.
    static func setup(now: Instant) -> [String: ScriptedAnswer] {
        OfficeAnswers.directory.merging([
            "GET /callcontrol": OfficeAnswers.json(OfficeAnswers.stations([])),
            "GET /xapi/v1/ActiveCalls": OfficeAnswers.json(OfficeAnswers.rows([], now: now)),
        ]) { _, new in new }
    }

    private mutating func scheduleCall(after at: Int64) {
        let (story, pause) = planner.next()
        queue.add(.newCall(story), at: at + pause)
    }

    private mutating func begin(_ story: OfficePlanner.Story, at: Int64, _ change: inout Change) {
        let free = OfficeDirectory.agents.filter { !busy.contains($0.dn) }
        let party = planner.caller()
        guard calls.count < Self.mostCalls, !calls.values.contains(where: { $0.party == party }),
            let (plan, reserved) = planner.plan(story, free: free)
        else { return }
        busy.formUnion(reserved)
        let call = OfficeCall(
            id: nextCall, party: party, isOutbound: story == .outbound || story == .unreached, reserved: reserved,
            plan: plan.reversed())
        nextCall += 1
        calls[call.id] = call
        advance(call.id, at: at, &change)
    }

    private mutating func advance(_ id: Int64, at: Int64, _ change: inout Change) {
        guard var call = calls[id], let (_, action) = call.plan.popLast() else { return }
        switch action {
        case .wait(let queue): add(queue, "Connected", to: &call, &change)
        case .ring(let agents, let queue):
            for agent in agents { add(agent, "Ringing", queue: queue, to: &call, &change) }
        case .pause: remove(from: &call, &change) { $0.status == "Ringing" }
        case .connect(let agent):
            update(agent, "Connected", in: &call, &change)
            remove(from: &call, &change) { $0.dn != agent }
        case .transfer(let agent):
            add(agent, "Ringing", to: &call, &change)
            remove(from: &call, &change) { $0.dn != agent }
        case .voicemail:
            add(OfficeDirectory.voicemail, "Connected", to: &call, &change)
            remove(from: &call, &change) { $0.dn != OfficeDirectory.voicemail }
        case .dial(let agent): add(agent, "Dialing", to: &call, &change)
        case .call(let agent, let other):
            add(other, "Connected", colleague: agent, to: &call, &change)
            add(agent, "Connected", colleague: other, to: &call, &change)
        case .end: remove(from: &call, &change) { _ in true }
        }
        calls[id] = call
        if let next = call.plan.last {
            queue.add(.next(id), at: at + next.after)
        } else {
            calls[id] = nil
            busy.subtract(call.reserved)
        }
    }

    // MARK: - Legs

    private mutating func add(
        _ dn: String, _ status: String, queue: String? = nil, colleague: String? = nil, to call: inout OfficeCall,
        _ change: inout Change
    ) {
        call.legsSoFar += 1
        let leg = OfficeCall.Leg(
            id: nextLeg, dn: dn, status: status, queue: queue, colleague: colleague, number: call.legsSoFar)
        nextLeg += 1
        call.legs.append(leg)
        tell(leg, call, &change)
    }

    private mutating func update(_ dn: String, _ status: String, in call: inout OfficeCall, _ change: inout Change) {
        for index in call.legs.indices where call.legs[index].dn == dn {
            call.legs[index].status = status
            tell(call.legs[index], call, &change)
        }
    }

    private mutating func remove(
        from call: inout OfficeCall, _ change: inout Change, where isGone: (OfficeCall.Leg) -> Bool
    ) {
        for leg in call.legs where isGone(leg) {
            change.gone.append("GET \(OfficeAnswers.path(of: leg))")
            change.events.append(event(1, leg))
        }
        call.legs.removeAll(where: isGone)
    }

    private mutating func tell(_ leg: OfficeCall.Leg, _ call: OfficeCall, _ change: inout Change) {
        change.answers["GET \(OfficeAnswers.path(of: leg))"] = OfficeAnswers.json(OfficeAnswers.participant(leg, call))
        change.events.append(event(0, leg))
    }

    /// 0: there is something new about the leg; 1: it is gone.
    private mutating func event(_ type: Int64, _ leg: OfficeCall.Leg) -> JSONValue {
        sequence += 1
        return [
            "sequence": .integer(sequence),
            "event": [
                "event_type": .integer(type), "entity": .string(OfficeAnswers.path(of: leg)), "attached_data": nil,
            ],
        ]
    }
}
