import Testing

@testable import Domain

/// Drives the whole core on virtual time.
struct BridgeStory {
    /// One input with its time, so that a story can be told twice.
    struct Step: Sendable {
        var input: BridgeCore.Input
        var at: Instant
    }

    private(set) var core: BridgeCore
    private(set) var underWay: [DeliveryAttempt] = []
    private(set) var steps: [Step] = []
    private(set) var outputs: [Output] = []

    init(_ change: (inout CallLifecycle.Settings) -> Void = { _ in }) {
        var settings = CallLifecycle.Settings()
        change(&settings)
        core = BridgeCore(calls: [settings])
    }

    init(continuing core: BridgeCore) {
        self.core = core
    }

    /// What the step led to: rows with their commands, then what delivery wants.
    @discardableResult
    mutating func handle(_ input: BridgeCore.Input, at instant: Instant) -> [String] {
        let output = core.handle(input, at: instant)
        steps.append(Step(input: input, at: instant))
        outputs.append(output)
        for case .request(let attempt, _) in output.effects { underWay.append(attempt) }
        #expect(core.outbox.account.addsUp)
        return output.lines
    }

    mutating func poll(_ calls: ObservedCall..., isComplete: Bool = true, at seconds: Double) -> [String] {
        let snapshot = CallSnapshot(takenAt: second(seconds), calls: calls, isComplete: isComplete)
        return handle(.polled(snapshot), at: second(seconds))
    }

    mutating func pollFailed(at seconds: Double) -> [String] {
        handle(.pollFailed(), at: second(seconds))
    }

    mutating func pass(to seconds: Double) -> [String] {
        handle(.timePassed, at: second(seconds))
    }

    mutating func finish(_ outcome: DeliveryOutcome, at seconds: Double) -> [String] {
        guard !underWay.isEmpty else {
            Issue.record("nothing is under way")
            return []
        }
        let attempt = underWay.removeFirst()
        return handle(.attemptFinished(attempt.id, outcome, jitter: 1), at: second(seconds))
    }
}

/// Where there is one of each.
extension BridgeCore {
    var lifecycle: CallLifecycle { phoneSystems[0].lifecycle }
    var view: CallSnapshot? { phoneSystems[0].view }
    var outbox: EventQueue { zammads[0].events }
    var tickets: TicketQueue { zammads[0].tickets }
}
