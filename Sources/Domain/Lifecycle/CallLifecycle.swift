/// The deterministic machine that turns what was seen of calls into what Zammad is told.
///
/// ```
///              appears                     agent connected
/// (unknown) ────────────▶ ringing ───────────────────────────▶ answered ⟲ transfer
///     │ irrelevant         │    └─ voicemail ─▶ voicemail ──────▶ │
///     ▼                    │ vanishes             │ vanishes      │ vanishes
///   ignored ─▶ …           └──────────▶ ending ◀──────────────────┘
///                                        │ grace over, or gone for certain: hangup
///                                        ▼
///                                      (gone)
/// ```
///
/// `CallTransition` says which step follows from what. What the picture does not say: a call that was reported stays
/// reported until it ends, wherever it goes; the grace of an ending call stands still while there is no complete view
/// of the PBX, so that nothing ends because a poll failed; a call that ends has ended at the instant at which it
/// vanished, not when its grace was over.
package struct CallLifecycle: Equatable, Sendable, Encodable {
    /// A fact that the machine is told.
    package enum Input: Equatable, Sendable, Codable {
        case observed(SnapshotDiff)
        /// From now on polls fail, or show only a part: graces stand still until `viewRestored`.
        case viewLost
        case viewRestored
        case timePassed
    }

    /// May change between two inputs: the state of a known call stays as it is, and what Zammad is told of it next goes
    /// by the new settings.
    package internal(set) var settings: Settings
    var states = CallStates()
    package private(set) var viewLostAt: Instant?
    /// How many steps were taken that cannot happen: faults of the bridge, which are counted instead of ending the
    /// process.
    package private(set) var impossibleSteps = 0
    /// What the input at hand has led to so far.
    private var decisions: [CallDecision] = []
    /// Calls whose end Zammad was told, since the last `takeEnded`.
    private var ended: [EndedCall] = []

    package init(settings: Settings) {
        self.settings = settings
    }

    /// Goes on with the calls of an earlier process, which may have ended, gone on or been replaced meanwhile: the
    /// first complete snapshot tells. Until then there is no view, and a call that was missing gets its whole grace
    /// again.
    package init(settings: Settings, resuming calls: [PBXCallID: CallState], at now: Instant) {
        self.settings = settings
        states = CallStates(
            calls.mapValues { state in
                switch state {
                case .ending(let reported, let phase, let since, let until):
                    // Not `until - since`: that has grown by every time in which there was no view.
                    let grace = until > since ? max(settings.grace, settings.legGrace) : .zero
                    return .ending(reported, phase, since: since, until: now + grace)
                case .dialled(let call, _): return .dialled(call, until: now + Settings.patience)
                case .live, .ignored, .joining: return state
                }
            })
        viewLostAt = now
    }

    /// Every call that is known, reported or not.
    package var calls: [PBXCallID: CallState] { states.all }

    /// The calls that have changed since the last time, for the journal: with their state, or `nil` for one that it is
    /// to keep no longer.
    mutating func takeChanges() -> [PBXCallID: CallState?] {
        var changes: [PBXCallID: CallState?] = [:]
        for (id, before, now) in states.takeChanges() where before?.isKept == true || now?.isKept == true {
            changes.updateValue(now?.isKept == true ? now : nil, forKey: id)
        }
        return changes
    }

    mutating func takeEnded() -> [EndedCall] {
        defer { ended = [] }
        return ended
    }

    /// When the machine wants to hear `timePassed`; `nil` if it waits for nothing.
    package var nextDeadline: Instant? {
        states.timed.lazy.compactMap(deadline).min()
    }

    package mutating func handle(_ input: Input, at now: Instant) -> [CallDecision] {
        switch input {
        case .observed(let diff):
            let grace = diff.listsLegs ? settings.legGrace : settings.grace
            for id in diff.vanished { vanish(id, grace: grace, at: now) }
            for call in diff.changed { observe(call, at: now) }
            for call in diff.appeared { observe(call, at: now) }
            for id in diff.confirmedGone { confirmEnd(id, at: now) }
            elapse(at: now)
        case .viewLost: viewLostAt = viewLostAt ?? now
        // Nothing elapses here: the snapshot that restored the view may show an ending call again.
        case .viewRestored: restoreView(at: now)
        case .timePassed: elapse(at: now)
        }
        return takeDecisions()
    }

    /// Ends every call: the phone system is no longer configured, so that it is not polled any more.
    mutating func abandon(at now: Instant) -> [CallDecision] {
        viewLostAt = nil
        // Ignored calls are forgotten first, so that no call that ends below goes on under one of their ids.
        for id in ids(where: { !$0.isKept }) { states[id] = nil }
        for id in ids(where: { _ in true }) {
            vanish(id, grace: .zero, at: now)
            guard case .ending(let reported, let phase, let since, _)? = states[id] else { continue }
            states[id] = .ending(reported, phase, since: since, until: now)
        }
        elapse(at: now)
        return takeDecisions()
    }

    private mutating func takeDecisions() -> [CallDecision] {
        defer { decisions = [] }
        return decisions
    }

    // MARK: - One call

    mutating func observe(_ call: ObservedCall, mayWait: Bool = true, at now: Instant) {
        let state = states[call.id]
        let call = settings.straightened(call, state?.firstSight)
        if join(call, state, at: now) { return }
        let known = state?.known
        let seen = settings.assess(call, known, mayWait: mayWait)
        let step = CallTransition(from: state?.kind ?? .unknown, by: seen.input)
        switch step.next {
        case .previous, .takesOver:
            guard let known else { return }
            resume(call, as: known, step, at: now)
        case .asNewCall:
            end(call.id, step, at: now)
            observe(call, at: now)
        case .state(.ended):
            end(call.id, step, at: now)
        case .state(.ending):
            // One that is ending already keeps its deadline.
            guard case .live? = state, let known else { return }
            startEnding(call.id, known, step, grace: max(settings.grace, settings.handover), at: now)
        case .state(let next):
            // So it is with most snapshots of a call: nothing has changed, and nothing is written.
            if next == step.from, step.commands.isEmpty, isUnchanged(state, by: seen, of: call) { return }
            let (after, commands) = step.advance(state, to: next, by: seen, of: call, settings, at: now)
            states[call.id] = after
            // A call that stays ignored has another reason now.
            if next != step.from || !commands.isEmpty || next == .ignored {
                let reason: String? = if case .ignored(let reason, _) = after { reason.explanation } else { nil }
                record(
                    step, call.id, after.reported ?? known?.reported, of: call, to: next, at: now, commands: commands,
                    reason: reason)
            }
        }
    }

    /// Makes a reported call live again, or lets it go on under another id, and then applies the snapshot to it.
    mutating func resume(_ call: ObservedCall, as known: CallState.Known, _ step: CallTransition, at now: Instant) {
        let live = CallState.live(known.reported, known.phase)
        record(step, call.id, known.reported, of: call, to: live.kind, at: now)
        states[call.id] = live
        observe(call, at: now)
    }

    /// Whether a snapshot that leaves the kind of the state as it is tells nothing new.
    private func isUnchanged(_ state: CallState?, by seen: CallAssessment, of call: ObservedCall) -> Bool {
        if case .ignored(let reason, _)? = state { return reason == seen.irrelevance }
        guard let known = state?.known else { return false }
        if let agent = known.phase.agent, let answering = seen.answeringAgent, agent != answering { return false }
        return known.reported.addition(in: call) == nil
    }

    private mutating func vanish(_ id: PBXCallID, grace: Duration, at now: Instant) {
        guard let state = states[id] else { return }
        let step = CallTransition(from: state.kind, by: .vanished)
        switch state {
        case .ignored, .joining: states[id] = nil
        case .dialled(let call, _):
            let seen = settings.assess(call, nil, mayWait: false)
            let (after, commands) = step.advance(nil, to: .ringing, by: seen, of: call, settings, at: now)
            guard seen.irrelevance == nil, let known = after.known else { return states[id] = nil }
            startEnding(id, known, step, commands, grace: grace, at: now)
        case .live(let reported, let phase): startEnding(id, (reported, phase), step, grace: grace, at: now)
        case .ending: break
        }
    }

    private mutating func startEnding(
        _ id: PBXCallID, _ known: CallState.Known, _ step: CallTransition, _ commands: [CallCommand] = [],
        grace: Duration, at now: Instant
    ) {
        states[id] = .ending(known.reported, known.phase, since: now, until: now + grace)
        if grace > .zero || !commands.isEmpty {
            record(step, id, known.reported, to: .ending, at: now, commands: commands)
        }
        successor(of: known.reported).map { observe($0, at: now) }
    }

    /// Ends a call: with the grace over, or because its id is now another call's.
    mutating func end(_ id: PBXCallID, _ step: CallTransition, at now: Instant) {
        if step.isImpossible { impossibleSteps += 1 }
        let state = states[id]
        states[id] = nil
        guard let (reported, phase) = state?.known else { return }
        var endedAt = now
        if case .ending(_, _, let since, _)? = state { endedAt = since }
        var commands: [CallCommand] = []
        if step.commands.contains(.hangup) {
            let hangup = reported.hangup(settings, phase, cause: nil, at: endedAt)
            commands = [hangup]
            ended.append(EndedCall(reported, phase, hangup, settings.numbers))
        }
        record(step, id, reported, to: .ended, at: now, commands: commands)
    }

    /// Ends an answered call that polls have confirmed to be gone, without waiting for its grace. All others keep
    /// theirs: between two waves of a queue nobody has answered yet.
    private mutating func confirmEnd(_ id: PBXCallID, at now: Instant) {
        guard case .ending(_, .answered, _, _)? = states[id] else { return }
        end(id, CallTransition(from: .ending, by: .confirmedGone), at: now)
    }

    // MARK: - Time

    private mutating func elapse(at now: Instant) {
        let due = states.timed.filter { deadline(of: $0).map { $0 <= now } ?? false }.sorted()
        // A call that goes on is told before one that is over.
        for id in due {
            if case .dialled(let call, _)? = states[id] { observe(call, mayWait: false, at: now) }
        }
        for id in due {
            if case .ending? = states[id] { end(id, CallTransition(from: .ending, by: .graceElapsed), at: now) }
        }
    }

    /// When something is to be done with a call although nothing is seen of it.
    private func deadline(of id: PBXCallID) -> Instant? {
        let state = states[id]
        // Without a view no ending call ends; but a dialled one is reported all the same when its time is over.
        if viewLostAt != nil, case .ending? = state { return nil }
        return state?.deadline
    }

    private mutating func restoreView(at now: Instant) {
        guard let lostAt = viewLostAt else { return }
        viewLostAt = nil
        let standstill = max(.zero, now - lostAt)
        for id in states.timed {
            guard case .ending(let reported, let phase, let since, let until)? = states[id] else { continue }
            states[id] = .ending(reported, phase, since: since, until: until + standstill)
        }
    }

    // MARK: -

    /// In order, so that the same input always leads to the same output.
    func ids(where isMeant: (CallState) -> Bool) -> [PBXCallID] {
        calls.filter { isMeant($0.value) }.keys.sorted()
    }

    /// - Parameter call: As the snapshot shows it, if one does; what it does not tell is taken from `reported`.
    mutating func record(
        _ step: CallTransition, _ id: PBXCallID, _ reported: ReportedCall?, of call: ObservedCall? = nil,
        to next: CallTransition.State, at now: Instant, commands: [CallCommand] = [], reason: String? = nil
    ) {
        decisions.append(
            CallDecision(
                at: now, pbxCallID: id, callID: reported?.callID,
                direction: reported?.direction.ofCall ?? call?.direction,
                externalNumber: call?.external?.number ?? reported?.externalNumber, from: step.from, input: step.input,
                to: next, reason: reason ?? step.reason(of: reported), commands: commands,
                phoneSystem: settings.name))
    }
}
