import Domain

/// Tickets for calls: the network between the bridge and Zammad's REST API, and what must hold of them in the end.
extension Simulation {
    mutating func hear(_ news: TicketNews) {
        switch news {
        case .done(let job, let result): trace("core    ticket of \(job.call.callID): \(result)")
        case .postponed(let job, let reason): trace("core    ticket of \(job.call.callID) waits: \(reason)")
        case .deadLettered(let job, let reason): trace("core    ticket of \(job.call.callID) given up: \(reason)")
        case .dropped(let job): violation("the ticket of \(job.call.callID) is dropped, which nobody asked for")
        }
    }

    private func index(of call: EndedCall) -> Int {
        SimulatedRouting.names.firstIndex(of: call.zammad) ?? 0
    }

    mutating func send(_ attempt: TicketAttempt) {
        let desk = index(of: attempt.call)
        trace("send    ticket of \(attempt.call.callID): \(attempt.step)")
        result.counts.ticketRequests += 1
        if tickets[desk].underWay != nil { violation("two requests for tickets are under way at once") }
        if tickets[desk].settings.creation == .off { violation("a ticket although that is switched off") }
        tickets[desk].requests.append(SimulatedTickets.Request(process: process, attempt: attempt))
        let request = tickets[desk].requests.count - 1
        tickets[desk].underWay = request
        if mutated(.losesTickets, 0.2), attempt.step.isChange {
            return reply(desk, request, attempt.step == .createCustomer ? .customer(1) : .made(ticket: 1), after: 5)
        }
        route(desk, request)
    }

    /// Draws what becomes of a request. What comes late comes before the queue looks again.
    private mutating func route(_ desk: Int, _ request: Int) {
        let isChange = tickets[desk].requests[request].attempt.step.isChange
        func lost(_ reason: String) -> TicketOutcome { isChange ? .ambiguous(reason) : .unavailable(reason) }
        func arrive(after delay: Int64) {
            queue.add(.ticketArrival(zammad: desk, request: request), at: clock + delay)
        }
        switch zammads[desk].spell(at: clock) {
        case .down?: return reply(desk, request, .unavailable("refused"), after: ticketRandom.pick(1...20))
        case .wrongToken?: return reply(desk, request, .misconfigured("HTTP 401"), after: ticketRandom.pick(1...40))
        case .failing?, .databaseDown?: return reply(desk, request, lost("HTTP 500"), after: ticketRandom.pick(1...40))
        case .refusing?:
            tickets[desk].refused.insert(tickets[desk].requests[request].attempt.call.callID.text)
            return reply(desk, request, .refused("HTTP 422"), after: ticketRandom.pick(1...40))
        case .switchedOff?, nil: break
        }
        guard hasFaults, ticketRandom.chance(rates.request) else { return arrive(after: ticketRandom.pick(1...60)) }
        switch ticketRandom.pick(0...7) {
        case 0: reply(desk, request, .unavailable("reset before sending"), after: ticketRandom.pick(1...300))
        case 1: reply(desk, request, lost("reset on the way"), after: ticketRandom.pick(1...300))
        case 2: reply(desk, request, .unavailable("HTTP 503"), after: ticketRandom.pick(1...2000))
        case 3, 6, 7:
            // It is done, and nobody hears of it.
            tickets[desk].requests[request].isAnswered = false
            arrive(after: ticketRandom.pick(1...900))
            reply(desk, request, lost("no answer"), after: 15_000)
        case 4:
            tickets[desk].requests[request].isAnswered = false
            reply(desk, request, lost("timeout before arrival"), after: 15_000)
            arrive(after: 15_000 + ticketRandom.pick(1...8000))
        default: arrive(after: ticketRandom.pick(1...9000))
        }
    }

    private mutating func reply(_ desk: Int, _ request: Int, _ outcome: TicketOutcome, after delay: Int64) {
        let process = tickets[desk].requests[request].process
        queue.add(.ticketReply(process: process, zammad: desk, request: request, outcome), at: clock + delay)
    }

    mutating func ticketRequestArrives(_ desk: Int, _ index: Int) {
        let request = tickets[desk].requests[index]
        guard !request.isCancelled, !request.hasArrived else { return }
        tickets[desk].requests[index].hasArrived = true
        let outcome = tickets[desk].perform(request.attempt, at: clock)
        trace("zammad  ticket of \(request.attempt.call.callID): \(request.attempt.step) → \(outcome)")
        if request.isAnswered { reply(desk, index, outcome, after: ticketRandom.pick(1...40)) }
    }

    mutating func ticketReplyArrives(_ desk: Int, _ index: Int, _ outcome: TicketOutcome) {
        let request = tickets[desk].requests[index]
        guard !request.isFinished, tickets[desk].underWay == index else { return }
        tickets[desk].requests[index].isFinished = true
        tickets[desk].underWay = nil
        var outcome = outcome
        if configuration.mutation == .takesTicketDoubtForRefusal, case .ambiguous(let reason) = outcome {
            outcome = .unavailable(reason)
        }
        feed(Waiting(input: .ticketStepFinished(request.attempt, outcome, jitter: ticketRandom.fraction())))
    }

    /// Requests of a process that has ended may or may not arrive.
    mutating func abandonTicketRequests() {
        for desk in tickets.indices {
            tickets[desk].underWay = nil
            for index in tickets[desk].requests.indices where !tickets[desk].requests[index].isFinished {
                tickets[desk].requests[index].isFinished = true
                tickets[desk].requests[index].isAnswered = false
                guard !tickets[desk].requests[index].hasArrived, ticketRandom.chance(0.5) else { continue }
                tickets[desk].requests[index].isCancelled = true
            }
        }
    }

    // MARK: - What must hold

    /// Notes what the bridge has decided for good.
    mutating func noteTickets(_ step: Step) {
        for case .decided(let decision) in step.news { noteWanted(decision) }
        for case .ticket(let news) in step.news {
            let call = news.call
            let desk = index(of: call)
            switch news {
            case .done(_, .skipped(let reason)): tickets[desk].skipped[call.callID.text] = reason
            case .done(_, .created), .done(_, .added): result.counts.tickets += 1
            case .deadLettered: result.counts.deadTickets += 1
            case .done, .postponed, .dropped: break
            }
        }
    }

    private mutating func noteWanted(_ decision: CallDecision) {
        for command in decision.commands {
            let desk = zammad(command)
            let id = command.callID.text
            let number = command.direction == .inbound ? command.from : command.to
            let isMissed = command.direction == .inbound && command.cause == .cancel
            switch (tickets[desk].settings.creation, command.event) {
            case (.off, _): continue
            case (.missed, .answer) where command.direction == .inbound && command.users != ["voicemail"]:
                tickets[desk].unwanted.insert(id)
            case (.missed, .newCall) where command.direction == .outbound: tickets[desk].unwanted.insert(id)
            case (.missed, .hangup) where decision.to == .ended && isMissed: tickets[desk].wanted[id] = number
            case (.all, .hangup) where decision.to == .ended: tickets[desk].wanted[id] = number
            default: continue
            }
        }
    }

    var ticketsAreQuiet: Bool { core?.zammads.allSatisfy { $0.tickets.pendingCount == 0 } ?? true }

    mutating func checkTickets() {
        for (index, desk) in tickets.enumerated() {
            let blocked = Set(zammads[index].model.blockedNumbers)
            let articles = desk.articles
            for (call, count) in articles.sorted(by: { $0.key < $1.key }) {
                if count > 1 { violation("\(call) has \(count) tickets or articles") }
                if desk.unwanted.contains(call) { violation("\(call) has a ticket that nobody wants") }
            }
            for (call, number) in desk.wanted.sorted(by: { $0.key < $1.key }) where articles[call] == nil {
                if number == NumberPlan.anonymous || blocked.contains(number) { continue }
                guard let reason = desk.skipped[call] else {
                    violation("\(call) has no ticket")
                    continue
                }
                if desk.knownNumbers.contains(number) || desk.settings.createsCustomers {
                    violation("\(call) has no ticket, although its customer is known: \(reason)")
                }
            }
            guard desk.mergeWindow > 0, desk.refused.isEmpty else { continue }
            for number in desk.doubledNumbers { violation("\(number) has two open tickets") }
        }
    }
}
