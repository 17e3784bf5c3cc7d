/// The whole core: looks at the PBXs go in, requests to the Zammads come out.
///
/// The daemon, the replay of fixtures and the tests drive this one machine; it reads no clock and does no I/O. Each phone system has
/// calls of its own, each Zammad an outbox of its own, so that one which is away holds up no other.
package struct BridgeCore: Equatable, Sendable, Codable {
    /// A fact that the core is told.
    package enum Input: Equatable, Sendable, Codable {
        /// `at`: the name of the phone system; empty for the only one.
        case looked(CallSnapshot, at: String = "")
        /// A look failed: nothing is known, so that nothing changes but that graces stand still.
        case lookFailed(at: String = "")
        /// `jitter`: a random number in 0 ..< 1.
        case attemptFinished(DeliveryAttempt.ID, DeliveryOutcome, jitter: Double)
        /// `jitter`: as before.
        case ticketStepFinished(TicketAttempt, TicketOutcome, jitter: Double)
        case timePassed
        /// The operator wants a dead letter, an unconfirmed event or a ticket that was given up tried again.
        case retryRequested(OutboxEvent.ID)
        /// The operator gives one up for good.
        case dropRequested(OutboxEvent.ID)
        /// The operator has changed the configuration: these phone systems and Zammads there are now.
        case settingsChanged(calls: [CallLifecycle.Settings], delivery: [Outbox.Settings])
        /// No new attempts from now on.
        case stopping
    }

    package struct Output: Equatable, Sendable, Codable {
        package var decisions: [CallDecision] = []
        package var actions: [OutboxAction] = []
        /// To be kept before any action is begun.
        package var change = CoreChange()
    }

    /// One phone system and its calls.
    package struct PhoneSystem: Equatable, Sendable, Codable {
        package internal(set) var lifecycle: CallLifecycle
        /// The last look, completed from those before it where it was incomplete; `nil` before the first.
        package internal(set) var view: CallSnapshot?
        /// Calls of an earlier process that the first look has not judged yet.
        var unjudged: Set<PBXCallID> = []
        var unreadable = UnreadableRows()

        package var name: String { lifecycle.settings.name }
    }

    /// In the order of the configuration; never empty.
    package private(set) var phoneSystems: [PhoneSystem]
    /// Those that are configured, in their order, and then those that were and still have events or calls; never empty.
    package private(set) var outboxes: [Outbox]
    /// What has changed of phone systems and Zammads that are gone, or that have got a name.
    private var moved = CoreChange()
    /// The last id of an event, an attempt or a ticket in any outbox.
    private var lastID = 0
    /// Calls that have ended in this step, where tickets are made.
    private var endings: [EndedCall] = []
    private var isStopping = false

    /// Without any, there is one of each, without a name.
    package init(calls: [CallLifecycle.Settings], delivery: [Outbox.Settings]) {
        phoneSystems = (calls.isEmpty ? [CallLifecycle.Settings()] : calls)
            .map { PhoneSystem(lifecycle: CallLifecycle(settings: $0)) }
        outboxes = (delivery.isEmpty ? [Outbox.Settings()] : delivery).map { Outbox(settings: $0) }
    }

    /// One phone system and one Zammad.
    package init(calls: CallLifecycle.Settings, delivery: Outbox.Settings) {
        self.init(calls: [calls], delivery: [delivery])
    }

    /// Goes on with what an earlier process left; the output holds what has to be said and done about it.
    ///
    /// What has no name is of a time with one phone system or one Zammad, and is now of the first. The calls of a phone system that
    /// is no longer configured end; the events of a Zammad that is not wait for it.
    package static func resuming(
        _ saved: SavedCore, calls: [CallLifecycle.Settings], delivery: [Outbox.Settings], at now: Instant
    ) -> (core: BridgeCore, output: Output) {
        var core = BridgeCore(calls: calls, delivery: delivery)
        core.lastID = saved.lastID
        var output = Output(actions: core.resumeEvents(saved, at: now))
        core.deliver(core.resumeCalls(saved, at: now), into: &output, at: now)
        output.change = core.takeChange()
        return (core, output)
    }

    package static func resuming(
        _ saved: SavedCore, calls: CallLifecycle.Settings, delivery: Outbox.Settings, at now: Instant
    ) -> (core: BridgeCore, output: Output) {
        resuming(saved, calls: [calls], delivery: [delivery], at: now)
    }

    package var nextDeadline: Instant? {
        (phoneSystems.compactMap(\.lifecycle.nextDeadline) + outboxes.compactMap(\.nextDeadline)).min()
    }

    /// Over all Zammads.
    package var account: OutboxAccount { outboxes.reduce(OutboxAccount()) { $0 + $1.account } }

    package mutating func handle(_ input: Input, at now: Instant) -> Output {
        var output = step(input, at: now)
        output.change = takeChange()
        return output
    }

    // MARK: - Who is who

    /// The configured name for one that something else goes by: the one that has no name is the first, and a phone system is known by
    /// its instance too. `nil` if there is none such.
    private func index(of name: String) -> Int? {
        if let index = phoneSystems.firstIndex(where: { $0.name == name }) { return index }
        return name.isEmpty ? 0 : phoneSystems.firstIndex { $0.lifecycle.settings.instance == name }
    }

    package func phoneSystem(_ name: String) -> PhoneSystem? { index(of: name).map { phoneSystems[$0] } }

    private func configuredOutbox(_ name: String) -> Int? {
        outboxes.firstIndex { $0.settings.name == name } ?? (name.isEmpty ? 0 : nil)
    }

    /// The name of the Zammad that an event is for, as the configuration has it.
    package func zammad(of command: CallCommand) -> String { zammad(named: command.zammad) }

    /// As the configuration has the name of a Zammad; `nil` for the only one.
    package func zammad(named name: String?) -> String {
        let name = name ?? ""
        return configuredOutbox(name).map { outboxes[$0].settings.name } ?? name
    }

    /// A Zammad that is no longer configured gets an outbox in which its events wait.
    private mutating func outbox(_ name: String) -> Int {
        if let index = configuredOutbox(name) { return index }
        var settings = Outbox.Settings()
        settings.name = name
        var outbox = Outbox(settings: settings)
        outbox.retire()
        outboxes.append(outbox)
        return outboxes.count - 1
    }

    /// In place, with the ids going on where another outbox left off.
    private mutating func withOutbox<Result>(_ index: Int, _ body: (inout Outbox) -> Result) -> Result {
        outboxes[index].lastID = lastID
        defer { lastID = outboxes[index].lastID }
        return body(&outboxes[index])
    }

    // MARK: - Resuming

    private mutating func resumeEvents(_ saved: SavedCore, at now: Instant) -> [OutboxAction] {
        var actions: [OutboxAction] = []
        let parts = saved.parts { name in configuredOutbox(name).map { outboxes[$0].settings.name } ?? name }
        for (name, part) in parts.sorted(by: { $0.key < $1.key }) {
            if configuredOutbox(name) == nil, part.lanes.isEmpty, part.settled.isEmpty,
                part.tickets.isEmpty
            {
                moved.accounts.updateValue(nil, forKey: name)
                continue
            }
            let index = outbox(name)
            var part = part
            part.lastID = lastID
            let (resumed, begun) = Outbox.resuming(
                part, settings: outboxes[index].settings, isRetired: outboxes[index].isRetired, at: now)
            outboxes[index] = resumed
            lastID = resumed.lastID
            actions += begun
        }
        if saved.accounts[""] != nil, outboxes[0].settings.name != "" { hand("", overTo: outboxes[0]) }
        return actions
    }

    private mutating func hand(_ name: String, overTo heir: Outbox) {
        moved.accounts.updateValue(nil, forKey: name)
        moved.accounts.updateValue(heir.account, forKey: heir.settings.name)
    }

    private mutating func resumeCalls(_ saved: SavedCore, at now: Instant) -> [CallDecision] {
        var calls: [Int: [PBXCallID: CallState]] = [:]
        var orphans: [String: [PBXCallID: CallState]] = [:]
        for (key, state) in saved.calls {
            guard let index = index(of: key.phoneSystem) else {
                orphans[key.phoneSystem, default: [:]][key.id] = state
                continue
            }
            calls[index, default: [:]][key.id] = state
            move(key, state, to: phoneSystems[index].name)
        }
        for index in phoneSystems.indices {
            let known = calls[index] ?? [:]
            let settings = phoneSystems[index].lifecycle.settings
            phoneSystems[index].lifecycle = CallLifecycle(settings: settings, resuming: known, at: now)
            phoneSystems[index].unjudged = Set(known.keys)
        }
        return orphans.sorted { $0.key < $1.key }.flatMap { name, calls in
            var settings = phoneSystems[0].lifecycle.settings
            settings.name = name
            return abandon(CallLifecycle(settings: settings, resuming: calls, at: now), at: now)
        }
    }

    private mutating func move(_ key: CallKey, _ state: CallState, to name: String) {
        guard key.phoneSystem != name, state.isKept else { return }
        moved.calls.updateValue(nil, forKey: key)
        moved.calls.updateValue(state, forKey: CallKey(key.id, of: name))
    }

    /// Ends the calls of a phone system that nobody looks at any more: they must not stay open in Zammad for ever.
    private mutating func abandon(_ lifecycle: CallLifecycle, at now: Instant) -> [CallDecision] {
        var lifecycle = lifecycle
        let name = lifecycle.settings.name
        let before = lifecycle.calls
        var decisions = lifecycle.abandon(at: now)
        noteEndings(decisions, before, lifecycle.settings.numbers)
        for index in decisions.indices {
            decisions[index].reason = "its phone system is no longer in the configuration"
            decisions[index].phoneSystem = name.isEmpty ? nil : name
        }
        for (id, state) in lifecycle.takeChanges() { moved.calls.updateValue(state, forKey: CallKey(id, of: name)) }
        return decisions
    }

    private mutating func takeChange() -> CoreChange {
        var change = CoreChange()
        swap(&change, &moved)
        for index in phoneSystems.indices {
            let name = phoneSystems[index].name
            for (id, state) in phoneSystems[index].lifecycle.takeChanges() {
                change.calls.updateValue(state, forKey: CallKey(id, of: name))
            }
        }
        for index in outboxes.indices { outboxes[index].takeChanges(into: &change) }
        change.lastID = lastID
        return change
    }

    // MARK: - One input

    private mutating func step(_ input: Input, at now: Instant) -> Output {
        var output = Output()
        switch input {
        case .looked(let snapshot, let name):
            guard let index = index(of: name) else { break }
            deliver(look(snapshot, index, at: now), into: &output, at: now)
        case .lookFailed(let name):
            guard let index = index(of: name) else { break }
            phoneSystems[index].unreadable.lookFailed()
            deliver(tell(.viewLost, index, at: now), into: &output, at: now)
        case .attemptFinished(let id, let outcome, let jitter):
            guard let index = outboxes.firstIndex(where: { $0.hasUnderWay(id) }) else { break }
            output.actions = withOutbox(index) { $0.attemptFinished(id, outcome, jitter: jitter, at: now) }
            output.actions += drops(after: output.actions, outboxes[index].settings)
        case .ticketStepFinished(let attempt, let outcome, let jitter):
            guard let index = outboxes.firstIndex(where: { $0.desk.hasUnderWay(attempt.id) }) else { break }
            output.actions = withOutbox(index) {
                $0.ticketStepFinished(outcome, of: attempt.call.callID, jitter: jitter, at: now)
            }
        case .timePassed:
            let decisions = phoneSystems.indices.flatMap { tell(.timePassed, $0, at: now) }
            deliver(decisions, into: &output, at: now)
            for index in outboxes.indices { output.actions += withOutbox(index) { $0.timePassed(at: now) } }
        case .retryRequested(let id):
            for index in outboxes.indices { output.actions += withOutbox(index) { $0.retry(id, at: now) } }
        case .dropRequested(let id):
            for index in outboxes.indices {
                output.actions += withOutbox(index) { $0.drop(id, reason: "by the operator", at: now) }
            }
        case .settingsChanged(let calls, let delivery):
            change(to: delivery, into: &output, at: now)
            deliver(change(to: calls, at: now), into: &output, at: now)
        case .stopping:
            isStopping = true
            for index in outboxes.indices { outboxes[index].stop() }
        }
        return output
    }

    /// Feeds one phone system's machine.
    private mutating func tell(_ input: CallLifecycle.Input, _ index: Int, at now: Instant) -> [CallDecision] {
        let before = makesTickets ? phoneSystems[index].lifecycle.calls : [:]
        var decisions = phoneSystems[index].lifecycle.handle(input, at: now)
        noteEndings(decisions, before, phoneSystems[index].lifecycle.settings.numbers)
        let name = phoneSystems[index].name
        if !name.isEmpty {
            for decision in decisions.indices { decisions[decision].phoneSystem = name }
        }
        return decisions
    }

    private mutating func look(_ snapshot: CallSnapshot, _ index: Int, at now: Instant) -> [CallDecision] {
        let before = phoneSystems[index].view ?? CallSnapshot(takenAt: snapshot.takenAt, calls: [])
        let after = phoneSystems[index].unreadable.settle(
            snapshot, after: before, unjudged: phoneSystems[index].unjudged, at: now)
        var diff = SnapshotDiff(from: before, to: after)
        phoneSystems[index].view = after
        // What an earlier process knew is compared with the first look that shows all.
        if after.isComplete, !phoneSystems[index].unjudged.isEmpty {
            let unseen = phoneSystems[index].unjudged.subtracting(after.calls.map(\.id))
            let held = unseen.intersection(phoneSystems[index].unreadable.held)
            diff.vanished += unseen.subtracting(held).sorted()
            phoneSystems[index].unjudged = held
        }
        guard after.isComplete else {
            return tell(.viewLost, index, at: now) + tell(.observed(diff), index, at: now)
        }
        return tell(.viewRestored, index, at: now) + tell(.observed(diff), index, at: now)
    }

    /// Blocked callers of whom Zammad has just told are to be dropped, where that is wanted.
    private mutating func drops(after actions: [OutboxAction], _ settings: Outbox.Settings) -> [OutboxAction] {
        guard settings.dropsBlockedCallers else { return [] }
        return actions.compactMap(\.blockedCall).compactMap { callID in
            for index in phoneSystems.indices {
                guard var drop = phoneSystems[index].lifecycle.askToDrop(callID) else { continue }
                let name = phoneSystems[index].name
                drop.phoneSystem = name.isEmpty ? nil : name
                return .dropCall(drop)
            }
            return nil
        }
    }

    private mutating func deliver(_ decisions: [CallDecision], into output: inout Output, at now: Instant) {
        output.decisions += decisions
        var commands: [(outbox: Int, commands: [CallCommand])] = []
        for command in decisions.lazy.flatMap(\.commands) {
            let index = outbox(command.zammad ?? "")
            if let place = commands.firstIndex(where: { $0.outbox == index }) {
                commands[place].commands.append(command)
            } else {
                commands.append((index, [command]))
            }
        }
        for (index, commands) in commands {
            output.actions += withOutbox(index) { $0.enqueue(commands, at: now) }
        }
        // After its last event, which must not wait for a ticket.
        let ended = endings
        endings = []
        for call in ended {
            let index = outbox(call.zammad ?? "")
            output.actions += withOutbox(index) { $0.callEnded(call, at: now) }
        }
    }

    // MARK: - Tickets

    private var makesTickets: Bool { outboxes.contains { $0.desk.settings.creation != .off } }

    /// `before`: the calls as they were.
    private mutating func noteEndings(
        _ decisions: [CallDecision], _ before: [PBXCallID: CallState], _ numbers: NumberPlan
    ) {
        guard !before.isEmpty, makesTickets else { return }
        endings += decisions.compactMap { EndedCall($0, after: before[$0.pbxCallID], numbers: numbers) }
    }

    // MARK: - Other settings

    private mutating func change(to delivery: [Outbox.Settings], into output: inout Output, at now: Instant) {
        guard !delivery.isEmpty else { return }
        var before = outboxes
        outboxes = Self.heirs(of: before.map(\.settings.name), among: delivery.map(\.name)).enumerated().map {
            guard let index = $1 else {
                var outbox = Outbox(settings: delivery[$0])
                if isStopping { outbox.stop() }
                return outbox
            }
            return before[index]
        }
        for (index, settings) in delivery.enumerated() {
            let name = outboxes[index].settings.name
            before.removeAll { $0.settings.name == name }
            output.actions += withOutbox(index) { $0.change(to: settings, at: now) }
            if name != settings.name { hand(name, overTo: outboxes[index]) }
        }
        for var outbox in before {
            // One that is no longer wanted goes with its last event.
            guard outbox.hasLanes || !outbox.settled.isEmpty else {
                moved.accounts.updateValue(nil, forKey: outbox.settings.name)
                continue
            }
            outbox.retire()
            outboxes.append(outbox)
        }
    }

    private mutating func change(to calls: [CallLifecycle.Settings], at now: Instant) -> [CallDecision] {
        guard !calls.isEmpty else { return [] }
        let before = phoneSystems
        let heirs = Self.heirs(of: before.map(\.name), among: calls.map(\.name))
        phoneSystems = zip(calls, heirs).map { settings, index in
            guard let index else { return PhoneSystem(lifecycle: CallLifecycle(settings: settings)) }
            var system = before[index]
            system.lifecycle.settings = settings
            return system
        }
        for (settings, index) in zip(calls, heirs) {
            guard let index else { continue }
            for (id, state) in before[index].lifecycle.calls {
                move(CallKey(id, of: before[index].name), state, to: settings.name)
            }
        }
        return before.indices.filter { !heirs.contains($0) }.flatMap { abandon(before[$0].lifecycle, at: now) }
    }

    /// For each name what went by it before; what had no name gets that of the first, if none is without.
    private static func heirs(of before: [String], among names: [String]) -> [Int?] {
        var heirs = names.map { before.firstIndex(of: $0) }
        if let first = heirs.first, first == nil, !names.contains("") { heirs[0] = before.firstIndex(of: "") }
        return heirs
    }
}

/// Where there is one of each.
extension BridgeCore {
    package var lifecycle: CallLifecycle { phoneSystems[0].lifecycle }
    package var view: CallSnapshot? { phoneSystems[0].view }
    package var outbox: Outbox { outboxes[0] }
}
