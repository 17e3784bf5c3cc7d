/// The whole core: polls of the PBXs go in, requests to the Zammads come out.
///
/// The daemon, the replay of fixtures and the tests drive this one machine; it reads no clock and does no I/O. Each
/// phone system has calls of its own, each Zammad queues of its own, so that one which is away holds up no other. The
/// core itself only routes.
package struct BridgeCore: Equatable, Sendable, Encodable {
    /// A fact that the core is told.
    package enum Input: Equatable, Sendable {
        case polled(CallSnapshot, at: PhoneSystemName = .default)
        /// A poll failed: nothing is known, so that nothing changes but that graces stand still.
        case pollFailed(at: PhoneSystemName = .default)
        /// `jitter`: a random number in 0 ..< 1.
        case attemptFinished(DeliveryAttempt.ID, DeliveryOutcome, jitter: Double)
        /// `jitter`: as before.
        case ticketStepFinished(TicketAttempt, TicketOutcome, jitter: Double)
        case timePassed
        /// The operator wants a dead letter, an unconfirmed event or a ticket that was given up tried again.
        case retryRequested(OutboxEvent.ID)
        /// The operator gives one up for good.
        case dropRequested(OutboxEvent.ID)
        /// The operator has changed the configuration: these are the phone systems and Zammads from now on.
        case settingsChanged(calls: [CallLifecycle.Settings], delivery: [Zammad.Settings])
        /// No new attempts from now on.
        case stopping
    }

    /// In the order of the configuration; never empty.
    package internal(set) var phoneSystems: [PhoneSystem]
    /// Those that are configured, in their order, and then those that were and still have events or calls; never empty.
    package internal(set) var zammads: [Zammad]
    /// Changes left by phone systems and Zammads that were removed or renamed.
    var moved = CoreChange()
    /// The last id of an event, an attempt or a ticket in any Zammad.
    var lastID = 0
    var isStopping = false

    /// Without any, there is one of each, by the default name.
    package init(calls: [CallLifecycle.Settings] = [], delivery: [Zammad.Settings] = []) {
        phoneSystems = (calls.isEmpty ? [CallLifecycle.Settings()] : calls).map(PhoneSystem.init)
        zammads = (delivery.isEmpty ? [Zammad.Settings()] : delivery).map(Zammad.init)
    }

    package var nextDeadline: Instant? {
        (phoneSystems.compactMap(\.lifecycle.nextDeadline) + zammads.compactMap(\.nextDeadline)).min()
    }

    /// Over all Zammads.
    package var account: EventAccount { zammads.reduce(EventAccount()) { $0 + $1.account } }

    package mutating func handle(_ input: Input, at now: Instant) -> Output {
        var output = Output()
        switch input {
        case .polled(let snapshot, let name):
            guard let index = index(of: name) else { break }
            route(phoneSystems[index].polled(snapshot, at: now), into: &output, at: now)
        case .pollFailed(let name):
            guard let index = index(of: name) else { break }
            route(phoneSystems[index].pollFailed(at: now), into: &output, at: now)
        case .attemptFinished(let id, let outcome, let jitter):
            guard let index = zammads.firstIndex(where: { $0.events.underWay(id) != nil }) else { break }
            let blocked = zammads[index].events.blockedCall(attempt: id, outcome)
            tell(index, &output) { $0.attemptFinished(id, outcome, jitter: jitter, at: now) }
            if let blocked { askToEnd(blocked, into: &output) }
        case .ticketStepFinished(let attempt, let outcome, let jitter):
            guard let index = zammads.firstIndex(where: { $0.tickets.hasUnderWay(attempt.id) }) else { break }
            tell(index, &output) {
                $0.ticketStepFinished(outcome, of: attempt.call.callID, jitter: jitter, at: now)
            }
        case .timePassed:
            var all = PhoneSystem.Output()
            for index in phoneSystems.indices { all += phoneSystems[index].timePassed(at: now) }
            route(all, into: &output, at: now)
            for index in zammads.indices { tell(index, &output) { $0.timePassed(at: now) } }
        case .retryRequested(let id):
            for index in zammads.indices { tell(index, &output) { $0.retry(id, at: now) } }
        case .dropRequested(let id):
            for index in zammads.indices { tell(index, &output) { $0.drop(id, reason: "by the operator", at: now) } }
        case .settingsChanged(let calls, let delivery):
            change(to: delivery, into: &output, at: now)
            route(change(to: calls, at: now), into: &output, at: now)
        case .stopping:
            isStopping = true
            for index in zammads.indices { zammads[index].stop() }
        }
        output.change = takeChange()
        return output
    }

    // MARK: - Who is who

    /// The phone system of this name. After a renaming the old name still finds it: the default name finds the first,
    /// and an instance's name the one with that instance. `nil` if none fits.
    func index(of name: PhoneSystemName) -> Int? {
        if let index = phoneSystems.firstIndex(where: { $0.name == name }) { return index }
        return name == .default ? 0 : phoneSystems.firstIndex { $0.lifecycle.settings.instance == name.text }
    }

    func index(of name: ZammadName) -> Int? {
        zammads.firstIndex { $0.name == name } ?? (name == .default ? 0 : nil)
    }

    // MARK: - Routing

    /// Gives each Zammad what it is to be told of calls.
    mutating func route(_ calls: PhoneSystem.Output, into output: inout Output, at now: Instant) {
        output.news += calls.decisions.map(News.decided)
        var commands: [(zammad: Int, commands: [CallCommand])] = []
        for command in calls.decisions.lazy.flatMap(\.commands) {
            let index = zammad(command.zammad)
            if let place = commands.firstIndex(where: { $0.zammad == index }) {
                commands[place].commands.append(command)
            } else {
                commands.append((index, [command]))
            }
        }
        for (index, commands) in commands { tell(index, &output) { $0.enqueue(commands, at: now) } }
        // After its last event, which must not wait for a ticket.
        for call in calls.ended { tell(zammad(call.zammad), &output) { $0.callEnded(call, at: now) } }
        output.news += calls.sightings.map(News.sighted)
    }

    /// In place, with the ids going on where another Zammad left off.
    mutating func tell(_ index: Int, _ output: inout Output, _ body: (inout Zammad) -> Output) {
        zammads[index].lastID = lastID
        output += body(&zammads[index])
        lastID = zammads[index].lastID
    }

    /// Asks the PBX to end the call of a blocked caller, unless it is over already or was answered.
    private mutating func askToEnd(_ callID: CallID, into output: inout Output) {
        for index in phoneSystems.indices {
            guard let drop = phoneSystems[index].lifecycle.askToDrop(callID) else { continue }
            output.news.append(.dropCall(drop))
            output.effects.append(.endCall(drop))
            return
        }
    }

    mutating func takeChange() -> CoreChange {
        var change = CoreChange()
        swap(&change, &moved)
        for index in phoneSystems.indices { phoneSystems[index].takeChanges(into: &change) }
        for index in zammads.indices { zammads[index].takeChanges(into: &change) }
        change.lastID = lastID
        return change
    }
}
