/// What one snapshot says about one call.
struct CallAssessment {
    let input: CallTransition.Input
    /// Why the call is of no interest, where `input` is `irrelevant`.
    let irrelevance: IgnoredReason?
    /// The connected agent: the one from before if still connected, else the first, monitored ones preferred.
    let answeringAgent: Station?
    /// The Zammad that gets a call which is not reported yet; `nil` for one that is reported, or of no interest.
    let zammad: ZammadName?
    let legs: [CallLeg]

    /// Agents that ring or, for an outbound call, the one who calls.
    var ringingAgents: [Station] {
        legs.filter { $0.role == .agent && $0.state != .connected }.map(Station.init)
    }

    /// Whom `newCall` names.
    var involvedAgents: [Station] {
        answeringAgent.map { [$0] } ?? ringingAgents
    }
}

extension CallLifecycle.Settings {
    /// What a snapshot says about a call of which this is known; `nil` for one that is not reported.
    ///
    /// `mayWait`: whether an outgoing call without a line, or without a number on it, may go on untold.
    func assess(_ call: ObservedCall, _ known: CallState.Known?, mayWait: Bool = true) -> CallAssessment {
        let call = call.isRouted ? call.unanswered : call
        let current = known?.phase.agent?.dn
        let agent = call.connectedAgent(preferring: current)
        func assessment(
            _ input: CallTransition.Input, _ irrelevance: IgnoredReason? = nil, zammad: ZammadName? = nil
        ) -> CallAssessment {
            CallAssessment(
                input: input, irrelevance: irrelevance, answeringAgent: agent.map(Station.init), zammad: zammad,
                legs: call.legs)
        }

        if let known {
            if known.reported.isAnotherCall(call, numbers) { return assessment(.anotherCall) }
            if call.direction == .internal { return assessment(.turnedInternal) }
            // A reported call is followed to its end, also where no rule would report it now.
            if let agent {
                return assessment(current == nil || current == agent.dn ? .agentConnected : .otherAgentConnected)
            }
        }
        var irrelevance = irrelevance(of: call)
        var zammad: ZammadName?
        if known == nil, irrelevance == nil {
            zammad = routing.zammad(for: call, of: instance, numbers: numbers)
            if zammad == nil { irrelevance = .noZammad }
        }
        let input: CallTransition.Input =
            if irrelevance != nil, known == nil {
                .irrelevant
            } else if agent != nil {
                .agentConnected
            } else if call.legs.contains(where: { $0.role == .voicemail && $0.state == .connected }) {
                .voicemailConnected
            } else if irrelevance != nil {
                .irrelevant
            } else if known == nil, mayWait, call.awaitsNumber {
                .routed
            } else {
                .ringing
            }
        return assessment(input, irrelevance, zammad: zammad)
    }

    private func irrelevance(of call: ObservedCall) -> IgnoredReason? {
        switch call.direction {
        case .internal: .internalCall
        case nil: .directionUnknown
        case .inbound, .outbound:
            call.legs.contains(where: \.isMonitored) ? filter.objection(to: call, numbers) : .noMonitoredDN
        }
    }
}

extension ObservedCall {
    /// While there is no line nobody outside has answered: an agent's phone that is connected has been lifted for a
    /// call by a click, or plays a prompt.
    fileprivate var unanswered: ObservedCall {
        var call = self
        for index in legs.indices where legs[index].role == .agent && legs[index].state == .connected {
            call.legs[index].state = .dialing
        }
        return call
    }

    /// The connected agent: the one with this DN, else the first, monitored ones preferred.
    fileprivate func connectedAgent(preferring dn: String?) -> CallLeg? {
        var found: CallLeg?
        for leg in legs where leg.role == .agent && leg.state == .connected {
            if leg.dn == dn { return leg }
            guard let other = found, other.isMonitored || !leg.isMonitored else {
                found = leg
                continue
            }
        }
        return found
    }
}

extension Station {
    init(_ leg: CallLeg) {
        self.init(dn: leg.dn, name: DisplayName.clean(leg.name))
    }
}
