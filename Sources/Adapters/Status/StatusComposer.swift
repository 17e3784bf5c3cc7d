import Domain
import Ports
import Wire

/// Puts what the daemon noted and what the core knows into the status that people read.
struct StatusComposer {
    struct Settings: Equatable, Sendable {
        var version: String
        var instance: String
        var privacy: StatusPrivacy
    }

    /// Of the calls; what is longer than this no page shows.
    static let mostCalls = 500
    static let mostPending = 20
    static let mostWatched = 500
    static let mostFailed = 50

    let record: StatusRecord
    let facts: StatusFacts
    let settings: Settings

    func status(at now: Instant) -> BridgeStatus {
        let phoneSystems = facts.phoneSystems.map { phoneSystem($0.name, at: now) }
        let (zammads, deliveries) = (facts.zammads.map(zammad), deliveries())
        let problems = problems(phoneSystems, zammads, deliveries)
        return BridgeStatus(
            at: TimeText.precise(now),
            version: settings.version,
            instance: settings.instance,
            startedAt: TimeText.seconds(record.startedAt),
            overall: problems.isEmpty ? .healthy : .degraded,
            problems: problems,
            showsNumbers: settings.privacy.showsNumbers,
            phoneSystem: Self.worst(phoneSystems),
            zammad: Self.worst(zammads),
            phoneSystems: phoneSystems.count > 1 ? phoneSystems : nil,
            zammads: zammads.count > 1 ? zammads : nil,
            calls: calls(),
            deliveries: deliveries,
            tickets: tickets(),
            decisions: record.decisions.reversed().compactMap { StatusActivity($0, settings.privacy) },
            lastHour: lastHour(at: now))
    }

    // MARK: - The two sides

    private static func worst(_ sides: [BridgeStatus.Side]) -> BridgeStatus.Side {
        sides.first { !$0.isReachable } ?? sides.first { $0.warnings != nil } ?? sides.first
            ?? BridgeStatus.Side(state: "unknown", isReachable: false, words: "Nothing is configured")
    }

    func phoneSystem(_ name: PhoneSystemName, at now: Instant) -> BridgeStatus.Side {
        let source = record.source(name)
        let health = source.health
        var sentence = HealthWords.sentence(health)
        if case .degraded(_, _, .slow) = health, let lastPoll = source.lastPoll {
            sentence += ", and what is shown is \(max(0, (now - lastPoll).milliseconds / 1000)) s old"
        }
        var side = BridgeStatus.Side(
            state: health.name, isReachable: health.isReachable, words: Self.words(name.shown, sentence),
            since: TimeText.seconds(health.since), lastLook: source.lastPoll.map(TimeText.seconds))
        side.name = name.shown
        if let failed = health.failedPolls, let failure = source.failure, failure.kind.fault == failed.fault {
            side.reason = "\(failure.what) at \(failure.place)"
            side.remedy = failure.remedy + (failed.fault == .credentialsRefused ? HealthWords.loginPace : "")
        }
        let list = source.watchList
        if !list.stations.isEmpty { side.watched = Self.watched(list.stations) }
        if !list.warnings.isEmpty {
            side.warnings = list.warnings.map { BridgeStatus.Warning(text: $0.text, remedy: $0.remedy) }
        }
        return side
    }

    private static func watched(_ stations: [WatchList.Station]) -> BridgeStatus.Watched {
        let listed = stations.prefix(mostWatched)
        func numbers(_ kinds: Set<DNKind>) -> [BridgeStatus.Number] {
            listed.filter { kinds.contains($0.kind) }.map { BridgeStatus.Number(number: $0.number, name: $0.name) }
        }
        return BridgeStatus.Watched(
            count: stations.count, extensions: numbers([.extension]), queues: numbers([.queue]),
            ringGroups: numbers([.ringGroup]), others: numbers([.trunk, .ivr, .voicemail, .other]))
    }

    func zammad(_ zammad: Zammad) -> BridgeStatus.Side {
        let (name, health) = (zammad.name.shown, zammad.health)
        let target = record.target(zammad.name)
        let upSince = target.upSince
        var side = BridgeStatus.Side(
            state: health.name, isReachable: health.isUp, words: Self.words(name, HealthWords.sentence(health)),
            since: (health.trouble?.since ?? upSince).map(TimeText.seconds),
            reason: health.trouble?.reason, remedy: HealthWords.remedy(health))
        if !health.isUp { side.nextTry = zammad.events.nextDeadline.map(TimeText.seconds) }
        side.name = name
        if zammad.duty == .retired {
            side.state = "retired"
            side.isReachable = false
            side.words = Self.words(name, "This Zammad is no longer in the configuration; its events wait")
            side.remedy = "Put it back with the same name, or discard them: zammadbridge outbox drop."
        } else if health.isUp, upSince == nil {
            side.state = "untried"
            side.words = Self.words(
                name,
                target.attempts.isEmpty
                    ? "Nothing was sent to Zammad yet; the next call will be" : "Zammad has not taken an event yet")
        }
        return side
    }

    private static func words(_ name: String?, _ sentence: String) -> String {
        name.map { "\($0): \(sentence)" } ?? sentence
    }

    private func problems(
        _ phoneSystems: [BridgeStatus.Side], _ zammads: [BridgeStatus.Side], _ deliveries: BridgeStatus.Deliveries
    ) -> [String] {
        var problems: [String] = []
        for (system, side) in zip(facts.phoneSystems, phoneSystems) {
            if case .live = record.source(system.name).health { continue }
            problems.append(side.words)
        }
        for side in phoneSystems {
            problems += (side.warnings ?? []).map { Self.words(side.name, $0.text) }
        }
        problems += zammads.filter { !$0.isReachable }.map(\.words)
        if deliveries.deadLetters > 0 {
            let events = deliveries.deadLetters == 1 ? "1 event was" : "\(deliveries.deadLetters) events were"
            problems.append("\(events) given up; repair the cause, then run zammadbridge outbox retry")
        }
        if deliveries.unconfirmed > 0 {
            let events = deliveries.unconfirmed == 1 ? "1 event is" : "\(deliveries.unconfirmed) events are"
            problems.append("\(events) unconfirmed; check Zammad’s caller log, then run zammadbridge outbox")
        }
        let deadTickets = facts.zammads.reduce(0) { $0 + $1.tickets.deadCount }
        if deadTickets > 0 {
            let tickets = deadTickets == 1 ? "1 ticket was" : "\(deadTickets) tickets were"
            problems.append("\(tickets) given up; repair the cause, then run zammadbridge outbox retry")
        }
        return problems
    }

    // MARK: - Calls

    private func calls() -> [BridgeStatus.Call] {
        let reported = facts.phoneSystems.enumerated().flatMap { index, system in
            system.lifecycle.calls.compactMap { id, state in
                state.reported.map { (CallKey(id, of: system.name), index, state, $0) }
            }
        }
        .sorted { ($0.3.firstSeen, $0.0) < ($1.3.firstSeen, $1.0) }
        return reported.prefix(Self.mostCalls).map { key, index, state, call in
            live(key, state, call, seen: observed(key.id, facts.phoneSystems[index].view))
        }
    }

    /// The calls of a poll are sorted by id.
    private func observed(_ id: PBXCallID, _ view: CallSnapshot?) -> ObservedCall? {
        guard let calls = view?.calls else { return nil }
        let index = calls.partitioningIndex { $0.id >= id }
        return index < calls.count && calls[index].id == id ? calls[index] : nil
    }

    private func live(
        _ key: CallKey, _ state: CallState, _ call: ReportedCall, seen: ObservedCall?
    ) -> BridgeStatus.Call {
        let ringing = seen?.legs.filter { $0.role == .agent && $0.state != .connected } ?? []
        var live = BridgeStatus.Call(
            call: call.callID.text, pbxCall: key.id.text,
            direction: call.direction.ofCall.rawValue,
            state: Self.state(state, call, isRinging: !ringing.isEmpty),
            since: TimeText.seconds(since(key, state, call)), firstSeen: TimeText.seconds(call.firstSeen),
            number: call.externalNumber.map(settings.privacy.shown) ?? NumberPlan.anonymous,
            name: settings.privacy.showsNumbers ? seen?.external?.name : nil,
            agents: ringing.map { Self.label(Station(dn: $0.dn, name: $0.name)) },
            queue: call.queue.map(Self.label), phoneSystemName: key.phoneSystem.shown,
            zammadName: call.zammad.shown)
        switch state {
        case .live(_, .answered(let agent)), .ending(_, .answered(let agent), _, _):
            live.agents = [Self.label(agent)]
        case .ignored, .joining, .dialled, .live, .ending: break
        }
        return live
    }

    private static func state(_ state: CallState, _ call: ReportedCall, isRinging: Bool) -> BridgeStatus.Call.State {
        switch state {
        case .live(_, .answered): .talking
        case .live(_, .voicemail): .voicemail
        case .ending: .ending
        // An agent who calls out waits for the other side; nobody waits in a queue then.
        case .live(_, .ringing), .ignored, .joining, .dialled:
            isRinging || call.direction == .outbound ? .ringing : .waiting
        }
    }

    private func since(_ key: CallKey, _ state: CallState, _ call: ReportedCall) -> Instant {
        if case .ending(_, _, let since, _) = state { return since }
        guard let phase = record.phases[key], phase.state == state.kind else { return call.firstSeen }
        return phase.since
    }

    private static func label(_ station: Station) -> String {
        station.name.map { "\($0) (\(station.dn))" } ?? station.dn
    }

    // MARK: - Deliveries

    private func deliveries() -> BridgeStatus.Deliveries {
        let listings = facts.zammads.map {
            OutboxListing($0.events, mostPending: Self.mostPending, lastFailures: record.lastFailures)
        }
        let entries = listings.flatMap(\.entries).sorted { $0.id < $1.id }
        let pending = entries.filter { $0.state == .pending }
        let failed = entries.filter { $0.state != .pending }.sorted { ($0.since, $0.id) > ($1.since, $1.id) }
        let account = listings.dropFirst().reduce(listings.first?.account ?? EventAccount()) { $0 + $1.account }
        return BridgeStatus.Deliveries(
            seen: account.taken, delivered: account.delivered, pending: account.pending,
            deadLetters: account.deadLetters, unconfirmed: account.unconfirmed,
            dropped: account.dropped.values.reduce(0, +),
            oldestPending: pending.map(\.since).min().map(TimeText.seconds),
            pendingEvents: pending.prefix(Self.mostPending).map(delivery),
            failedEvents: failed.prefix(Self.mostFailed).map(delivery))
    }

    private func tickets() -> BridgeStatus.Tickets? {
        let makers = facts.zammads.filter(\.makesTickets)
        guard !makers.isEmpty else { return nil }
        let jobs = makers.flatMap(\.tickets.jobs.values).sorted { $0.id < $1.id }
        let open = jobs.filter { !$0.isDead }.prefix(Self.mostPending) + jobs.filter(\.isDead).suffix(Self.mostPending)
        let results = makers.map { record.target($0.name).tickets }
        return BridgeStatus.Tickets(
            pending: makers.reduce(0) { $0 + $1.tickets.pendingCount },
            deadLetters: makers.reduce(0) { $0 + $1.tickets.deadCount },
            results: results.reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) },
            open: open.map { job in
                BridgeStatus.Ticket(
                    id: job.id, state: TicketWords.state(job), call: job.call.callID.text,
                    number: settings.privacy.shown(job.call.number), since: TimeText.seconds(job.since),
                    requests: job.attempts, reason: job.lastFailure, zammadName: job.call.zammad.shown)
            })
    }

    private func delivery(_ entry: OutboxListing.Entry) -> BridgeStatus.Delivery {
        BridgeStatus.Delivery(
            id: entry.id, state: entry.state.rawValue, call: entry.command.callID.text,
            event: entry.command.event.rawValue,
            direction: entry.command.direction.ofCall.rawValue,
            number: settings.privacy.shown(entry.command.externalNumber),
            happenedAt: TimeText.seconds(entry.command.at), since: TimeText.seconds(entry.since),
            attempts: entry.attempts, reason: entry.reason, zammadName: entry.zammad.shown)
    }

    private func lastHour(at now: Instant) -> [BridgeStatus.Minute] {
        record.hour.series(at: now).map { start, minute in
            BridgeStatus.Minute(
                start: TimeText.seconds(start), calls: minute.calls, deliveries: minute.deliveries,
                meanDelay: minute.meanWait.map(Self.seconds),
                longestDelay: minute.deliveries == 0 ? nil : Self.seconds(minute.longestWait))
        }
    }

    private static func seconds(_ duration: Duration) -> Double { Double(duration.milliseconds) / 1000 }
}
