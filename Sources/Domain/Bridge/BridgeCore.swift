/// The whole core: looks at the PBX go in, requests to Zammad come out.
///
/// The daemon, the replay of fixtures and the tests drive this one machine; it reads no clock and does no I/O.
package struct BridgeCore: Equatable, Sendable, Codable {
    /// A fact that the core is told.
    package enum Input: Equatable, Sendable, Codable {
        case looked(CallSnapshot)
        /// A look failed: nothing is known, so that nothing changes but that graces stand still.
        case lookFailed
        /// `jitter`: a random number in 0 ..< 1.
        case attemptFinished(DeliveryAttempt.ID, DeliveryOutcome, jitter: Double)
        case timePassed
        /// The operator wants a dead letter or an unconfirmed event sent again.
        case retryRequested(OutboxEvent.ID)
        /// The operator gives one up for good.
        case dropRequested(OutboxEvent.ID)
        /// The operator has changed the configuration.
        case settingsChanged(calls: CallLifecycle.Settings, delivery: Outbox.Settings)
        /// No new attempts from now on.
        case stopping
    }

    package struct Output: Equatable, Sendable, Codable {
        package var decisions: [CallDecision] = []
        package var actions: [OutboxAction] = []
        /// To be kept before any action is begun.
        package var change = CoreChange()
    }

    package private(set) var lifecycle: CallLifecycle
    package private(set) var outbox: Outbox
    /// The last look, completed from those before it where it was incomplete; `nil` before the first.
    package private(set) var view: CallSnapshot?
    /// Calls of an earlier process that the first look has not judged yet.
    private var unjudged: Set<PBXCallID> = []

    package init(calls: CallLifecycle.Settings, delivery: Outbox.Settings) {
        lifecycle = CallLifecycle(settings: calls)
        outbox = Outbox(settings: delivery)
    }

    /// Goes on with what an earlier process left; the output holds what has to be said and done about it.
    package static func resuming(
        _ saved: SavedCore, calls: CallLifecycle.Settings, delivery: Outbox.Settings, at now: Instant
    ) -> (core: BridgeCore, output: Output) {
        var core = BridgeCore(calls: calls, delivery: delivery)
        core.lifecycle = CallLifecycle(settings: calls, resuming: saved.calls, at: now)
        core.unjudged = Set(saved.calls.keys)
        let (outbox, actions) = Outbox.resuming(saved, settings: delivery, at: now)
        core.outbox = outbox
        var output = Output(actions: actions)
        output.change = core.takeChange()
        return (core, output)
    }

    package var nextDeadline: Instant? {
        [lifecycle.nextDeadline, outbox.nextDeadline].compactMap { $0 }.min()
    }

    package mutating func handle(_ input: Input, at now: Instant) -> Output {
        var output = step(input, at: now)
        output.change = takeChange()
        return output
    }

    private mutating func takeChange() -> CoreChange {
        var change = CoreChange()
        change.calls = lifecycle.takeChanges()
        outbox.takeChanges(into: &change)
        return change
    }

    private mutating func step(_ input: Input, at now: Instant) -> Output {
        switch input {
        case .looked(let snapshot):
            return deliver(look(snapshot, at: now), at: now)
        case .lookFailed:
            return deliver(lifecycle.handle(.viewLost, at: now), at: now)
        case .attemptFinished(let id, let outcome, let jitter):
            return Output(actions: outbox.attemptFinished(id, outcome, jitter: jitter, at: now))
        case .timePassed:
            let decisions = lifecycle.handle(.timePassed, at: now)
            var output = deliver(decisions, at: now)
            output.actions += outbox.timePassed(at: now)
            return output
        case .retryRequested(let id):
            return Output(actions: outbox.retry(id, at: now))
        case .dropRequested(let id):
            return Output(actions: outbox.drop(id, reason: "by the operator"))
        case .settingsChanged(let calls, let delivery):
            lifecycle.settings = calls
            return Output(actions: outbox.change(to: delivery, at: now))
        case .stopping:
            outbox.stop()
            return Output()
        }
    }

    private mutating func look(_ snapshot: CallSnapshot, at now: Instant) -> [CallDecision] {
        let before = view ?? CallSnapshot(takenAt: snapshot.takenAt, calls: [])
        let after = snapshot.carryingOver(before)
        var diff = SnapshotDiff(from: before, to: after)
        view = after
        // What an earlier process knew is compared with the first look that shows all.
        if snapshot.isComplete, !unjudged.isEmpty {
            diff.vanished += unjudged.subtracting(after.calls.map(\.id)).sorted()
            unjudged = []
        }
        guard snapshot.isComplete else {
            return lifecycle.handle(.viewLost, at: now) + lifecycle.handle(.observed(diff), at: now)
        }
        return lifecycle.handle(.viewRestored, at: now) + lifecycle.handle(.observed(diff), at: now)
    }

    private mutating func deliver(_ decisions: [CallDecision], at now: Instant) -> Output {
        let commands = decisions.flatMap(\.commands)
        guard !commands.isEmpty else { return Output(decisions: decisions) }
        return Output(decisions: decisions, actions: outbox.enqueue(commands, at: now))
    }
}
