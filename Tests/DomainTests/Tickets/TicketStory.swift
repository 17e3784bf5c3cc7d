import Testing

@testable import Domain

/// Drives a ticket queue on virtual time and tells what it wants, line by line. After every step there must be one
/// request under way at most, a deadline for whatever waits, and a journal that knows all.
struct TicketStory {
    private(set) var queue: TicketQueue
    private(set) var now = second(0)
    private(set) var underWay: TicketAttempt?
    /// What a journal holds.
    private(set) var disk: [TicketJob.ID: TicketJob] = [:]
    private var lastID = 0

    init(_ creation: TicketQueue.Settings.Creation = .missed, _ change: (inout TicketQueue.Settings) -> Void = { _ in })
    {
        var settings = TicketQueue.Settings()
        settings.creation = creation
        change(&settings)
        queue = TicketQueue(settings: settings)
    }

    mutating func end(_ call: EndedCall) -> [String] {
        take(queue.callEnded(call, at: now, lastID: &lastID))
    }

    /// Ends the request under way.
    mutating func finish(
        _ outcome: TicketOutcome, jitter: Double = 1, eventsArePending: Bool = false,
        sourceLocation: SourceLocation = #_sourceLocation
    ) -> [String] {
        guard underWay != nil else {
            Issue.record("nothing is under way", sourceLocation: sourceLocation)
            return []
        }
        underWay = nil
        return take(
            queue.finished(outcome, jitter: jitter, eventsArePending: eventsArePending, at: now, lastID: &lastID))
    }

    /// Several at once; the lines of all.
    mutating func finish(
        all outcomes: [TicketOutcome], sourceLocation: SourceLocation = #_sourceLocation
    ) -> [String] {
        var lines: [String] = []
        for outcome in outcomes { lines += finish(outcome, sourceLocation: sourceLocation) }
        return lines
    }

    mutating func pass(to seconds: Double) -> [String] {
        now = second(seconds)
        return take(queue.timePassed(at: now, lastID: &lastID))
    }

    /// Lets time pass to the machine's own deadline.
    mutating func passToDeadline(sourceLocation: SourceLocation = #_sourceLocation) -> [String] {
        guard let deadline = queue.nextDeadline, deadline > now else {
            Issue.record("a deadline that lies ahead was expected", sourceLocation: sourceLocation)
            return []
        }
        now = deadline
        return take(queue.timePassed(at: now, lastID: &lastID))
    }

    /// The process ends here and the next one begins at once, with what the journal holds.
    /// `seconds`: what the clock shows then, if somebody has set it.
    mutating func restart(at seconds: Double? = nil) -> [String] {
        underWay = nil
        if let seconds { now = second(seconds) }
        queue = TicketQueue(settings: queue.settings, resuming: disk, at: now)
        return take(queue.timePassed(at: now, lastID: &lastID))
    }

    mutating func retry(_ id: TicketJob.ID) -> [String] { take(queue.retry(id, at: now, lastID: &lastID)) }
    mutating func drop(_ id: TicketJob.ID) -> [String] { take(queue.drop(id, at: now, lastID: &lastID)) }
    mutating func change(_ change: (inout TicketQueue.Settings) -> Void) -> [String] {
        var settings = queue.settings
        change(&settings)
        return take(queue.change(to: settings, at: now, lastID: &lastID))
    }
    mutating func stop() { queue.duty = .stopping }
    mutating func retire() { queue.duty = .retired }
    mutating func work() { queue.duty = .working }

    private mutating func take(_ output: TicketOutput) -> [String] {
        if let attempt = output.attempt {
            #expect(underWay == nil, "two requests at once")
            underWay = attempt
        }
        var changes: [TicketJob.ID: TicketJob?] = [:]
        queue.takeChanges(into: &changes)
        for (id, job) in changes { disk[id] = job }
        #expect(disk == queue.jobs, "the journal does not know all")
        #expect(queue.pendingCount + queue.deadCount == queue.jobs.count)
        #expect(underWay.map { queue.hasUnderWay($0.id) } ?? true)
        return [output.news?.text, output.attempt?.text].compactMap(\.self)
    }
}

extension EndedCall {
    static func missed(_ id: String, _ number: String = "491") -> EndedCall { call(id, number, .missed) }

    static func call(
        _ id: String, _ number: String = "491", _ outcome: Outcome, _ direction: CallCommand.Direction = .inbound
    ) -> EndedCall {
        EndedCall(
            callID: CallID(text: id), direction: direction, number: number, digits: number, outcome: outcome,
            startedAt: second(-20), endedAt: second(0))
    }
}

extension TicketNews {
    var text: String {
        switch self {
        case .done(let job, .created(let id)): "\(job.call.callID) created \(id)"
        case .done(let job, .added(let id)): "\(job.call.callID) added to \(id)"
        case .done(let job, .alreadyThere(let id)): "\(job.call.callID) there already: \(id)"
        case .done(let job, .skipped(let reason)): "\(job.call.callID) skipped: \(reason)"
        case .postponed(let job, let reason): "\(job.call.callID) postponed: \(reason)"
        case .deadLettered(let job, let reason): "\(job.call.callID) dead: \(reason)"
        case .dropped(let job): "\(job.call.callID) dropped"
        }
    }
}

extension TicketAttempt {
    var text: String { "-> \(call.callID) \(step.text)" }
}

extension TicketStep {
    var text: String {
        switch self {
        case .findCustomer: "findCustomer"
        case .createCustomer: "createCustomer"
        case .findTicket(let customer): "findTicket of \(customer)"
        case .createTicket(let customer): "createTicket for \(customer)"
        case .addArticle(let ticket, let customer): "addArticle to \(ticket) of \(customer)"
        }
    }
}
