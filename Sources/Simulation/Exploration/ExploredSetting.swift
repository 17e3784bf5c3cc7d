import Domain

/// Which office is explored, and how much can happen in it: with all that 3CX can show Zammad takes everything at once,
/// and with all that Zammad can answer 3CX shows little. Both together are more than can be tried.
package enum ExploredSetting: String, CaseIterable, Sendable {
    /// A source that lists whole calls: no grace.
    case inbound
    /// A source that lists legs, and a new row in Zammad for each agent.
    case inboundLegs = "inbound-legs"
    case outbound
    /// Few sights of inbound calls, and every reply of Zammad.
    case deliveries

    var sightings: [ExploredInput.Sighting] {
        let all = ExploredInput.Sighting.allCases
        return switch self {
        case .deliveries: [.absent, .ringing, .first]
        case .inbound: all.filter { $0 != .dialled }
        case .inboundLegs: all.filter { $0 != .dialled && $0 != .turned }
        case .outbound: all.filter { $0 != .turned }
        }
    }

    /// What becomes of a request; with none every one is taken at once.
    var replies: [ExploredInput.Reply] { self == .deliveries ? ExploredInput.Reply.allCases : [] }

    var calls: CallLifecycle.Settings {
        var settings = CallLifecycle.Settings()
        if self == .inboundLegs { settings.transfers = .split }
        settings.helpdesks[.default] = .init(logMissedQueueCalls: true)
        return settings
    }

    var listsLegs: Bool { self == .inboundLegs }

    /// What a poll shows of the call with this number; `nil` for nothing.
    func call(_ number: Int, _ sighting: ExploredInput.Sighting) -> ObservedCall? {
        let id = PBXCallID("\(number)")
        func leg(_ dn: String, _ role: LegRole, _ state: LegState) -> CallLeg {
            CallLeg(dn: dn, role: role, state: state, isMonitored: true)
        }
        func external(_ digits: String, _ legs: [CallLeg], isOut: Bool? = nil, isRouted: Bool = false) -> ObservedCall {
            ObservedCall(
                id: id, direction: isOut ?? (self == .outbound) ? .outbound : .inbound,
                external: ExternalParty(number: digits), isRouted: isRouted, legs: legs)
        }
        let rings: LegState = self == .outbound ? .dialing : .ringing
        let known = "0301000\(number)"
        switch sighting {
        case .absent: return nil
        case .ignored: return ObservedCall(id: id, direction: .internal, legs: [leg("101", .agent, .connected)])
        case .waiting: return external(known, [leg("80", .queue, .connected)])
        case .dialled: return external("9\(known)", [leg("101", .agent, rings)], isRouted: true)
        case .ringing: return external(known, [leg("101", .agent, rings), leg("102", .agent, rings)])
        case .first: return external(known, [leg("101", .agent, .connected)])
        case .second: return external(known, [leg("102", .agent, .connected)])
        case .turned: return external(known, [leg("102", .agent, .connected)], isOut: self != .outbound)
        case .voicemail: return external(known, [leg("101", .voicemail, .connected)])
        case .another: return external("0302000\(number)", [leg("101", .agent, rings)])
        }
    }
}
