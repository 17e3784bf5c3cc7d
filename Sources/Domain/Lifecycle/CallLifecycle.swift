/// The deterministic machine that turns what was seen of calls into what Zammad is told.
///
/// ```
///              appears                     agent connected
/// (unknown) ────────────▶ ringing ───────────────────────────▶ answered ⟲ transfer
///     │ irrelevant         │    └─ voicemail ─▶ voicemail ──────▶ │
///     ▼                    │ vanishes             │ vanishes      │ vanishes
///  untracked ─▶ …          └──────────▶ lingering ◀───────────────┘
///                                        │ grace over, or gone for certain: hangup
///                                        ▼
///                                      (gone)
/// ```
///
/// The rows are in `TransitionTable`. What the picture does not say: a call that was reported stays reported until it
/// ends, wherever it goes; the grace of a lingering call stands still while there is no complete view of the PBX, so
/// that nothing ends because the bridge could not look; an end keeps the instant at which the call vanished.
package struct CallLifecycle: Equatable, Sendable, Codable {
    package struct Settings: Equatable, Sendable, Codable {
        package var name = PhoneSystemName.default
        /// Part of every call id.
        package var instance = "3cx"
        package var routing = Routing()
        /// How long a call may be missing before it has ended, where the source lists whole calls.
        package var grace: Duration = .zero
        /// The same where the source lists legs.
        package var legGrace: Duration = .seconds(2)
        /// How long an outgoing call may go untold while no line shows the number that is called.
        package static let patience: Duration = .seconds(2)
        /// How long a call may show no outside party, as it does for a poll or two while agents hand it over.
        package var handover = patience
        package var transfers: TransferPolicy = .follow
        package var logMissedQueueCalls = false
        package var sendQueue = false
        package var numbers = NumberPlan()
        package var filter = CallFilter()
        /// Extension → Zammad user id.
        package var agentUserIDs: [String: Int] = [:]
        /// Where there are several Zammads: the settings for the calls of each, by its name.
        package var helpdesks: [ZammadName: Helpdesk] = [:]

        package init() {}
    }

    /// A fact that the machine is told.
    package enum Input: Equatable, Sendable, Codable {
        case observed(SnapshotDiff)
        /// From now on nobody looks, or not all could be read: graces stand still until `viewRestored`.
        case viewLost
        case viewRestored
        case timePassed
    }

    /// May change between two inputs: a call that is known stays what it is, and what is said of it next goes by the
    /// new ones.
    package internal(set) var settings: Settings
    var states = TrackedDictionary<PBXCallID, CallState>()
    package private(set) var viewLostAt: Instant?
    /// Inputs that the table says cannot happen: a bug of ours, counted instead of ending the process.
    package private(set) var impossibleInputs = 0
    var lingering: Set<PBXCallID> = []
    /// Outgoing calls without a line yet.
    private var dialled: Set<PBXCallID> = []
    /// Which way calls went that are not reported when they were first seen: rows are turned round when a call is
    /// handed over.
    var firstSights: [PBXCallID: FirstSight] = [:]
    /// Calls that Zammad was told the end of, since somebody last asked.
    private var ended: [EndedCall] = []
    /// Internal calls that show the external party of an answered call which is still listed, as last seen.
    var joining: [PBXCallID: ObservedCall] = [:]

    package init(settings: Settings) {
        self.settings = settings
    }

    /// Goes on with the calls of an earlier process, which may have ended, gone on or been replaced meanwhile: the
    /// first complete look tells. Until then there is no view, and a call that was missing gets its whole grace again.
    package init(settings: Settings, resuming calls: [PBXCallID: CallState], at now: Instant) {
        self.settings = settings
        var resumed = calls
        for (id, state) in calls {
            switch state {
            case .lingering(let reported, let phase, let since, let until):
                // Not `until - since`: that has grown by every time in which there was no view.
                let grace = until > since ? max(settings.grace, settings.legGrace) : .zero
                resumed[id] = .lingering(reported, phase, since: since, until: now + grace)
                lingering.insert(id)
            case .dialled(let call, _):
                resumed[id] = .dialled(call, until: now + Settings.patience)
                dialled.insert(id)
            case .live, .untracked: break
            }
        }
        states = TrackedDictionary(resumed)
        viewLostAt = now
    }

    /// Every call that is known, reported or not.
    package var calls: [PBXCallID: CallState] { states.values }

    /// What has changed since the last time, as far as it is to be kept.
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
        // What nobody can see ends no call, but it is no reason to keep quiet about one.
        (viewLostAt == nil ? lingering.union(dialled) : dialled).lazy.compactMap { states[$0]?.deadline }.min()
    }

    package mutating func handle(_ input: Input, at now: Instant) -> [CallDecision] {
        var decisions: [CallDecision] = []
        switch input {
        case .observed(let diff):
            let grace = diff.listsLegs ? settings.legGrace : settings.grace
            for id in diff.vanished { vanish(id, grace: grace, at: now, into: &decisions) }
            for call in diff.changed { observe(call, at: now, into: &decisions) }
            for call in diff.appeared { observe(call, at: now, into: &decisions) }
            for id in diff.confirmedGone { confirmEnd(id, at: now, into: &decisions) }
        case .viewLost:
            viewLostAt = viewLostAt ?? now
            return []
        case .viewRestored:
            // Nothing elapses here: the look that restored the view may show a lingering call again.
            restoreView(at: now)
            return []
        case .timePassed:
            break
        }
        elapse(at: now, into: &decisions)
        return decisions
    }

    // MARK: - One call

    mutating func observe(
        _ call: ObservedCall, mayWait: Bool = true, at now: Instant, into decisions: inout [CallDecision]
    ) {
        let state = states[call.id]
        let call = straightened(withoutDialCode(call), state)
        if join(call, state, at: now, into: &decisions) { return }
        let kind = state?.kind ?? .unknown
        let known = state?.known
        let look = settings.assess(call, known, mayWait: mayWait)
        guard let row = TransitionTable.row(kind, look.input) else { return impossible(call.id) }
        switch row.next {
        case .previous:
            guard case .lingering(let reported, let phase, _, _)? = state else { return impossible(call.id) }
            let live = CallState.live(reported, phase)
            note(row, call.id, reported, seeing: call, to: live.kind, at: now, into: &decisions)
            states[call.id] = live
            lingering.remove(call.id)
            observe(call, at: now, into: &decisions)
        case .afresh:
            end(call.id, row, at: now, into: &decisions)
            observe(call, at: now, into: &decisions)
        case .continued:
            impossible(call.id)
        case .state(.lingering):
            // Whoever is not listed already goes on as long as that lasts.
            guard case .live? = state, let known else { return }
            let grace = max(settings.grace, settings.handover)
            linger(call.id, known, row, grace: grace, at: now, into: &decisions)
        case .state(let next):
            // Most looks at a call that goes on: nothing is to be kept of them.
            if next == kind, row.commands.isEmpty, isUnchanged(state, known, by: look, seeing: call) { return }
            let (after, commands) = advance(known, by: look, row: row, to: next, seeing: call, at: now)
            states[call.id] = after
            if next == .dialled { dialled.insert(call.id) } else { dialled.remove(call.id) }
            firstSights[call.id] = next == .untracked ? firstSights[call.id] ?? FirstSight(call) : nil
            // A call that stays untracked has another reason now.
            if next != kind || !commands.isEmpty || next == .untracked {
                let reason: String? = if case .untracked(let reason) = after { reason.explanation } else { nil }
                note(
                    row, call.id, after.reported ?? known?.reported, seeing: call, to: next, at: now,
                    commands: commands, reason: reason, into: &decisions)
            }
        }
    }

    /// Whether a look that leaves the kind of the state as it is tells nothing new.
    private func isUnchanged(
        _ state: CallState?, _ known: CallState.Known?, by look: CallAssessment, seeing call: ObservedCall
    ) -> Bool {
        guard let known else { return look.irrelevance.map { state == .untracked($0) } ?? false }
        if let agent = known.phase.agent, let answering = look.answeringAgent, agent != answering { return false }
        return known.reported.addition(in: call) == nil
    }

    private func advance(
        _ known: CallState.Known?,
        by look: CallAssessment,
        row: TransitionTable.Row,
        to next: TransitionTable.State,
        seeing call: ObservedCall,
        at now: Instant
    ) -> (CallState, [CallCommand]) {
        if next == .untracked { return (.untracked(look.irrelevance ?? .noMonitoredDN), []) }
        if next == .dialled {
            return (.dialled(call, until: states[call.id]?.deadline ?? now + Settings.patience), [])
        }
        var reported = known?.reported ?? ReportedCall(call, look: look, settings: settings, at: now)
        if let addition = reported.addition(in: call) { reported.learn(addition) }
        var phase = known?.phase ?? .ringing
        switch next {
        case .voicemail: phase = .voicemail
        case .answered:
            let follows = row.input != .otherAgentConnected || settings.transfers != .ignore
            if let agent = look.answeringAgent, follows { phase = .answered(by: agent) }
        default: break
        }
        var commands: [CallCommand] = []
        for command in row.commands {
            switch command {
            case .newCall: commands.append(reported.newCall(settings, agents: look.involvedAgents, at: now))
            case .answer: commands.append(reported.answer(settings, phase, at: now))
            case .answerByVoicemail: commands.append(reported.answer(settings, .voicemail, at: now))
            case .answerIfFollowing:
                if settings.transfers == .follow { commands.append(reported.answer(settings, phase, at: now)) }
            case .splitIfSplitting:
                guard settings.transfers == .split, let before = known?.phase, case .answered(let agent) = phase else {
                    break
                }
                commands.append(reported.hangup(settings, before, cause: .forwarded, at: now))
                reported.split(to: agent, instance: settings.instance, pbxCallID: call.id, at: now)
                commands.append(reported.newCall(settings, agents: [agent], at: now))
                commands.append(reported.answer(settings, phase, at: now))
            case .hangup: commands.append(reported.hangup(settings, phase, cause: nil, at: now))
            }
        }
        return (.live(reported, phase), commands)
    }

    private mutating func vanish(
        _ id: PBXCallID, grace: Duration, at now: Instant, into decisions: inout [CallDecision]
    ) {
        guard let state = states[id] else { return }
        guard let row = TransitionTable.row(state.kind, .vanished) else { return impossible(id) }
        switch state {
        case .untracked:
            states[id] = nil
            joining[id] = nil
            firstSights[id] = nil
        case .dialled(let call, _):
            dialled.remove(id)
            let look = settings.assess(call, nil, mayWait: false)
            let (after, commands) = advance(nil, by: look, row: row, to: .ringing, seeing: call, at: now)
            guard look.irrelevance == nil, let known = after.known else { return states[id] = nil }
            linger(id, known, row, commands, grace: grace, at: now, into: &decisions)
        case .live(let reported, let phase):
            linger(id, (reported, phase), row, grace: grace, at: now, into: &decisions)
        case .lingering:
            break
        }
    }

    private mutating func linger(
        _ id: PBXCallID, _ known: CallState.Known, _ row: TransitionTable.Row, _ commands: [CallCommand] = [],
        grace: Duration, at now: Instant, into decisions: inout [CallDecision]
    ) {
        states[id] = .lingering(known.reported, known.phase, since: now, until: now + grace)
        lingering.insert(id)
        if grace > .zero || !commands.isEmpty {
            note(row, id, known.reported, to: .lingering, at: now, commands: commands, into: &decisions)
        }
        let heirs = joining.values.filter { known.reported.hasParty(of: $0, settings.numbers) }
        if let call = heirs.min(by: { $0.id < $1.id }) { observe(call, at: now, into: &decisions) }
    }

    /// Ends a call: with the grace over, or because its id is now another call's.
    private mutating func end(
        _ id: PBXCallID, _ row: TransitionTable.Row, at now: Instant, into decisions: inout [CallDecision]
    ) {
        let state = states[id]
        states[id] = nil
        lingering.remove(id)
        guard let state, let reported = state.reported, let phase = state.phase else { return }
        var endedAt = now
        if case .lingering(_, _, let since, _) = state { endedAt = since }
        var commands: [CallCommand] = []
        if row.commands.contains(.hangup) {
            let hangup = reported.hangup(settings, phase, cause: nil, at: endedAt)
            commands = [hangup]
            ended.append(EndedCall(reported, phase, hangup, settings.numbers))
        }
        note(row, id, reported, to: .ended, at: now, commands: commands, into: &decisions)
    }

    /// Ends an answered call that looks have confirmed to be gone, without waiting for its grace. All others keep
    /// theirs: between two waves of a queue nobody has answered yet.
    private mutating func confirmEnd(_ id: PBXCallID, at now: Instant, into decisions: inout [CallDecision]) {
        guard case .lingering(_, .answered, _, _)? = states[id] else { return }
        guard let row = TransitionTable.row(.lingering, .confirmedGone) else { return impossible(id) }
        end(id, row, at: now, into: &decisions)
    }

    /// Ends every call: nobody looks at the phone system any more.
    mutating func abandon(at now: Instant) -> [CallDecision] {
        viewLostAt = nil
        joining = [:]
        var decisions: [CallDecision] = []
        for (id, state) in states.values.sorted(by: { $0.key < $1.key }) {
            vanish(id, grace: .zero, at: now, into: &decisions)
            guard case .lingering(let reported, let phase, let since, _) = state else { continue }
            states[id] = .lingering(reported, phase, since: since, until: now)
        }
        elapse(at: now, into: &decisions)
        return decisions
    }

    private mutating func elapse(at now: Instant, into decisions: inout [CallDecision]) {
        for id in due(dialled, at: now) {
            guard case .dialled(let call, _)? = states[id] else { continue }
            observe(call, mayWait: false, at: now, into: &decisions)
        }
        guard viewLostAt == nil else { return }
        for id in due(lingering, at: now) {
            guard let row = TransitionTable.row(.lingering, .graceElapsed) else { return impossible(id) }
            end(id, row, at: now, into: &decisions)
        }
    }

    private func due(_ ids: Set<PBXCallID>, at now: Instant) -> [PBXCallID] {
        guard !ids.isEmpty else { return [] }
        return ids.filter { states[$0]?.deadline.map { $0 <= now } ?? false }.sorted()
    }

    private mutating func restoreView(at now: Instant) {
        guard let lostAt = viewLostAt else { return }
        viewLostAt = nil
        let standstill = max(.zero, now - lostAt)
        for id in lingering {
            guard case .lingering(let reported, let phase, let since, let until)? = states[id] else { continue }
            states[id] = .lingering(reported, phase, since: since, until: until + standstill)
        }
    }

    private mutating func impossible(_ id: PBXCallID) {
        assertionFailure("an input that the transition table does not know, for call \(id)")
        impossibleInputs += 1
        states[id] = nil
        lingering.remove(id)
        dialled.remove(id)
    }

    /// - Parameter call: As it was seen, where it was; of a call that is reported `reported` says the rest.
    func note(
        _ row: TransitionTable.Row, _ id: PBXCallID, _ reported: ReportedCall?, seeing call: ObservedCall? = nil,
        to next: TransitionTable.State, at now: Instant, commands: [CallCommand] = [], reason: String? = nil,
        into decisions: inout [CallDecision]
    ) {
        decisions.append(
            CallDecision(
                at: now, pbxCallID: id, callID: reported?.callID,
                direction: reported?.direction.ofCall ?? call?.direction,
                externalNumber: call?.external?.number ?? reported?.externalNumber, from: row.from, input: row.input,
                to: next, reason: reason ?? row.reason(of: reported), commands: commands, phoneSystem: settings.name))
    }
}

extension CallState {
    var phase: CallPhase? { known?.phase }

    /// When something is to be done although nothing is seen.
    fileprivate var deadline: Instant? {
        switch self {
        case .dialled(_, let until), .lingering(_, _, _, let until): until
        case .untracked, .live: nil
        }
    }
}
