import Domain

/// What must hold at every step of a world, and at its end.
extension Simulation {
    // MARK: - Checks at every step

    mutating func checkCore() {
        guard let core else { return }
        if core.phoneSystems.contains(where: { $0.lifecycle.impossibleSteps > 0 }) { violation("an impossible input") }
        for zammad in core.zammads {
            let outbox = zammad.events
            if !outbox.account.addsUp { violation("the account does not close: \(outbox.account)") }
            if outbox.attemptsUnderWay > delivery.maxParallel { violation("too many requests at once") }
            if zammad.duty == .retired { violation("a Zammad \(zammad.name) that nobody knows has events") }
        }
    }

    /// An outcome concerns the event whose request it is of.
    mutating func check(_ news: [News], after attempt: DeliveryAttempt) {
        for one in news {
            switch one {
            case .delivered(let event, _), .postponed(let event, _), .unconfirmed(let event, _):
                guard event.id != attempt.eventID else { continue }
                violation("event \(event.id) is settled by the outcome of event \(attempt.eventID)")
            default: break
            }
        }
    }

    /// No call may end because nobody has seen it.
    mutating func check(_ decision: CallDecision) {
        guard [.graceElapsed, .vanished, .confirmedGone].contains(decision.input) else { return }
        guard decision.commands.contains(where: { $0.event == .hangup }) else { return }
        guard let phones = phones.first(where: { $0.name == decision.phoneSystem }) else {
            return violation("#\(decision.pbxCallID) is of no phone system")
        }
        if phones.isViewLost { violation("#\(decision.pbxCallID) is hung up without a view of the PBX") }
        if phones.lastShown?.contains(decision.pbxCallID) ?? true {
            violation("#\(decision.pbxCallID) is hung up although the last complete look shows it")
        }
    }

    // MARK: - The end

    mutating func checkQuiet() {
        let isQuiet =
            step == nil && ticketsAreQuiet
            && core?.zammads.allSatisfy { $0.events.isIdle && $0.events.attemptsUnderWay == 0 } == true
            && core?.phoneSystems.allSatisfy { !$0.lifecycle.calls.values.contains { $0.reported != nil } } == true
        let setAside = core?.zammads.flatMap(\.events.setAside.values) ?? []
        let hasDeadTickets = core?.zammads.contains { $0.tickets.deadCount > 0 } == true
        if isQuiet, hasDeadTickets || setAside.contains(where: { $0.outcome == .deadLetter }) {
            retryDeadLetters()
        } else if isQuiet {
            isOver = true
            return
        }
        guard clock < max(length, lastEnd) + 900_000 else {
            violation(
                "15 minutes after the last fault, \(core?.account.pending ?? -1) events are pending, or tickets, or "
                    + "calls live"
            )
            isOver = true
            return
        }
        queue.add(.quietCheck, at: clock + 1000)
    }

    mutating func finish() {
        result.counts.virtualTime = clock
        guard let core else { return violation("no process runs at the end") }
        let account = core.account
        result.counts.events = account.taken
        result.counts.unconfirmed = account.unconfirmed
        checkTickets()
        if disk.tickets != core.zammads.reduce(into: [:], { $0.merge($1.tickets.jobs) { first, _ in first } }) {
            violation("the journal's tickets are not the core's")
        }
        if disk.account != account { violation("the journal's account is not the core's") }
        let blocked = zammads.map(\.model.blockedNumbers)
        var facts = facts
        if delivery.looksUpDoubts, zammads.allSatisfy({ $0.wipes.isEmpty }) {
            if account.unconfirmed > 0 {
                violation("\(account.unconfirmed) events are unconfirmed although Zammad can be asked")
            }
            // Zammad has told; what is in doubt no more excuses nothing.
            facts.doubtfulHangups = []
        }
        let expectations = [
            ("as seen", phones.flatMap { $0.sightings.expectedRows(blocked: blocked) }),
            (
                "by the naive model",
                phones.flatMap {
                    NaiveModel(settings: $0.settings, blocked: blocked, routing: routing).rows(of: $0.history)
                }
            ),
        ]
        result.counts.reported = expectations[1].1.count
        // Each Zammad's log is compared with what it should have, and with nothing of the others'.
        for (index, zammad) in zammads.enumerated() {
            for (name, expected) in expectations {
                let comparison = RowComparison(
                    rows: zammad.model.rows, wiped: zammad.wiped, facts: facts,
                    tolerated: name == "as seen" ? phones.flatMap { $0.sightings.split } : [])
                let problems = comparison.problems(expected.filter { $0.zammad == index })
                for problem in problems { violation("\(problem) (\(name)\(index == 0 ? "" : ", second Zammad"))") }
            }
        }
    }
}
