/// How a call's facts fill the fields of Zammad's events.
extension ReportedCall {
    /// A call that is reported for the first time.
    init(_ call: ObservedCall, _ seen: CallAssessment, settings: CallLifecycle.Settings, at now: Instant) {
        let direction: CallCommand.Direction = call.direction == .outbound ? .outbound : .inbound
        let queue = call.station(.queue)
        let agent = seen.answeringAgent ?? seen.ringingAgents.first
        // An inbound call is filed under the queue while it waits there, so that Zammad's caller log filter treats it
        // alike whether or not an agent rang when it was first seen.
        let announced =
            direction == .outbound
            ? agent ?? call.legs.first(where: \.isMonitored).map(Station.init)
            : seen.answeringAgent ?? queue ?? call.station(.ringGroup) ?? agent ?? call.legs.first.map(Station.init)
        self.init(
            callID: CallID(instance: settings.instance, pbxCallID: call.id, firstSeen: now),
            firstSeen: now,
            direction: direction,
            externalNumber: call.externalNumber,
            queue: queue,
            announced: announced ?? Station(dn: NumberPlan.anonymous),
            zammad: seen.zammad ?? .default
        )
        externalName = DisplayName.clean(call.external?.name)
        isNumberDialled = call.isRouted ? true : nil
    }

    /// What a later snapshot adds: the number that was hidden at first, or that of the line in place of the one that
    /// was dialled; a name; a queue that the call has reached.
    struct Addition: Equatable {
        var externalNumber: String?
        var externalName: String?
        var queue: Station?
    }

    /// `nil` if a snapshot adds nothing.
    func addition(in call: ObservedCall) -> Addition? {
        let isOpen = externalNumber == nil || (isNumberDialled == true && !call.isRouted)
        let addition = Addition(
            externalNumber: isOpen ? call.externalNumber : nil,
            externalName: externalName == nil ? DisplayName.clean(call.external?.name) : nil,
            queue: queue == nil ? call.station(.queue) : nil)
        return addition == Addition() ? nil : addition
    }

    mutating func learn(_ addition: Addition) {
        if let number = addition.externalNumber { (externalNumber, isNumberDialled) = (number, nil) }
        externalName = externalName ?? addition.externalName
        queue = queue ?? addition.queue
    }

    /// Whether a snapshot shows a different call under the same PBX id. With the same party it is the same one,
    /// whichever way it is shown: the PBX swaps caller and callee of a row when an agent hands a call over.
    func isAnotherCall(_ call: ObservedCall, _ numbers: NumberPlan) -> Bool {
        // Most snapshots show what the first one did.
        if let externalNumber, externalNumber == call.external?.number { return false }
        guard let externalNumber, let number = call.externalNumber else {
            return onlyOneHasNumber(call) && goesTheOtherWay(call)
        }
        // By its rules the PBX may turn what was dialled into any number.
        if isNumberDialled == true, call.direction == .outbound { return false }
        return !numbers.sameParty(externalNumber, number)
    }

    private func onlyOneHasNumber(_ call: ObservedCall) -> Bool {
        (externalNumber == nil) != (call.externalNumber == nil)
    }

    private func goesTheOtherWay(_ call: ObservedCall) -> Bool {
        guard !call.directionIsGuess, hasMoved == nil else { return false }
        return call.direction == (direction == .inbound ? .outbound : .inbound)
    }

    /// Whether a call shows this one's external party; an unknown number can be anybody's.
    func hasParty(of call: ObservedCall, _ numbers: NumberPlan) -> Bool {
        guard let externalNumber, let number = call.externalNumber else { return false }
        return numbers.sameParty(externalNumber, number)
    }

    /// The row continues under a new id, as another agent's call.
    mutating func split(to agent: Station, instance: String, pbxCallID: PBXCallID, at now: Instant) {
        firstSeen = max(now, Instant(milliseconds: firstSeen.milliseconds + 1))
        callID = CallID(instance: instance, pbxCallID: pbxCallID, firstSeen: firstSeen)
        announced = agent
        queue = nil
    }

    /// `agents`: who rings, who has answered already, or who calls out; empty while nobody does.
    func newCall(_ settings: CallLifecycle.Settings, agents: [Station], at now: Instant) -> CallCommand {
        command(
            .newCall, settings, station: announced, at: now,
            users: agents.isEmpty ? [announced.label] : DisplayName.fitting(agents.map(\.label)),
            answeringNumber: agents.count == 1 ? agents[0].dn : nil
        )
    }

    func answer(_ settings: CallLifecycle.Settings, _ phase: CallPhase, at now: Instant) -> CallCommand {
        guard case .answered(let agent) = phase else {
            // Zammad keeps an entry answered by exactly this name as a to-do.
            return command(
                .answer, settings, station: announced, at: now,
                users: direction == .inbound ? [CallCommand.voicemail] : [])
        }
        var answer = command(
            .answer, settings, station: agent, at: now,
            users: direction == .inbound ? [agent.label] : [], answeringNumber: agent.dn
        )
        answer.userID = settings.helpdesk(zammad).agentUserIDs[agent.dn]
        return answer
    }

    /// `cause`: `nil` for the one that follows from how the call went.
    func hangup(
        _ settings: CallLifecycle.Settings, _ phase: CallPhase, cause: HangupCause?, at now: Instant
    ) -> CallCommand {
        let derived: HangupCause
        var station = announced
        switch phase {
        case .answered(let agent):
            derived = .normalClearing
            station = agent
        case .voicemail:
            derived = .voicemail
        case .ringing:
            let isMissedQueueCall = queue != nil && direction == .inbound
            derived = isMissedQueueCall && !settings.helpdesk(zammad).logMissedQueueCalls ? .forwarded : .cancel
            if isMissedQueueCall, let queue { station = queue }
        }
        return command(
            .hangup, settings, station: station, at: now, answeringNumber: station.dn, cause: cause ?? derived
        )
    }

    private func command(
        _ event: CallCommand.Event,
        _ settings: CallLifecycle.Settings,
        station: Station,
        at now: Instant,
        users: [String] = [],
        answeringNumber: String? = nil,
        cause: HangupCause? = nil
    ) -> CallCommand {
        let external = settings.numbers.reported(externalNumber)
        var command = CallCommand(
            event: event,
            callID: callID,
            at: now,
            direction: direction,
            from: direction == .inbound ? external : station.dn,
            to: direction == .inbound ? station.dn : external,
            users: users,
            answeringNumber: answeringNumber,
            queue: settings.helpdesk(zammad).sendQueue ? queue?.dn : nil,
            cause: cause
        )
        command.zammad = zammad
        return command
    }
}

extension ObservedCall {
    /// As the PBX shows it; `nil` also for a text that is no number, such as `anonymous`: it tells no two parties
    /// apart.
    var externalNumber: String? {
        external?.number.flatMap { NumberPlan.compact($0) == nil ? nil : $0 }
    }

    /// The first DN of a role.
    func station(_ role: LegRole) -> Station? {
        legs.first { $0.role == role }.map(Station.init)
    }
}
