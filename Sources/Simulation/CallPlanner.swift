import Domain
import Played

/// Draws the course of one call.
struct CallPlanner {
    private var random: SplitMix64
    private let listsLegs: Bool
    private let pushes: Bool
    private var call: SimulatedCall
    private var time: Int64
    private let anonymous: Bool
    private var direction: CallDirection? = .inbound

    /// `serial` makes the number unlike that of every other call.
    static func plan(
        _ kind: CallKind, serial: Int, start: Int64, listsLegs: Bool, pushes: Bool, random: inout SplitMix64
    ) -> SimulatedCall {
        let isAnonymous = kind != .internalCall && random.chance(0.08)
        let number = kind == .internalCall || isAnonymous ? nil : "30\(5_000_000 + serial * 7)"
        let call = SimulatedCall(id: PBXCallID("0"), number: number, start: start, end: start)
        var planner = CallPlanner(
            random: SplitMix64(seed: random.next()), listsLegs: listsLegs, pushes: pushes, call: call,
            time: start, anonymous: isAnonymous)
        planner.write(kind)
        planner.call.end = planner.time
        return planner.call
    }

    private mutating func write(_ kind: CallKind) {
        let first = random.pick(101...104)
        let second = first == 104 ? 101 : first + 1
        switch kind {
        case .answered: ring([first]); talk(first)
        case .missed: ring([first])
        case .outboundAnswered: outbound(first); talk(first)
        case .outboundUnanswered: outbound(first)
        case .ringGroup: group(first, second)
        case .queueAnswered: queue(waves: random.pick(0...3)); talk(first, alsoListsQueue: random.chance(0.3))
        case .queueMissed: queue(waves: random.pick(0...4))
        case .voicemail: ring([first]); voicemail()
        case .takenBackFromVoicemail: ring([first]); voicemail(); talk(second)
        case .blindTransfer: blindTransfer(from: first, to: random.chance(0.3) ? 105 : second)
        case .consultativeTransfer: consultativeTransfer(from: first, to: random.chance(0.3) ? 106 : second)
        case .internalCall: internalCall(first, second)
        case .unmonitored: ring([105]); if random.chance(0.5) { talk(105) }
        case .becomesMonitored: ring([106]); talk(106); talk(first)
        case .veryShort: show([SimulatedOffice.agent(first, .ringing)], for: 20...600)
        case .menuThenQueue: menu(); queue(waves: random.pick(0...2)); if random.chance(0.6) { talk(first) }
        case .directionShownLate: directionShownLate(first)
        }
        if random.chance(0.1), kind == .answered { park(first) }
    }

    // MARK: - Courses

    private mutating func ring(_ agents: [Int64]) {
        show(agents.map { SimulatedOffice.agent($0, .ringing) }, for: 300...15_000)
    }

    private mutating func talk(_ agent: Int64, alsoListsQueue: Bool = false) {
        gap(0.5)
        let queue = alsoListsQueue ? [SimulatedOffice.queue(.connected)] : []
        show(queue + [SimulatedOffice.agent(agent, .connected)], for: 200...30_000)
    }

    private mutating func outbound(_ agent: Int64) {
        direction = .outbound
        // Only call control shows the digits that were dialled, with the 0 that the PBX takes off.
        if listsLegs, let number = call.number, random.chance(0.5) {
            let legs = [SimulatedOffice.agent(agent, .dialing)]
            show(legs, for: 100...3500, external: ExternalParty(number: "00\(number)"), isRouted: true)
        }
        show([SimulatedOffice.agent(agent, .dialing)], for: 300...12_000)
    }

    private mutating func group(_ first: Int64, _ second: Int64) {
        let ringing = [first, second, 105].map { SimulatedOffice.agent($0, .ringing) }
        show([SimulatedOffice.ringGroup(.ringing)] + ringing, for: 500...12_000)
        if random.chance(0.6) { talk(random.chance(0.2) ? 105 : second) }
    }

    private mutating func queue(waves: Int64) {
        show([SimulatedOffice.queue(random.element(.connected, .transferring))], for: 300...6000)
        for wave in 0..<waves {
            gap(0.6)
            let agents = wave % 2 == 0 ? [101, 102] : [Int64(103)]
            let ringing = agents.map { SimulatedOffice.agent($0, .ringing) }
            show([SimulatedOffice.queue(.transferring)] + ringing, for: 500...6000)
        }
    }

    private mutating func voicemail() {
        show([SimulatedOffice.voicemail], for: 500...10_000)
    }

    private mutating func blindTransfer(from first: Int64, to second: Int64) {
        ring([first])
        talk(first)
        gap(0.7)
        show([SimulatedOffice.agent(second, .ringing)], for: 300...8000)
        talk(second)
        if random.chance(0.2) { talk(first) }
        // On to a third, who may be somebody who is not watched, or into the queue.
        if random.chance(0.3) { talk(random.element(103, 104, 105)) }
        if random.chance(0.2) {
            queue(waves: random.pick(0...2))
            if random.chance(0.7) { talk(first) }
        }
    }

    private mutating func consultativeTransfer(from first: Int64, to second: Int64) {
        ring([first])
        talk(first)
        show([SimulatedOffice.agent(first, .connected), SimulatedOffice.agent(second, .ringing)], for: 300...4000)
        show([SimulatedOffice.agent(first, .connected), SimulatedOffice.agent(second, .connected)], for: 300...4000)
        handOver(from: first, to: second)
        talk(second)
    }

    /// Where whole calls are listed, the row of one that is handed over may show the two agents for a moment, or the
    /// customer as the one who is called.
    private mutating func handOver(from first: Int64, to second: Int64) {
        guard !listsLegs, call.number != nil else { return }
        let legs = [SimulatedOffice.agent(first, .connected), SimulatedOffice.agent(second, .transferring)]
        let isInbound = direction == .inbound
        if random.chance(0.4) {
            direction = .internal
            show(legs, for: 100...1500)
        }
        let turned: CallDirection = isInbound ? .outbound : .inbound
        direction = random.chance(0.4) ? turned : isInbound ? .inbound : .outbound
    }

    private mutating func internalCall(_ first: Int64, _ second: Int64) {
        direction = .internal
        show([SimulatedOffice.agent(first, .dialing), SimulatedOffice.agent(second, .ringing)], for: 300...6000)
        show([SimulatedOffice.agent(first, .connected), SimulatedOffice.agent(second, .connected)], for: 300...20_000)
    }

    private mutating func menu() {
        show([SimulatedOffice.menu], for: 300...8000)
    }

    private mutating func directionShownLate(_ agent: Int64) {
        let isOutbound = random.chance(0.4)
        direction = nil
        show([SimulatedOffice.agent(agent, isOutbound ? .dialing : .ringing)], for: 100...2500)
        direction = isOutbound ? .outbound : .inbound
        show([SimulatedOffice.agent(agent, isOutbound ? .dialing : .ringing)], for: 100...5000)
        if random.chance(0.6) { talk(agent) }
    }

    private mutating func park(_ agent: Int64) {
        show([SimulatedOffice.parking], for: 500...8000)
        talk(agent)
    }

    // MARK: - Stages

    private mutating func show(
        _ legs: [CallLeg], for duration: ClosedRange<Int64>, external dialled: ExternalParty? = nil,
        isRouted: Bool = false
    ) {
        let observed = ObservedCall(
            id: call.id, direction: direction, external: dialled ?? external(), isRouted: isRouted,
            trunk: direction == nil || isRouted ? nil : "10001", legs: legs)
        call.stages.append(SimulatedCall.Stage(from: time, shown: observed))
        time += random.pick(duration)
    }

    /// Where legs are listed, a call may be without any for a moment: between two waves of a queue shorter than the
    /// grace, and from one conversation to the next, where changes are pushed, shorter than what confirms an end.
    private mutating func gap(_ probability: Double) {
        guard listsLegs, random.chance(probability) else { return }
        let isConversation = call.stages.last?.shown?.legs.contains { $0.role == .agent && $0.state == .connected }
        call.stages.append(SimulatedCall.Stage(from: time, shown: nil))
        let length = random.pick(100...1500)
        time += pushes && isConversation == true ? length * 280 / 1500 : length
    }

    /// The number in any of the forms in which a PBX shows it.
    private mutating func external() -> ExternalParty? {
        guard direction != nil, direction != .internal else { return nil }
        guard let number = call.number else { return anonymous ? ExternalParty() : nil }
        return ExternalParty(number: random.element("+49\(number)", "0\(number)", "0049\(number)"))
    }
}
