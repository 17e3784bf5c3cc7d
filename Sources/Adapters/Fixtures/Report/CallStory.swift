import Domain

/// One call of a replay over time: who rang, who talked, and what Zammad was told.
struct CallStory: Sendable {
    /// What somebody does for a while.
    struct Span: Equatable, Sendable {
        enum Kind: String, Sendable {
            case ringing
            case waiting
            case talking
            case voicemail
            case other
        }

        var kind: Kind
        /// Milliseconds since the start.
        var from: Int64
        var to: Int64
    }

    struct Lane: Equatable, Sendable {
        var dn: String
        var name: String?
        var role: LegRole
        var spans: [Span]
    }

    let id: PBXCallID
    let phoneSystem: PhoneSystemName
    var direction: CallDirection?
    var number: String?
    var lanes: [Lane] = []
    var decisions: [(at: Int64, decision: CallDecision)] = []
    /// When the phone system showed it.
    var from: Int64
    var to: Int64

    /// All calls of a replay, in the order in which they appear.
    static func calls(of result: FixtureReplay.Result, end: Int64) -> [CallStory] {
        var stories: [CallStory] = []
        var places: [CallKey: Int] = [:]
        func place(_ key: CallKey, _ at: Int64) -> Int {
            if let place = places[key] { return place }
            places[key] = stories.count
            stories.append(CallStory(id: key.id, phoneSystem: key.phoneSystem, from: at, to: at))
            return stories.count - 1
        }
        for (index, sighting) in result.sightings.enumerated() {
            let next = result.sightings[(index + 1)...].first { $0.phoneSystem == sighting.phoneSystem }
            let until = next?.at ?? max(end, sighting.at)
            for call in sighting.calls {
                let place = place(CallKey(call.id, of: sighting.phoneSystem), sighting.at)
                stories[place].see(call, from: sighting.at, to: until)
            }
        }
        for moment in result.moments {
            guard case .decision(let decision) = moment.kind else { continue }
            let key = CallKey(decision.pbxCallID, of: decision.phoneSystem)
            let place = place(key, moment.at)
            stories[place].decisions.append((at: moment.at, decision: decision))
            stories[place].direction = decision.direction ?? stories[place].direction
            stories[place].number = decision.externalNumber ?? stories[place].number
        }
        return stories
    }

    private mutating func see(_ call: ObservedCall, from start: Int64, to end: Int64) {
        direction = direction ?? call.direction
        number = number ?? call.external?.number
        to = max(to, end)
        for leg in call.legs {
            let kind = Span.Kind(leg)
            let place = lanes.firstIndex { $0.dn == leg.dn && $0.role == leg.role } ?? lanes.count
            if place == lanes.count { lanes.append(Lane(dn: leg.dn, role: leg.role, spans: [])) }
            lanes[place].name = leg.name ?? lanes[place].name
            if let last = lanes[place].spans.last, last.kind == kind, last.to == start {
                lanes[place].spans[lanes[place].spans.count - 1].to = end
            } else {
                lanes[place].spans.append(Span(kind: kind, from: start, to: end))
            }
        }
    }

    /// Zammad's ids of this call; it gets another with `transfers: split`, and when the phone system uses its id again.
    var callIDs: Set<CallID> { Set(decisions.flatMap { $0.decision.commands.map(\.callID) }) }

    func isTold(by request: ExpectedRequest) -> Bool {
        let text = request.payload.callID.text
        return callIDs.contains(request.payload.callID)
            || (phoneSystem == .default ? text.contains("-\(id.text)-") : text.hasPrefix("\(phoneSystem)-\(id.text)-"))
    }
}

extension CallStory.Span.Kind {
    fileprivate init(_ leg: CallLeg) {
        switch (leg.role, leg.state) {
        case (.voicemail, _): self = .voicemail
        case (_, .ringing), (_, .dialing): self = .ringing
        case (.agent, .connected): self = .talking
        case (.queue, .connected), (.ivr, .connected), (.ringGroup, .connected): self = .waiting
        case (_, .connected), (_, .transferring), (_, .other): self = .other
        }
    }
}
