/// What one look says about one call, in the terms of the transition table.
struct CallAssessment {
    let input: TransitionTable.Input
    /// Why the call is of no interest, where `input` is `irrelevant`.
    let irrelevance: UntrackedReason?
    /// The connected agent: the one from before if still connected, else the first, monitored ones preferred.
    let answeringAgent: Station?
    /// Agents that ring or, for an outbound call, the one who calls.
    let ringingAgents: [Station]
    /// The Zammad that gets a call which is not reported yet; `nil` for the only one.
    let zammad: String?

    init(of call: ObservedCall, in state: CallState?, settings: CallLifecycle.Settings) {
        let connected = call.legs.filter { $0.role == .agent && $0.state == .connected }
        let current = state?.currentAgent
        let agent = connected.first { $0.dn == current } ?? connected.first { $0.isMonitored } ?? connected.first
        answeringAgent = agent.map(Station.init)
        ringingAgents = call.legs.filter { $0.role == .agent && $0.state != .connected }.map(Station.init)

        if let state, let reported = state.reported, reported.isAnotherCall(call) {
            input = .anotherCall
            irrelevance = nil
            zammad = nil
            return
        }
        var irrelevance = Self.irrelevance(of: call, settings)
        zammad = state?.reported == nil && irrelevance == nil ? settings.zammad(for: call, &irrelevance) : nil
        self.irrelevance = irrelevance
        let isFollowed = state?.reported != nil
        if irrelevance != nil, !isFollowed {
            input = .irrelevant
        } else if let agent {
            input = current == nil || current == agent.dn ? .agentConnected : .otherAgentConnected
        } else if call.legs.contains(where: { $0.role == .voicemail && $0.state == .connected }) {
            input = .voicemailConnected
        } else {
            input = irrelevance == nil ? .ringing : .irrelevant
        }
    }

    /// Whom `newCall` names.
    var involvedAgents: [Station] {
        answeringAgent.map { [$0] } ?? ringingAgents
    }

    private static func irrelevance(of call: ObservedCall, _ settings: CallLifecycle.Settings) -> UntrackedReason? {
        switch call.direction {
        case .internal: .internalCall
        case nil: .directionUnknown
        case .inbound, .outbound:
            call.legs.contains(where: \.isMonitored)
                ? settings.filter.objection(to: call, settings.numbers) : .noMonitoredDN
        }
    }
}

extension CallLifecycle.Settings {
    /// Who gets a call, or why nobody does.
    fileprivate func zammad(for call: ObservedCall, _ irrelevance: inout UntrackedReason?) -> String? {
        guard let zammad = routing.zammad(for: call, of: instance, numbers: numbers) else {
            irrelevance = .noZammad
            return nil
        }
        return zammad.isEmpty ? nil : zammad
    }
}

extension CallState {
    /// The agent who has the call, also while it lingers.
    var currentAgent: String? {
        switch self {
        case .live(_, .answered(let agent)), .lingering(_, .answered(let agent), _, _): agent.dn
        default: nil
        }
    }
}

extension Station {
    init(_ leg: CallLeg) {
        self.init(dn: leg.dn, name: DisplayName.clean(leg.name))
    }
}
