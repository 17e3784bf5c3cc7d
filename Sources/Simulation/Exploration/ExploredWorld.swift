import Domain

/// The core with its journal, and what Zammad was told by it: one state of the exploration.
struct ExploredWorld: Sendable {
    /// What must always hold, and did not.
    struct Violation: Error {
        let text: String
    }

    /// What the core has said of one call.
    private struct Told: Hashable, Sendable, Codable {
        var pbxCallID: PBXCallID
        var direction: CallCommand.Direction
        var isAnswered = false
        var isOver = false
        /// Its hangup, of a missed call, may have arrived: a second one would clear the to-do.
        var mayNotRepeat = false
    }

    private static let start = Instant(milliseconds: 1_770_110_100_000)
    /// A poll takes next to no time: it is the core that says when time is to pass.
    private static let interval: Duration = .milliseconds(1)

    private let setting: ExploredSetting
    private let callCount: Int
    private var now = start
    var core: BridgeCore
    private var journal = SavedCore()
    private var told: [CallID: Told] = [:]
    /// In the order of their first events.
    private var order: [CallID] = []
    private var underWay: [DeliveryAttempt] = []

    init(_ setting: ExploredSetting, calls: Int) {
        self.setting = setting
        callCount = calls
        core = BridgeCore(calls: [setting.calls])
    }

    func fingerprint() throws -> UInt64 {
        let ranks = Dictionary(uniqueKeysWithValues: order.reversed().enumerated().map { ($1, $0) })
        struct All: Encodable {
            let core: BridgeCore
            let told: [CallID: Told]
        }
        // A call that is over, and of which nothing waits, is as if it had never been.
        let open = told.filter { !$0.value.isOver || journal.lanes[$0.key] != nil }
        return try CoreFingerprint.of(All(core: core, told: open), at: now, ranks: ranks)
    }

    /// All that may happen next.
    var inputs: [ExploredInput] {
        var sightings: [[ExploredInput.Sighting]] = [[]]
        for _ in 0..<callCount {
            sightings = sightings.flatMap { some in setting.sightings.map { some + [$0] } }
        }
        var inputs = sightings.map(ExploredInput.polled)
        inputs.append(.restarted)
        if setting.replies.isEmpty {
            inputs += [.polledInPart(Array(repeating: .absent, count: callCount)), .pollFailed]
        }
        if setting.listsLegs { inputs.append(.confirmedGone) }
        if core.nextDeadline != nil { inputs.append(.timePassed) }
        for attempt in underWay.indices {
            inputs += setting.replies.map { .replied($0, attempt: attempt) }
        }
        return inputs
    }

    mutating func take(_ input: ExploredInput) throws(Violation) {
        switch input {
        case .polled(let sightings): try poll(sightings, isComplete: true)
        case .confirmedGone:
            let ids = (1...max(1, callCount)).map { PBXCallID("\($0)") }
            try poll(Array(repeating: .absent, count: callCount), isComplete: true, confirmedGone: ids)
            try expect(
                !core.knownCalls.values.contains {
                    if case .ending(_, .answered, _, _) = $0 { true } else { false }
                },
                "an answered call is still ending although it is gone for certain")
        case .polledInPart(let sightings): try poll(sightings, isComplete: false)
        case .pollFailed:
            now = now + Self.interval
            try finish(core.handle(.pollFailed(), at: now))
        case .replied(let reply, let index):
            let attempt = underWay.remove(at: index)
            if case .ambiguous = reply { mayHaveArrived(attempt) }
            try finish(core.handle(.attemptFinished(attempt.id, reply.outcome, jitter: 0.5), at: now))
        case .timePassed:
            guard let deadline = core.nextDeadline else { break }
            now = max(now, deadline)
            try finish(core.handle(.timePassed, at: now))
            if let next = core.nextDeadline {
                try expect(next > now, "wants to be woken for what it was woken for")
            }
        case .restarted:
            for attempt in underWay { mayHaveArrived(attempt) }
            underWay = []
            now = now + .milliseconds(1)
            let (resumed, output) = BridgeCore.resuming(
                journal, calls: setting.calls, delivery: Zammad.Settings(), at: now)
            core = resumed
            try finish(output)
        }
        try check()
    }

    private mutating func poll(
        _ sightings: [ExploredInput.Sighting], isComplete: Bool, confirmedGone: [PBXCallID] = []
    ) throws(Violation) {
        now = now + Self.interval
        let calls = sightings.enumerated().compactMap { setting.call($0.offset + 1, $0.element) }
        var snapshot = CallSnapshot(
            takenAt: now, calls: calls, isComplete: isComplete, listsLegs: setting.listsLegs)
        snapshot.confirmedGone = confirmedGone
        try finish(core.handle(.polled(snapshot), at: now))
    }

    private mutating func mayHaveArrived(_ attempt: DeliveryAttempt) {
        guard attempt.command.event == .hangup, attempt.command.cause != .forwarded,
            told[attempt.command.callID]?.direction == .inbound, told[attempt.command.callID]?.isAnswered == false
        else { return }
        told[attempt.command.callID]?.mayNotRepeat = true
    }

    // MARK: - What must hold

    private mutating func finish(_ output: Output) throws(Violation) {
        if !output.change.isEmpty { journal.apply(output.change) }
        for decision in output.decisions {
            for command in decision.commands { try hear(command, of: decision.pbxCallID) }
        }
        for case .request(let attempt, _) in output.effects { try begin(attempt) }
        guard setting.replies.isEmpty else { return }
        while let attempt = underWay.popLast() {
            try finish(core.handle(.attemptFinished(attempt.id, .delivered(.plain), jitter: 0.5), at: now))
        }
    }

    private mutating func hear(_ command: CallCommand, of pbxCallID: PBXCallID) throws(Violation) {
        guard var call = told[command.callID] else {
            try expect(command.event == .newCall, "\(command.event) of a call that was not announced")
            let other = told.values.contains { $0.pbxCallID == pbxCallID && !$0.isOver }
            try expect(!other, "a second call while the one with the same id in 3CX is not over")
            told[command.callID] = Told(pbxCallID: pbxCallID, direction: command.direction)
            order.append(command.callID)
            return
        }
        try expect(command.event != .newCall, "a second newCall")
        try expect(!call.isOver, "\(command.event) after the hangup")
        try expect(command.direction == call.direction, "another direction than before")
        try expect(call.pbxCallID == pbxCallID, "the id of another call in 3CX")
        if command.event == .answer { call.isAnswered = true } else { call.isOver = true }
        told[command.callID] = call
    }

    private mutating func begin(_ attempt: DeliveryAttempt) throws(Violation) {
        let id = attempt.command.callID
        guard let call = told[id] else { throw Violation(text: "a request for a call that was not announced") }
        try expect(!underWay.contains { $0.command.callID == id }, "two requests at once for one call")
        let isMissedHangup = attempt.command.event == .hangup && attempt.purpose == .deliver
        try expect(!(isMissedHangup && call.mayNotRepeat), "the hangup of a missed call a second time")
        underWay.append(attempt)
        underWay.sort { $0.id < $1.id }
    }

    private func check() throws(Violation) {
        let account = core.account
        try expect(account.addsUp, "the account does not close: \(account)")
        try expect(account.pending == journal.lanes.values.reduce(0) { $0 + $1.events.count }, "events out of nowhere")
        try expect(core.impossibleSteps == 0, "a step that cannot happen")
        let known = Set(core.knownCalls.compactMap(\.value.reported?.callID))
        let open = Set(told.filter { !$0.value.isOver }.map(\.key))
        try expect(known == open, "follows \(known.count) calls of \(open.count) that are open in Zammad")
        for (id, lane) in journal.lanes {
            try expect(told[id]?.isOver == false || !lane.events.isEmpty, "a call that is over and told leaves a lane")
        }
        let waits = account.pending > 0 && underWay.isEmpty
        try expect(!waits || core.nextDeadline != nil, "events wait, and nothing will wake them")
        let nobodyPolls = core.isViewLost
        let lingers = core.knownCalls.values.contains { if case .ending = $0 { true } else { false } }
        try expect(!lingers || nobodyPolls || core.nextDeadline != nil, "a call is ending for ever")
        let isUntold = core.knownCalls.values.contains { if case .dialled = $0 { true } else { false } }
        try expect(!isUntold || core.nextDeadline != nil, "a call goes untold for ever")
    }

    private func expect(_ condition: Bool, _ text: @autoclosure () -> String) throws(Violation) {
        guard condition else { throw Violation(text: text()) }
    }
}

extension BridgeCore {
    fileprivate var impossibleSteps: Int { phoneSystems.reduce(0) { $0 + $1.lifecycle.impossibleSteps } }
    fileprivate var isViewLost: Bool { phoneSystems.contains { $0.lifecycle.viewLostAt != nil } }
    fileprivate var knownCalls: [PBXCallID: CallState] { phoneSystems.first?.lifecycle.calls ?? [:] }
}
