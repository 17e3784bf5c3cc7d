import Domain
import Played

/// The shell around the core, which drives the same loop as the daemon.
extension Simulation {
    var hasFaults: Bool { clock < length }

    /// Whether the mutation strikes now; draws nothing from the world's randomness, so that a mutated run begins as the
    /// same world.
    func mutated(_ mutation: SimulationMutation, _ probability: Double) -> Bool {
        guard configuration.mutation == mutation else { return false }
        var random = SplitMix64(seed: configuration.seed ^ UInt64(bitPattern: clock &* 31))
        return random.chance(probability)
    }

    // MARK: - Process

    mutating func start() {
        process += 1
        var saved = restore(disk)
        if configuration.mutation == .forgetsCallsAtRestart { saved.calls = [:] }
        if configuration.mutation == .forgetsLanesInFlight {
            for callID in underWay.keys { saved.lanes[CallID(text: callID)] = nil }
        }
        underWay = [:]
        for index in phones.indices { (phones[index].isViewLost, phones[index].lastShown) = (true, nil) }
        for index in phones.indices { phones[index].unfollow() }
        let (core, output) = BridgeCore.resuming(
            saved, calls: phones.map(\.settings), delivery: deliveries, at: now)
        trace("process started: \(saved.calls.count) calls, \(saved.account.pending) pending")
        let (loop, first) = WriteAheadLoop<Waiting>.resuming(core, output, at: now)
        self.loop = loop
        timer = nil
        var step = Step(first)
        step.seen = [(nil, .resumed(at: now))]
        step.polled = Set(phones.indices)
        checkCore()
        commit(step, always: true)
    }

    mutating func stop() {
        guard core != nil, hasFaults else { return }
        trace("process asked to stop")
        feed(Waiting(input: .stopping))
        queue.add(.kill, at: min(length - 1, clock + random.pick(0...5000)))
    }

    mutating func crash(_ reason: String) {
        guard core != nil, hasFaults else { return }
        trace("process \(reason)")
        result.counts.crashes += 1
        // An outcome that is not kept is as good as none.
        let waiting = loop?.failed() ?? []
        for index in (step?.finished ?? []) + waiting.compactMap(\.request) { doubt(requests[index]) }
        loop = nil
        step = nil
        abandonTicketRequests()
        // Requests of the dead process that are still on their way may or may not arrive.
        for index in requests.indices where requests[index].process == process && !requests[index].isFinished {
            doubt(requests[index])
            if !requests[index].hasArrived, random.chance(0.5) { requests[index].isCancelled = true }
        }
        process += 1
        queue.add(.start, at: min(length, clock + random.element(50, 1000, random.pick(100...40_000))))
    }

    mutating func losePower() {
        guard core != nil, hasFaults else { return }
        result.counts.powerLosses += 1
        crash("lost its power")
    }

    // MARK: - Polls

    mutating func poll(_ index: Int, repeats: Bool = true) {
        guard core != nil else { return }
        let pbx = phones[index].pbx
        result.counts.polls += 1
        let isOut = pbx.isOut(at: clock)
        if isOut || (hasFaults && random.chance(rates.poll)) {
            let hangs = random.chance(isOut ? 0.1 : 0.2)
            let wait = hangs ? 5000 : random.pick(5...300)
            queue.add(.pollEnded(process: process, phones: index, nil, repeats: repeats), at: clock + wait)
            return
        }
        let missing = hasFaults && random.chance(rates.incompletePoll) ? Int(random.pick(0...30)) : nil
        var poll = pbx.poll(at: clock, instant: now, missing: missing)
        let isSlow = hasFaults && random.chance(rates.poll / 4)
        let latency = isSlow ? random.pick(300...4500) : random.pick(2...60)
        if pbx.pushes {
            // What events tell during a poll is newer than what it shows.
            poll = pbx.poll(at: clock + latency, instant: now + .milliseconds(latency), missing: missing)
            poll.begunAt = now
        }
        queue.add(.pollEnded(process: process, phones: index, poll, repeats: repeats), at: clock + latency)
    }

    /// What an event tells, once a poll has shown what it starts from.
    mutating func push(_ index: Int) {
        guard core != nil, phones[index].isFollowed, !phones[index].pbx.isOut(at: clock) else { return }
        let poll = phones[index].pbx.poll(at: clock, instant: now, missing: nil)
        pollEnded(poll, at: index, repeats: false)
    }

    /// As the view of call control does it: a call that has lost its last leg is looked after, at once and a moment
    /// later.
    private mutating func noteEnds(in poll: inout SimulatedPBX.Poll, at index: Int) {
        guard phones[index].pbx.pushes, poll.snapshot.isComplete else { return }
        phones[index].isFollowed = true
        if phones[index].lost.shown(poll.snapshot.calls, at: now) {
            for delay: Int64 in [1, LostConversations.confirmedAfter.milliseconds] {
                queue.add(.confirmation(process: process, phones: index), at: clock + delay)
            }
        }
        guard var start = poll.begunAt else { return }
        if configuration.mutation == .confirmsTooSoon { start = start + LostConversations.confirmedAfter }
        poll.snapshot.confirmedGone = phones[index].lost.confirm(byPollBegunAt: start)
        for call in phones[index].pbx.calls where call.isLive(at: clock) {
            guard poll.snapshot.confirmedGone.contains(call.id) else { continue }
            violation("#\(call.id) is taken for over although it goes on")
        }
    }

    mutating func pollEnded(_ poll: SimulatedPBX.Poll?, at index: Int, repeats: Bool) {
        let name = phones[index].name
        var shown = poll
        if var poll {
            noteEnds(in: &poll, at: index)
            shown = poll
        } else {
            phones[index].unfollow()
        }
        if configuration.traces, index == 0 {
            firstPoll = firstPoll ?? clock
            result.polls.append(SimulationResult.Poll(at: clock - (firstPoll ?? clock), snapshot: poll?.snapshot))
        }
        guard let poll = shown else {
            trace("look    \(name.shown ?? "")failed")
            if configuration.mutation == .takesFailureForSilence {
                // The world goes on to know better: nothing was seen.
                let nothing = CallSnapshot(takenAt: now, calls: [], listsLegs: phones[index].pbx.listsLegs)
                feed(Waiting(input: .polled(nothing, at: name), phones: index, repeats: repeats))
                return
            }
            return feed(Waiting(input: .pollFailed(at: name), phones: index, repeats: repeats))
        }
        trace("look    \(name.shown ?? "")\(poll.text)")
        let isMistaken = phones.count > 1 && mutated(.mistakesPhoneSystems, 0.1)
        feed(
            Waiting(
                input: .polled(poll.snapshot, at: isMistaken ? phones[phones.count - 1 - index].name : name),
                poll: poll,
                phones: index, repeats: repeats))
    }

    // MARK: - Handling, keeping, acting

    mutating func feed(_ waiting: Waiting) {
        guard loop != nil else { return }
        var input = waiting.input
        if case .polled = input, mutated(.skipsPolls, 0.2) { input = .timePassed }
        loop?.arrived(input, waiting)
        workOff()
    }

    private mutating func workOff() {
        let now = self.now
        guard let batch = loop?.take(at: now) else { return }
        var step = Step(batch)
        for taken in batch.steps { note(taken, in: &step) }
        checkCore()
        commit(step, always: false)
    }

    private mutating func note(_ taken: WriteAheadLoop<Waiting>.Step, in step: inout Step) {
        let waiting = taken.note
        switch waiting.input {
        case .polled(let snapshot, _):
            guard let index = waiting.phones else { break }
            if waiting.repeats { step.polled.insert(index) }
            if let poll = waiting.poll {
                step.seen.append((index, .polled(at: now, snapshot)))
                step.polls.append((now, index, poll))
                phones[index].isViewLost = !snapshot.isComplete
                // One that shows no outside party any more may have ended.
                let shown = snapshot.calls.lazy.filter { $0.direction != .internal }
                if snapshot.isComplete { phones[index].lastShown = Set(shown.map(\.id)) }
            } else {
                step.seen.append((index, .pollFailed(at: now)))
                phones[index].isViewLost = true
            }
        case .pollFailed:
            guard let index = waiting.phones else { break }
            if waiting.repeats { step.polled.insert(index) }
            step.seen.append((index, .pollFailed(at: now)))
            phones[index].isViewLost = true
        case .timePassed:
            step.seen.append((nil, .timePassed(at: now)))
        default: break
        }
        if let request = waiting.request { step.finished.append(request) }
        for decision in taken.output.decisions { check(decision) }
        if let request = waiting.request { check(taken.output.news, after: requests[request].attempt) }
    }

    private mutating func commit(_ step: Step, always: Bool) {
        self.step = step
        guard always || !step.isEmpty else { return acceptStep() }
        if configuration.mutation == .actsBeforeCommit { perform(step.news, step.effects) }
        // Where it may hurt: while the commit is under way, or what it allowed is.
        if hasFaults, power.chance(rates.powerLoss) { queue.add(.powerLoss, at: clock + power.pick(0...25)) }
        let isSlow = hasFaults && chance(rates.slowCommit, for: step)
        queue.add(.committed(process: process), at: clock + (isSlow ? pick(10...1500, for: step) : power.pick(1...20)))
    }

    /// What concerns tickets alone draws from their generator, so that calls and events meet what they would without.
    private mutating func chance(_ probability: Double, for step: Step) -> Bool {
        step.concernsTicketsAlone ? ticketRandom.chance(probability) : random.chance(probability)
    }

    private mutating func pick(_ range: ClosedRange<Int64>, for step: Step) -> Int64 {
        step.concernsTicketsAlone ? ticketRandom.pick(range) : random.pick(range)
    }

    mutating func commitEnded() {
        guard let step else { return }
        let mayCrash = hasFaults && chance(rates.commitCrash, for: step)
        if mayCrash, chance(0.5, for: step) { return crash("crashed before the commit") }
        if !mutated(.forgetsCommits, 0.2) { disk.apply(step.change) }
        guard mayCrash else { return acceptStep() }
        accept(step)
        self.step = nil
        for case .request(let attempt, _) in step.effects {
            doubt(SimulatedRequest(process: process, attempt: attempt, command: attempt.command, ending: .nothing))
        }
        crash("crashed after the commit")
    }

    private mutating func acceptStep() {
        guard let step else { return }
        accept(step)
        self.step = nil
        loop?.kept()
        if configuration.mutation != .actsBeforeCommit || step.isEmpty { perform(step.news, step.effects) }
        schedule(after: step)
        workOff()
    }

    private mutating func accept(_ step: Step) {
        var polls = step.polls[...]
        for (phones, entry) in step.seen {
            for index in self.phones.indices where phones == nil || phones == index {
                self.phones[index].history.append(entry)
                switch entry {
                case .polled:
                    if let poll = polls.popFirst()?.poll { self.phones[index].sightings.accepted(poll, at: entry.at) }
                case .timePassed(let at): self.phones[index].sightings.timePassed(at: at)
                case .resumed(let at): self.phones[index].sightings.resumed(at: at)
                case .pollFailed: break
                }
            }
        }
        noteTickets(step)
        for case .deadLettered(let event, _) in step.news {
            result.counts.deadLetters += 1
            facts.deadLetters.insert(event.command.callID.text)
        }
        for case .decided(let decision) in step.news {
            trace(
                "core    #\(decision.pbxCallID) \(decision.from.rawValue).\(decision.input.rawValue) → "
                    + "\(decision.to.rawValue) "
                    + decision.commands.map { "\($0.event.rawValue) \($0.callID)" }.joined(separator: ", "))
        }
    }

    private mutating func schedule(after step: Step) {
        for index in step.polled.sorted() {
            queue.add(.poll(process: process, phones: index), at: clock + pollInterval + random.pick(-50...50))
        }
        guard let deadline = core?.nextDeadline, deadline != timer else { return }
        timer = deadline
        queue.add(
            .timer(process: process, deadline), at: max(clock, deadline.milliseconds - 1_700_000_000_000))
    }

    mutating func timerFired(_ deadline: Instant) {
        guard timer == deadline else { return }
        timer = nil
        guard step == nil else { return feed(Waiting(input: .timePassed)) }
        let before = core
        feed(Waiting(input: .timePassed))
        if step == nil, let core, let next = core.nextDeadline, next <= now, core == before {
            violation("the core wants to be woken at once, again and again")
            timer = nil
        }
    }
}
