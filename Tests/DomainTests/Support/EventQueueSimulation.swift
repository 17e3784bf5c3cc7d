import Testing

@testable import Domain

/// Random calls, delivered to a model of Zammad by a network and a server that fail at random, with the promises of
/// delivery checked at every step.
struct EventQueueSimulation {
    /// How a call goes, and whether Zammad must keep it as a to-do in the end.
    enum Kind: CaseIterable {
        case missed, forwarded, answered, transferred, voicemail, outbound, outboundUnanswered, blocked

        var isToDo: Bool { self == .missed || self == .voicemail }

        func commands(_ id: String) -> [CallCommand] {
            switch self {
            case .missed: [.newCall(id), .hangup(id)]
            case .forwarded: [.newCall(id), .hangup(id, .forwarded)]
            case .answered: [.newCall(id), .answer(id), .hangup(id, .normalClearing)]
            case .transferred: [.newCall(id), .answer(id), .answer(id, user: "Bert"), .hangup(id, .normalClearing)]
            case .voicemail: [.newCall(id), .answer(id, user: "voicemail"), .hangup(id, .voicemail)]
            case .outbound:
                [.newCall(id, .outbound), .answer(id, .outbound), .hangup(id, .normalClearing, .outbound)]
            case .outboundUnanswered: [.newCall(id, .outbound), .hangup(id, .cancel, .outbound)]
            case .blocked: [CallCommand.newCall(id), .hangup(id)].map { $0.from("blocked") }
            }
        }
    }

    private var random: SplitMix64
    private var outbox: EventQueue
    private var zammad = ZammadModel()
    private var now = second(0)
    private var underWay: [DeliveryAttempt] = []
    private var kinds: [CallID: Kind] = [:]
    private var ahead: [CallID: [CallCommand]] = [:]
    private var lastSettled: [CallID: OutboxEvent.ID] = [:]
    private var toldAnswered: Set<CallID> = []
    private var inDoubt: Set<OutboxEvent.ID> = []
    private var dead: Set<CallID> = []
    private var unconfirmed: Set<CallID> = []
    private var seenBlocked: Set<CallID> = []
    private var failures: [String] = []
    private let faulty: Bool

    init(seed: UInt64, faulty: Bool) {
        random = SplitMix64(seed: seed)
        self.faulty = faulty
        var settings = Zammad.Settings()
        settings.maxParallel = Int.random(in: 1...4, using: &random)
        outbox = EventQueue(settings: settings)
    }

    /// All that went wrong; empty if every promise was kept.
    mutating func run(steps: Int) -> [String] {
        for _ in 0..<steps where failures.isEmpty {
            switch Int.random(in: 0..<10, using: &random) {
            case 0, 1: proceed()
            case 2...7: finishOne(mayFail: true)
            default: wait()
            }
        }
        settleAll()
        checkRows()
        return failures
    }

    /// A call begins, or goes on.
    private mutating func proceed() {
        if ahead.count < 5, let kind = Kind.allCases.randomElement(using: &random) {
            let id = CallID(text: "\(kinds.count)")
            kinds[id] = kind
            ahead[id] = kind.commands(id.text)
        }
        guard let id = ahead.keys.sorted().randomElement(using: &random), let command = ahead[id]?.first else { return }
        ahead[id]?.removeFirst()
        if ahead[id]?.isEmpty == true { ahead[id] = nil }
        take(outbox.enqueue([command], at: now))
    }

    private mutating func wait() {
        if let deadline = outbox.nextDeadline, Bool.random(using: &random) {
            now = max(now, deadline)
        } else {
            now = now + .milliseconds(Int.random(in: 0...2000, using: &random))
        }
        take(outbox.timePassed(at: now))
    }

    private mutating func finishOne(mayFail: Bool) {
        guard let index = underWay.indices.randomElement(using: &random) else { return }
        let attempt = underWay.remove(at: index)
        let outcome = outcome(of: attempt, mayFail: mayFail)
        let isDeliveredHere = attempt.purpose == .deliver
        if isDeliveredHere, case .ambiguous = outcome, mustNotRepeat(attempt.command) {
            inDoubt.insert(attempt.eventID)
        }
        if case .delivered(.reject) = outcome { seenBlocked.insert(attempt.command.callID) }
        if isDeliveredHere, attempt.command.event == .answer, case .delivered = outcome {
            toldAnswered.insert(attempt.command.callID)
        }
        let jitter = Double.random(in: 0..<1, using: &random)
        take(outbox.attemptFinished(attempt.id, outcome, jitter: jitter, at: now))
    }

    private mutating func outcome(of attempt: DeliveryAttempt, mayFail: Bool) -> DeliveryOutcome {
        let command = attempt.command
        let die = mayFail ? Int.random(in: 0..<100, using: &random) : 100
        switch die {
        case 0..<10: return .refusedConnection
        case 10..<15: return .timeout
        case 15..<22:
            _ = zammad.take(command)
            return .timeout
        case 22..<24: return .misconfigured("HTTP 401")
        case 24..<27: return .retry("HTTP 503", scope: .zammad, after: .seconds(3))
        case 27..<31 where faulty:
            return command.event == .newCall ? .retry("HTTP 500", scope: .event) : .ambiguous("HTTP 500")
        case 31..<34 where faulty: return .refused("HTTP 422")
        case 34..<37 where zammad.rows[command.callID]?.state != .hangup: zammad.forget(command.callID)
        default: break
        }
        return zammad.take(command)
    }

    private mutating func take(_ output: Output) {
        for case .request(let attempt, _) in output.effects {
            if underWay.contains(where: { $0.command.callID == attempt.command.callID }) { fail("two at once") }
            if inDoubt.contains(attempt.eventID) { fail("\(attempt.command.short) sent twice") }
            underWay.append(attempt)
        }
        for news in output.news {
            switch news {
            case .delivered(let event, _): settled(event)
            case .dropped: fail("dropped without having been asked")
            case .deadLettered(let event, _):
                settled(event)
                dead.insert(event.command.callID)
            case .unconfirmed(let event, _):
                settled(event)
                unconfirmed.insert(event.command.callID)
                if !inDoubt.contains(event.id) { fail("\(event.command.short) given up for nothing") }
            case .decided, .sighted, .attempted, .postponed, .healthChanged, .dropCall, .ticket, .callEnded: break
            }
        }
        if underWay.count > outbox.settings.maxParallel { fail("too many at once") }
        if !outbox.account.addsUp { fail("the books do not balance") }
        if !outbox.isIdle, underWay.isEmpty, outbox.nextDeadline == nil { fail("stuck") }
    }

    private mutating func settled(_ event: OutboxEvent) {
        if event.id <= lastSettled[event.command.callID, default: 0] { fail("\(event.command.short) out of order") }
        lastSettled[event.command.callID] = event.id
    }

    /// From now on all goes well, and everything has to come to its end.
    private mutating func settleAll() {
        while let id = ahead.keys.min(), failures.isEmpty {
            let commands = ahead.removeValue(forKey: id) ?? []
            take(outbox.enqueue(commands, at: now))
        }
        var steps = 0
        while !outbox.isIdle, failures.isEmpty {
            steps += 1
            if steps > 5000 { fail("does not come to an end") }
            if underWay.isEmpty {
                guard let deadline = outbox.nextDeadline else { return fail("stuck") }
                now = max(now, deadline)
                take(outbox.timePassed(at: now))
                if underWay.isEmpty, let next = outbox.nextDeadline, next <= now { fail("wakes for nothing") }
            } else {
                finishOne(mayFail: false)
            }
        }
        if failures.isEmpty, !outbox.lanes.isEmpty { fail("lanes are left behind") }
    }

    private mutating func checkRows() {
        for (id, kind) in kinds where failures.isEmpty && !dead.contains(id) {
            guard let row = zammad.rows[id] else { return fail("\(id) is lost") }
            if unconfirmed.contains(id) {
                // A row that rings on, or one that is a to-do: never one that was cleared.
                if row.isDone { fail("\(id), \(kind): the to-do is cleared") }
                continue
            }
            if row.state != .hangup { fail("\(id), \(kind): ended as \(row.state)") }
            // Whether a caller is blocked is said only once; without that reply the call is a missed one.
            let isToDo = kind == .blocked ? !seenBlocked.contains(id) : kind.isToDo
            if row.isDone == isToDo { fail("\(id), \(kind): done is \(row.isDone)") }
        }
        if !faulty, !dead.isEmpty { fail("dead letters for nothing") }
    }

    private func mustNotRepeat(_ command: CallCommand) -> Bool {
        command.event == .hangup && command.direction == .inbound && command.cause != .forwarded
            && !toldAnswered.contains(command.callID)
    }

    private mutating func fail(_ what: String) {
        failures.append("\(what), at \(now.text)")
    }
}

extension CallCommand {
    fileprivate func from(_ number: String) -> CallCommand {
        var command = self
        command.from = number
        return command
    }
}
