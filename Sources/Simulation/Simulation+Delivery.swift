import Adapters
import Domain

/// The network between the bridge and Zammad.
extension Simulation {
    mutating func perform(_ news: [News], _ effects: [Effect]) {
        for one in news { hear(one) }
        for effect in effects { perform(effect) }
    }

    mutating func perform(_ effect: Effect) {
        switch effect {
        case .request(let attempt, _): send(attempt)
        case .ticketStep(let step, _): send(step)
        case .endCall(let drop):
            dropCall(drop)
            if configuration.mutation == .dropsTwice { dropCall(drop) }
        }
    }

    private mutating func hear(_ news: News) {
        switch news {
        case .deadLettered(let event, let reason):
            trace("core    dead letter \(event.command.event.rawValue) \(event.command.callID): \(reason)")
        case .unconfirmed(let event, let reason):
            trace("core    unconfirmed \(event.command.callID): \(reason)")
            if !facts.doubtfulHangups.contains(event.command.callID.text) {
                violation("\(event.command.callID) is unconfirmed although nothing was in doubt")
            }
        case .healthChanged(let health, _): trace("core    zammad is \(health)")
        case .ticket(let news): hear(news)
        case .decided, .sighted, .attempted, .delivered, .postponed, .dropped, .dropCall, .callEnded: break
        }
    }

    /// A request to the PBX to end a call: of blocked callers only, and once.
    private mutating func dropCall(_ drop: CallDrop) {
        trace("drop    #\(drop.pbxCallID) \(drop.callID)")
        result.counts.drops += 1
        if !drops.insert(drop.callID).inserted { violation("\(drop.callID) is dropped twice") }
        if !delivery.dropsBlockedCallers { violation("\(drop.callID) is dropped although that is switched off") }
        let blocking = zammads.filter { zammad in
            let id = drop.callID.text
            let row = zammad.model.rows.first { $0.callID == id } ?? zammad.wiped[id]
            return row.map { zammad.model.blockedNumbers.contains($0.from) } ?? false
        }
        if blocking.isEmpty {
            violation("\(drop.callID) is dropped, and Zammad does not block its caller")
        }
    }

    private mutating func send(_ attempt: DeliveryAttempt) {
        let callID = attempt.command.callID.text
        result.counts.attempts += 1
        trace("send    \(attempt.command.event.rawValue) \(callID) (\(attempt.purpose.rawValue) \(attempt.id))")
        checkOrder(attempt, callID)
        var command = attempt.command
        if configuration.mutation == .sendsForwardedForCancel, command.cause == .cancel { command.cause = .forwarded }
        let request = SimulatedRequest(process: process, attempt: attempt, command: command, ending: .nothing)
        requests.append(request)
        let index = requests.count - 1
        underWay[callID] = index
        if mutated(.losesEvents, 0.1) { return reply(index, .delivered(.plain), after: 5) }
        if attempt.purpose == .lookUp, configuration.mutation == .believesDoubtfulHangups {
            return reply(index, .delivered(.plain), after: 5)
        }
        if attempt.command.event == .answer, mutated(.letsAnswersBeOvertaken, 0.5) {
            reply(index, .delivered(.plain), after: 5)
            return arrive(index, after: 40_000)
        }
        if zammads.count > 1, mutated(.mistakesZammads, 0.1) {
            requests[index].command.zammad = SimulatedRouting.names[1 - zammad(command)]
        }
        route(index)
        if configuration.mutation == .sendsHangupTwice, command.event == .hangup, attempt.purpose != .lookUp {
            requests.append(request)
            arrive(requests.count - 1, after: 20_000)
        }
    }

    /// One request at a time for each call, and its events in their order.
    private mutating func checkOrder(_ attempt: DeliveryAttempt, _ callID: String) {
        if underWay[callID] != nil { violation("two requests of \(callID) are under way at once") }
        guard attempt.purpose == .deliver else { return }
        if let last = lastSent[callID], attempt.eventID < last, !facts.deadLetters.contains(callID) {
            violation("\(attempt.command.event.rawValue) of \(callID) is sent after what follows it")
        }
        lastSent[callID] = max(attempt.eventID, lastSent[callID] ?? 0)
    }

    /// Draws what becomes of a request.
    private mutating func route(_ index: Int) {
        if zammads[zammad(requests[index].command)].spell(at: clock) == .down {
            let hangs = random.chance(0.2)
            return fail(index, "connection refused", mayHaveBeenSent: false, after: hangs ? 5000 : random.pick(1...20))
        }
        guard hasFaults, random.chance(rates.request) else {
            requests[index].ending = .answer(after: random.pick(1...40))
            return arrive(index, after: random.pick(1...40))
        }
        let fault: Int = Int(random.pick(0...8))
        switch fault {
        case 0: fail(index, "reset before sending", mayHaveBeenSent: false, after: random.pick(1...300))
        case 1: fail(index, "reset on the way", mayHaveBeenSent: true, after: random.pick(1...300))
        case 2: fail(index, "timeout on the way", mayHaveBeenSent: true, after: 15_000)
        case 3:
            requests[index].ending = .broken(after: random.element(1, 50, 14_000))
            arrive(index, after: random.pick(1...900))
        case 4:
            requests[index].isLate = true
            fail(index, "timeout before arrival", mayHaveBeenSent: true, after: 15_000)
            arrive(index, after: 15_000 + random.pick(1...8000))
        case 5: gateway(index, random.element(502, 503, 429, 408, 200, 400), after: random.pick(1...2000))
        case 6:
            gateway(index, 504, after: 14_000)
            if random.chance(0.5) { arrive(index, after: random.pick(1...13_000)) }
        default:
            requests[index].ending = .answer(after: random.pick(1...4000))
            arrive(index, after: random.pick(1...9000))
        }
    }

    private mutating func gateway(_ index: Int, _ status: Int, after delay: Int64) {
        let wait: Duration? = status == 429 ? .seconds(random.pick(0...3)) : nil
        let answer = ZammadAnswer(status: status, retryAfter: wait, body: .webPage)
        reply(index, outcome(of: answer, to: requests[index]), after: delay)
    }

    private mutating func fail(_ index: Int, _ reason: String, mayHaveBeenSent: Bool, after delay: Int64) {
        let isQuestion = requests[index].attempt.purpose == .lookUp
        let outcome =
            isQuestion
            ? LookUpClassifier.classify(failure: reason, requestMayHaveBeenSent: mayHaveBeenSent)
            : ReplyClassifier.classify(failure: reason, requestMayHaveBeenSent: mayHaveBeenSent)
        reply(index, outcome, after: delay)
    }

    private func outcome(of answer: ZammadAnswer, to request: SimulatedRequest) -> DeliveryOutcome {
        guard request.attempt.purpose == .lookUp else {
            return ReplyClassifier.classify(answer, to: request.command.event)
        }
        return LookUpClassifier.classify(
            answer, log: answer.body == .object ? zammads[zammad(request.command)].callerLog : nil,
            for: request.command.callID)
    }

    private mutating func reply(_ index: Int, _ outcome: DeliveryOutcome, after delay: Int64) {
        queue.add(.reply(process: requests[index].process, request: index, outcome), at: clock + delay)
    }

    private mutating func arrive(_ index: Int, after delay: Int64) {
        queue.add(.arrival(request: index), at: clock + delay)
    }

    mutating func cancelArrivals(where condition: (SimulatedRequest) -> Bool) {
        for index in requests.indices where !requests[index].hasArrived && condition(requests[index]) {
            guard !requests[index].isCancelled, !requests[index].isFinished || requests[index].isLate else { continue }
            requests[index].isCancelled = true
            if case .nothing = requests[index].ending { continue }
            fail(index, "connection reset", mayHaveBeenSent: true, after: 1)
        }
    }

    mutating func arrive(_ index: Int) {
        guard !requests[index].isCancelled else { return }
        let request = requests[index]
        requests[index].hasArrived = true
        let isQuestion = request.attempt.purpose == .lookUp
        let target = zammad(request.command)
        let received =
            isQuestion ? zammads[target].asked(at: clock) : zammads[target].receive(request.command, at: clock)
        guard let answer = received else {
            if case .nothing = request.ending { return }
            return fail(index, "connection reset", mayHaveBeenSent: true, after: 1)
        }
        trace(
            "zammad  \(request.command.event.rawValue) \(request.command.callID) "
                + "\(request.command.cause?.rawValue ?? "") (\(request.attempt.purpose.rawValue)) → \(answer.status) "
                + "\(answer.errorText ?? answer.action ?? "")"
        )
        if !isQuestion, request.isLate || request.process != process { noteLate(request.command) }
        switch request.ending {
        case .nothing: break
        case .answer(let delay):
            reply(index, outcome(of: answer, to: request), after: delay)
        case .broken(let delay): fail(index, "reset after arrival", mayHaveBeenSent: true, after: delay)
        }
    }

    private mutating func noteLate(_ command: CallCommand) {
        let callID = command.callID.text
        switch command.event {
        case .newCall: break
        case .answer: facts.lateEvents.insert(callID)
        // Between the probe that makes a lost row anew and the answer that is told again.
        case .hangup: if zammads[zammad(command)].wiped[callID] != nil { facts.lateEvents.insert(callID) }
        }
    }

    mutating func replyArrived(_ index: Int, _ outcome: DeliveryOutcome) {
        let request = requests[index]
        guard !request.isFinished else { return }
        requests[index].isFinished = true
        if case .ambiguous = outcome { doubt(request) }
        var outcome = outcome
        if configuration.mutation == .takesDoubtForRefusal, case .ambiguous(let reason) = outcome {
            outcome = .retry(reason, scope: .event)
        }
        trace("reply   \(request.command.event.rawValue) \(request.command.callID): \(outcome.name)")
        underWay[request.command.callID.text] = nil
        feed(
            Waiting(input: .attemptFinished(request.attempt.id, outcome, jitter: random.fraction()), request: index))
    }

    /// Notes that nobody knows whether a request has been worked off.
    mutating func doubt(_ request: SimulatedRequest) {
        guard request.attempt.purpose != .lookUp else { return }
        let callID = request.command.callID.text
        switch request.command.event {
        case .hangup: if request.command.direction == .inbound { facts.doubtfulHangups.insert(callID) }
        case .newCall: facts.doubtfulOpenings.insert(callID)
        case .answer: break
        }
    }

    mutating func retryDeadLetters() {
        guard let core else { return }
        let events = core.zammads.flatMap { $0.events.setAside.filter { $0.value.outcome == .deadLetter }.keys }
        let dead = (events + core.zammads.flatMap { $0.tickets.jobs.values.filter(\.isDead).map(\.id) }).sorted()
        if !dead.isEmpty { trace("operator retries \(dead)") }
        for id in dead { feed(Waiting(input: .retryRequested(id))) }
    }
}
