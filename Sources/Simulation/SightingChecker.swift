import Domain

/// What the bridge was shown of each true call, put together from the world's own knowledge of which row is whose: it
/// needs neither ids nor graces to tell calls apart.
struct SightingChecker: Sendable {
    /// A call that may rightly have become several rows in Zammad.
    struct Split: Sendable {
        var prefix: String
        var during: ClosedRange<Int64>
    }

    private struct Sighting: Sendable {
        var id: PBXCallID
        var first: ObservedCall
        var firstSeen: Instant
        var lastSeen: Instant
        var zammad: Int
        var agents: Set<String> = []
        var metVoicemail = false
        var metQueue = false
        var missingSince: Instant?
        /// While the row shows agents alone.
        var internalSince: Instant?
        /// Was not to be seen for longer than the grace, although it went on.
        var wasLongMissing = false
    }

    private let pbx: SimulatedPBX
    private let settings: CallLifecycle.Settings
    private let routing: SimulatedRouting
    private var sightings: [Int: Sighting] = [:]
    /// Calls that show no line yet, as last seen, and since when they wait for one.
    private var dialled: [Int: (row: ObservedCall, since: Instant)] = [:]
    /// Calls that are none of the helpdesk's yet, as first seen: turned round later, they still go that way.
    private var firstSeen: [Int: ObservedCall] = [:]

    init(pbx: SimulatedPBX, settings: CallLifecycle.Settings, routing: SimulatedRouting) {
        self.pbx = pbx
        self.settings = settings
        self.routing = routing
    }

    /// A poll that the bridge has kept.
    mutating func accepted(_ poll: SimulatedPBX.Poll, at now: Instant) {
        if poll.snapshot.isComplete {
            let shown = Set(poll.shown.map(\.call))
            for (index, sighting) in sightings where !shown.contains(index) && sighting.missingSince == nil {
                sightings[index]?.missingSince = now
            }
            firstSeen = firstSeen.filter { shown.contains($0.key) }
            for (index, call) in dialled where !shown.contains(index) {
                tell(index, call.row, at: now)
                sightings[index]?.missingSince = now
            }
        }
        let grace = pbx.listsLegs ? settings.legGrace : settings.grace
        for (index, shown) in poll.shown {
            let row = sightings[index] == nil ? straightened(shown, index) : shown
            if row.awaitsNumber, sightings[index] == nil {
                if arrival(row, at: now) != nil { dialled[index] = (row, dialled[index]?.since ?? now) }
                continue
            }
            dialled[index] = nil
            if row.direction == .internal, let sighting = sightings[index] {
                // Handed over, or over: only time tells.
                if sighting.internalSince == nil, poll.snapshot.isComplete { sightings[index]?.internalSince = now }
                continue
            }
            guard var sighting = sightings[index] ?? arrival(row, at: now) else {
                if firstSeen[index] == nil, row.direction ?? .internal != .internal, !row.directionIsGuess {
                    firstSeen[index] = row
                }
                continue
            }
            firstSeen[index] = nil
            if let missingSince = sighting.missingSince, now - missingSince >= grace { sighting.wasLongMissing = true }
            if let since = sighting.internalSince, now - since >= CallLifecycle.Settings.patience {
                sighting.wasLongMissing = true
            }
            sighting.internalSince = nil
            sighting.missingSince = nil
            sighting.lastSeen = now
            for leg in row.legs {
                switch (leg.role, leg.state) {
                case (.agent, .connected): sighting.agents.insert(leg.dn)
                case (.voicemail, .connected): sighting.metVoicemail = true
                case (.queue, _): sighting.metQueue = true
                default: break
                }
            }
            sightings[index] = sighting
        }
        timePassed(at: now)
    }

    /// Those who have waited long enough for a line are told of.
    mutating func timePassed(at now: Instant) {
        for (index, call) in dialled where now - call.since >= CallLifecycle.Settings.patience {
            tell(index, call.row, at: now)
        }
    }

    /// A process went on from the journal: what waits for a line waits anew.
    mutating func resumed(at now: Instant) {
        for index in dialled.keys { dialled[index]?.since = now }
        firstSeen = [:]
    }

    private func straightened(_ row: ObservedCall, _ index: Int) -> ObservedCall {
        guard let first = firstSeen[index], row.direction ?? .internal != .internal,
            (first.external?.number == nil) == (row.external?.number == nil)
        else { return row }
        var row = row
        row.direction = first.direction
        return row
    }

    private mutating func tell(_ index: Int, _ row: ObservedCall, at now: Instant) {
        dialled[index] = nil
        sightings[index] = arrival(row, at: now)
    }

    private func arrival(_ row: ObservedCall, at now: Instant) -> Sighting? {
        guard row.direction == .inbound || row.direction == .outbound, row.legs.contains(where: \.isMonitored),
            let zammad = routing.zammad(for: row, of: settings.instance)
        else { return nil }
        return Sighting(id: row.id, first: row, firstSeen: now, lastSeen: now, zammad: zammad)
    }

    private func isSplit(_ sighting: Sighting) -> Bool {
        sighting.wasLongMissing || (settings.transfers == .split && sighting.agents.count > 1)
    }

    /// Calls of which more rows than one are right; how many, the naive model knows.
    var split: [Split] {
        sightings.values.filter(isSplit).map {
            Split(
                prefix: "\(settings.instance)-\($0.id)-",
                during: $0.firstSeen.milliseconds...($0.lastSeen.milliseconds + 1))
        }
    }

    /// `blocked`: the Zammads' block lists.
    func expectedRows(blocked: [Set<String>]) -> [ExpectedRow] {
        sightings.sorted { $0.key < $1.key }.filter { !isSplit($0.value) }.map { index, sighting in
            row(pbx.calls[index], sighting, blocked[sighting.zammad])
        }
    }

    private func row(_ call: SimulatedCall, _ sighting: Sighting, _ blocked: Set<String>) -> ExpectedRow {
        let isInbound = sighting.first.direction == .inbound
        // What was dialled is the number behind a 0 and another one.
        let external = call.number.map { "49\($0)" } ?? "anonymous"
        let ownDN = Self.ownDN(sighting.first, isInbound: isInbound)
        let metAgent = !sighting.agents.isEmpty
        let wasAnswered = metAgent || sighting.metVoicemail
        let isIgnoredQueueCall = isInbound && sighting.metQueue && !settings.helpdesk(.default).logMissedQueueCalls
        let cause =
            metAgent
            ? "normalClearing" : sighting.metVoicemail ? "voicemail" : isIgnoredQueueCall ? "forwarded" : "cancel"
        let isRejected = isInbound && blocked.contains(external) && cause == "cancel"
        let asksForCall = isInbound && !metAgent && (sighting.metVoicemail || cause == "cancel")
        return ExpectedRow(
            callID: "\(settings.instance)-\(sighting.id)-\(sighting.firstSeen.milliseconds)",
            direction: isInbound ? "in" : "out",
            from: isInbound ? external : ownDN,
            to: isInbound ? ownDN : external,
            isDone: !asksForCall || isRejected,
            cause: isRejected ? "forwarded" : cause,
            answeredBy: !isInbound ? nil : Self.answerer(sighting),
            wasAnswered: wasAnswered,
            isRejected: isRejected,
            causeUnlessRejected: cause,
            zammad: sighting.zammad
        )
    }

    private static func answerer(_ sighting: Sighting) -> String? {
        if sighting.agents.isEmpty { return sighting.metVoicemail ? "voicemail" : nil }
        guard sighting.agents.count == 1, let agent = sighting.agents.first else { return nil }
        return "Agent \(agent)"
    }

    /// Whom the call is filed under, from what its first poll shows.
    private static func ownDN(_ row: ObservedCall, isInbound: Bool) -> String {
        let talking = row.legs.filter { $0.role == .agent && $0.state == .connected }
        let others = row.legs.filter { $0.role == .agent && $0.state != .connected }
        if let talker = talking.first(where: \.isMonitored) ?? talking.first { return talker.dn }
        guard isInbound else { return others.first?.dn ?? "anonymous" }
        let hunting = row.legs.first { $0.role == .queue } ?? row.legs.first { $0.role == .ringGroup }
        return (hunting ?? others.first ?? row.legs.first)?.dn ?? "anonymous"
    }
}
