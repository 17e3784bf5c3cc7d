import Domain

/// The loss of power. What has been committed outlives the process, and the loss of power only once it is flushed to the disk; entries
/// that may be forgotten are acted on before that.
extension Simulation {
    /// A commit that is not flushed yet.
    struct Unflushed: Sendable {
        var number: Int
        /// What is left if the power fails.
        var disk: SavedCore
        var phones: [SimulatedPhones]
        var tickets: [SimulatedTickets]
        var lastSent: [String: OutboxEvent.ID]
        /// What was done upon it.
        var attempts: [DeliveryAttempt]
        /// Requests whose outcomes it took in.
        var finished: [Int]
    }

    /// Before the change is applied to the disk.
    mutating func keep(_ step: Step) {
        commits += 1
        let mustBeFlushed = step.actions.contains { !$0.mayBeForgotten }
        let isTooLate = mustBeFlushed && mutated(.flushesTooLate, 1)
        // Few hangups are those of missed calls: a world that flushes too late fails where it hurts.
        if hasFaults, power.chance(isTooLate ? 0.3 : rates.powerLoss) {
            queue.add(.powerLoss, at: clock + power.pick(0...25))
        }
        if mustBeFlushed, !isTooLate {
            unflushed = []
            return
        }
        let attempts = step.actions.compactMap { action -> DeliveryAttempt? in
            guard case .attempt(let attempt) = action, attempt.purpose != .lookUp else { return nil }
            return attempt
        }
        unflushed.append(
            Unflushed(
                number: commits, disk: disk, phones: phones, tickets: tickets, lastSent: lastSent, attempts: attempts,
                finished: step.finished))
        let isSlow = hasFaults && power.chance(rates.slowCommit)
        queue.add(.flushed(process: process, commit: commits), at: clock + power.pick(isSlow ? 10...1500 : 1...20))
    }

    /// A flush takes with it all that was committed before, also by processes that have ended before they could flush it.
    mutating func flushEnded(_ commit: Int) {
        unflushed.removeAll { $0.number <= commit }
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
