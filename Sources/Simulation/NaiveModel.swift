import Domain

/// What Zammad's log should be, by hindsight: from everything that the bridge has accepted, call by call, with no state
/// machine.
///
/// First the polls are cut into calls (`episodes`), then each call is read as a whole. It shares nothing with
/// `CallLifecycle` but the types of its input.
struct NaiveModel {
    private struct Episode {
        var id: PBXCallID
        var polls: [(at: Int64, row: ObservedCall)]

        var isInbound: Bool { polls.first?.row.direction != .outbound }
        /// That of the line, if one was shown.
        var number: String? {
            let rows = polls.map(\.row).filter { $0.external?.number != nil }
            return NaiveModel.digits((rows.first { !$0.isRouted } ?? rows.first)?.external?.number)
        }
        var isDialled: Bool { polls.allSatisfy(\.row.isRouted) }
    }

    let settings: CallLifecycle.Settings
    /// The Zammads' block lists.
    let blocked: [Set<String>]
    let routing: SimulatedRouting

    func rows(of history: [SeenEntry]) -> [ExpectedRow] {
        var ids: Set<PBXCallID> = []
        for case .polled(_, let snapshot) in history { ids.formUnion(snapshot.calls.map(\.id)) }
        return ids.sorted().flatMap { id in
            episodes(of: id, in: history).flatMap { rows(of: $0) }
        }
    }

    // MARK: - Which sightings are one call

    private func episodes(of id: PBXCallID, in history: [SeenEntry]) -> [Episode] {
        var closed: [Episode] = []
        var open: Episode?
        /// While the call is missing: for how long polls have not shown it, since when there are polls, and for how
        /// long it may be missing.
        var absence: (counted: Int64, pollingSince: Int64?, grace: Int64)?
        /// While a call shows no line: as last seen, and since when.
        var dialled: (row: ObservedCall, since: Int64)?
        /// While a call is none of the helpdesk's: as it was first seen. It may be turned round later, and is the same
        /// call still.
        var first: ObservedCall?
        let patience = CallLifecycle.Settings.patience.milliseconds

        func close() {
            if let episode = open { closed.append(episode) }
            (open, absence) = (nil, nil)
        }
        func tellIfDue(at now: Int64) {
            guard let call = dialled, now - call.since >= patience else { return }
            (open, dialled) = (Episode(id: id, polls: [(now, call.row)]), nil)
        }
        func stopPolling(at now: Int64) {
            guard let since = absence?.pollingSince else { return }
            absence?.counted += now - since
            absence?.pollingSince = nil
        }
        func closeIfMissingTooLong(at now: Int64) {
            guard let current = absence, let since = current.pollingSince else { return }
            if current.counted + (now - since) >= current.grace { close() }
        }
        func miss(at now: Int64, isComplete: Bool, grace: Int64) {
            absence = (
                absence?.counted ?? 0, absence?.pollingSince ?? (isComplete ? now : nil), absence?.grace ?? grace
            )
            closeIfMissingTooLong(at: now)
        }
        for entry in history {
            switch entry {
            case .resumed(let at):
                dialled?.since = at.milliseconds
                first = nil
                if let current = absence { absence = (0, nil, resumedGrace(current.grace)) }
            case .pollFailed(let at):
                stopPolling(at: at.milliseconds)
            case .timePassed(let at):
                tellIfDue(at: at.milliseconds)
                closeIfMissingTooLong(at: at.milliseconds)
            case .polled(let at, let snapshot):
                let now = at.milliseconds
                let grace = (snapshot.listsLegs ? settings.legGrace : settings.grace).milliseconds
                if !snapshot.isComplete { stopPolling(at: now) }
                if var row = snapshot.calls.first(where: { $0.id == id }) {
                    if let episode = open, row.direction != .internal, Self.isOther(row, than: episode) { close() }
                    if open != nil, row.direction == .internal {
                        miss(at: now, isComplete: snapshot.isComplete, grace: max(grace, patience))
                    } else if open != nil {
                        absence = nil
                        open?.polls.append((now, row))
                    } else {
                        if let first, Self.isTurnedRound(row, first) { row.direction = first.direction }
                        if !isRelevant(row) {
                            dialled = nil
                            if first == nil, row.direction ?? .internal != .internal, !row.directionIsGuess {
                                first = row
                            }
                        } else if row.awaitsNumber {
                            (dialled, first) = ((row, dialled?.since ?? now), nil)
                        } else {
                            (open, dialled, first) = (Episode(id: id, polls: [(now, row)]), nil, nil)
                        }
                    }
                } else if snapshot.isComplete {
                    first = nil
                    if let call = dialled { (open, dialled) = (Episode(id: id, polls: [(now, call.row)]), nil) }
                    let isConfirmed = snapshot.confirmedGone.contains(id)
                    if isConfirmed, open.map({ !conversations(of: $0).isEmpty }) ?? false { close() }
                    if open != nil { miss(at: now, isComplete: true, grace: grace) }
                }
                tellIfDue(at: now)
            }
        }
        close()
        return closed
    }

    private func isRelevant(_ row: ObservedCall) -> Bool {
        guard let direction = row.direction, direction != .internal else { return false }
        return row.legs.contains { $0.isMonitored } && routing.zammad(for: row, of: settings.instance) != nil
    }

    /// A call whose end was awaited waits anew, the whole grace of its source, as if it had vanished just now.
    private func resumedGrace(_ grace: Int64) -> Int64 {
        grace > 0 ? max(settings.grace, settings.legGrace).milliseconds : 0
    }

    private static func isOther(_ row: ObservedCall, than episode: Episode) -> Bool {
        guard let known = episode.number, let shown = digits(row.external?.number) else {
            let isHiddenFromBoth = episode.number == nil && row.external?.number == nil
            return !isHiddenFromBoth && row.direction.map { ($0 == .inbound) != episode.isInbound } ?? false
        }
        return known != shown && !(episode.isDialled && row.direction == .outbound)
    }

    private static func isTurnedRound(_ row: ObservedCall, _ first: ObservedCall) -> Bool {
        guard let direction = row.direction, direction != .internal, direction != first.direction else { return false }
        return digits(row.external?.number) == digits(first.external?.number)
    }

    /// `+49…`, `0049…` and `0…` as `49…`, also behind a 0 for an outside line.
    private static func digits(_ number: String?) -> String? {
        guard let number else { return nil }
        if number.hasPrefix("+") { return String(number.dropFirst()) }
        if number.hasPrefix("0049") { return String(number.dropFirst(2)) }
        return number.hasPrefix("00") ? digits(String(number.dropFirst())) : "49" + number.dropFirst()
    }

    // MARK: - What a call should look like

    private func rows(of episode: Episode) -> [ExpectedRow] {
        guard let first = episode.polls.first else { return [] }
        let talks = conversations(of: episode)
        let hasVoicemail = episode.polls.contains { _, row in
            row.legs.contains { $0.role == .voicemail && $0.state == .connected }
        }
        guard settings.transfers == .split, talks.count > 1 else {
            let agent = settings.transfers == .ignore ? talks.first : talks.last
            return [row(episode, at: first.at, station: station(of: first.row), agent: agent?.agent, hasVoicemail)]
        }
        var rows: [ExpectedRow] = []
        var lastStart = Int64.min
        for (index, talk) in talks.enumerated() {
            let start = index == 0 ? first.at : max(talk.at, lastStart + 1)
            lastStart = start
            let dn = index == 0 ? station(of: first.row) : talk.agent
            var row = row(episode, at: start, station: dn, agent: talk.agent, hasVoicemail)
            row.isDone = true
            if index < talks.count - 1 { row.cause = "forwarded" }
            rows.append(row)
        }
        return rows
    }

    private func row(
        _ episode: Episode, at start: Int64, station: String, agent: String?, _ hasVoicemail: Bool
    ) -> ExpectedRow {
        // A number that was hidden at first is not in the row.
        let isFirst = start == episode.polls.first?.at
        let number = (isFirst ? Self.digits(episode.polls.first?.row.external?.number) : episode.number) ?? "anonymous"
        let isInbound = episode.isInbound
        let hasQueue = episode.polls.contains { $0.row.legs.contains { $0.role == .queue } }
        var cause = "normalClearing"
        var isDone = true
        if agent == nil, !hasVoicemail {
            cause = isInbound && hasQueue && !settings.helpdesk(.default).logMissedQueueCalls ? "forwarded" : "cancel"
            isDone = !isInbound || cause == "forwarded"
        } else if agent == nil {
            cause = "voicemail"
            isDone = !isInbound
        }
        let zammad = episode.polls.first.flatMap { routing.zammad(for: $0.row, of: settings.instance) } ?? 0
        var expected = ExpectedRow(
            callID: "\(settings.instance)-\(episode.id)-\(start)",
            direction: isInbound ? "in" : "out",
            from: isInbound ? number : station,
            to: isInbound ? station : number,
            isDone: isDone,
            cause: cause,
            answeredBy: isInbound ? agent.map { "Agent \($0)" } ?? (hasVoicemail ? "voicemail" : nil) : nil,
            wasAnswered: agent != nil || hasVoicemail,
            causeUnlessRejected: cause,
            zammad: zammad
        )
        if isInbound, cause == "cancel", blocked[zammad].contains(number) {
            expected.cause = "forwarded"
            expected.isDone = true
            expected.isRejected = true
        }
        return expected
    }

    /// Who talked, one after the other: an agent stays until somebody else is connected and he is not.
    private func conversations(of episode: Episode) -> [(at: Int64, agent: String)] {
        var talks: [(at: Int64, agent: String)] = []
        for (at, row) in episode.polls {
            let connected = row.legs.filter { $0.role == .agent && $0.state == .connected }
            if connected.contains(where: { $0.dn == talks.last?.agent }) { continue }
            if settings.transfers == .ignore, !talks.isEmpty { continue }
            guard let next = connected.first(where: { $0.isMonitored }) ?? connected.first else { continue }
            talks.append((at, next.dn))
        }
        return talks
    }

    private func station(of row: ObservedCall) -> String {
        let agents = row.legs.filter { $0.role == .agent }
        let connected = agents.filter { $0.state == .connected }
        if let agent = connected.first(where: { $0.isMonitored }) ?? connected.first { return agent.dn }
        if row.direction == .inbound {
            for role in [LegRole.queue, .ringGroup] {
                if let leg = row.legs.first(where: { $0.role == role }) { return leg.dn }
            }
        }
        return agents.first?.dn ?? (row.direction == .inbound ? row.legs.first?.dn : nil) ?? "anonymous"
    }
}
