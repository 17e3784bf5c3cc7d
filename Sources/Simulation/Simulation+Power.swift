import Domain

/// The loss of power. What has been committed outlives the process, and the loss of power only once it is flushed to the disk; what may
/// be forgotten is done before that, and the rest after it.
extension Simulation {
    /// A commit that is not flushed yet.
    struct Unflushed: Sendable {
        var number: Int
        /// What is left if the power fails.
        var disk: SavedCore
        var phones: [SimulatedPhones]
        var tickets: [SimulatedTickets]
        var lastSent: [String: OutboxEvent.ID]
        var process: Int
        /// What was done upon it.
        var attempts: [DeliveryAttempt]
        /// What is done upon it when it is flushed.
        var held: [OutboxAction]
        /// Requests whose outcomes it took in.
        var finished: [Int]
    }

    /// Before the change is applied to the disk.
    mutating func keep(_ step: Step) {
        commits += 1
        let isTooLate = step.actions.contains { !$0.mayBeForgotten && !waitsForFlush($0) }
        // Few hangups are those of missed calls: a world that flushes too late fails where it hurts.
        if hasFaults, power.chance(isTooLate ? 0.3 : rates.powerLoss) {
            queue.add(.powerLoss, at: clock + power.pick(0...25))
        }
        let attempts = step.actions.compactMap { action -> DeliveryAttempt? in
            guard case .attempt(let attempt) = action, attempt.purpose != .lookUp, !waitsForFlush(action) else {
                return nil
            }
            return attempt
        }
        unflushed.append(
            Unflushed(
                number: commits, disk: disk, phones: phones, tickets: tickets, lastSent: lastSent,
                process: process, attempts: attempts, held: step.actions.filter(waitsForFlush), finished: step.finished
            ))
        let isSlow = hasFaults && power.chance(rates.slowCommit)
        queue.add(.flushed(process: process, commit: commits), at: clock + power.pick(isSlow ? 10...1500 : 1...20))
    }

    func waitsForFlush(_ action: OutboxAction) -> Bool {
        !action.mayBeForgotten && ![.flushesTooLate, .actsBeforeCommit].contains(configuration.mutation)
    }

    /// A flush takes with it all that was committed before, also by processes that have ended before they could flush it.
    mutating func flushEnded(_ commit: Int) {
        let flushed = unflushed.prefix { $0.number <= commit }
        unflushed.removeFirst(flushed.count)
        for one in flushed where one.process == process { perform(one.held) }
    }

    mutating func losePower() {
        guard core != nil, hasFaults else { return }
        result.counts.powerLosses += 1
        if let first = unflushed.first {
            trace("disk    \(unflushed.count) commits are lost with the power")
            disk = first.disk
            lastSent = first.lastSent
            for index in phones.indices {
                phones[index].history = first.phones[index].history
                phones[index].sightings = first.phones[index].sightings
            }
            for index in tickets.indices { tickets[index].takeNotes(from: first.tickets[index]) }
            for lost in unflushed {
                for attempt in lost.attempts { facts.forgotten.insert(attempt.command.callID.text) }
                for index in lost.finished { doubt(requests[index]) }
            }
            unflushed = []
        }
        crash("lost its power")
    }
}
