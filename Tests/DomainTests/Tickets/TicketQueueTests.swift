import Testing

@testable import Domain

@Suite("The ticket queue")
struct TicketQueueTests {
    @Test("makes a ticket: the customer, then what is there, then the ticket")
    func created() {
        var story = TicketStory()
        #expect(story.end(.missed("a")) == ["-> a findCustomer"])
        #expect(story.finish(.customer(7)) == ["-> a findTicket of 7"])
        #expect(story.finish(.noTicket) == ["-> a createTicket for 7"])
        #expect(story.finish(.made(ticket: 90)) == ["a created 90"])
        #expect(story.queue.jobs.isEmpty && story.queue.nextDeadline == nil)
    }

    @Test("adds a repeated call to the open ticket of the one before, which it waits for")
    func added() {
        var story = TicketStory()
        #expect(story.end(.missed("a")) == ["-> a findCustomer"])
        #expect(story.end(.missed("b")) == [])
        #expect(
            story.finish(all: [.customer(7), .noTicket, .made(ticket: 90)]).last == "-> b findCustomer")
        #expect(story.finish(.customer(7)) == ["-> b findTicket of 7"])
        #expect(story.finish(.openTicket(90)) == ["-> b addArticle to 90 of 7"])
        #expect(story.finish(.made(ticket: 90)) == ["b added to 90"])
    }

    @Test("makes none where an earlier attempt has made it")
    func alreadyThere() {
        var story = TicketStory()
        _ = story.end(.missed("a"))
        _ = story.finish(.customer(7))
        #expect(story.finish(.alreadyThere(ticket: 90)) == ["a there already: 90"])
    }

    @Test(
        "makes tickets for the calls that are wanted alone",
        arguments: TicketQueue.Settings.Creation.allCases, EndedCall.Outcome.allCases)
    func wanted(_ creation: TicketQueue.Settings.Creation, _ outcome: EndedCall.Outcome) {
        for direction in CallCommand.Direction.allCases {
            var story = TicketStory(creation)
            let isMissed = direction == .inbound && [.missed, .voicemail].contains(outcome)
            let isWanted = creation == .all || (creation == .missed && isMissed)
            #expect(story.end(.call("a", "491", outcome, direction)) == (isWanted ? ["-> a findCustomer"] : []))
            #expect(story.disk.isEmpty == !isWanted)
        }
    }

    @Test("makes none for a caller who shows no number")
    func anonymous() {
        var story = TicketStory()
        #expect(story.end(.missed("a", NumberPlan.anonymous)) == ["a skipped: the caller shows no number"])
        #expect(story.disk.isEmpty)
    }

    @Test("makes none for a number that no customer has")
    func nobody() {
        var story = TicketStory()
        _ = story.end(.missed("a"))
        #expect(story.finish(.noCustomer) == ["a skipped: no customer has this number"])
    }

    @Test("makes the customer where that is wanted, and knows them for the calls that follow")
    func createsCustomers() {
        var story = TicketStory { $0.createsCustomers = true }
        _ = story.end(.missed("a"))
        _ = story.end(.missed("b"))
        #expect(story.finish(.noCustomer) == ["-> a createCustomer"])
        #expect(story.finish(.customer(7)) == ["-> a findTicket of 7"])
        _ = story.finish(.noTicket)
        // Zammad's search would not find the customer yet.
        #expect(story.finish(.made(ticket: 90)) == ["a created 90", "-> b findTicket of 7"])
        _ = story.finish(all: [.openTicket(90), .made(ticket: 90)])
        _ = story.pass(to: 599)
        #expect(story.end(.missed("c")) == ["-> c findTicket of 7"])
        _ = story.finish(all: [.openTicket(90), .made(ticket: 90)])
        _ = story.pass(to: 600)
        #expect(story.end(.missed("d")) == ["-> d findCustomer"])
    }

    @Test("looks for the customer again while Zammad has not been told of the call")
    func eventsPending() {
        var story = TicketStory { $0.maxEventWaits = 2 }
        let wait = "a postponed: no customer has this number, and the call's events are still on their way"
        _ = story.end(.missed("a"))
        #expect(story.finish(.noCustomer, eventsArePending: true) == [wait])
        #expect(story.queue.nextDeadline == second(1))
        #expect(story.passToDeadline() == ["-> a findCustomer"])
        #expect(story.finish(.noCustomer, eventsArePending: true) == [wait])
        #expect(story.passToDeadline() == ["-> a findCustomer"])
        #expect(story.finish(.noCustomer, eventsArePending: true) == ["a skipped: no customer has this number"])
    }

    // MARK: - Doubt

    /// Each step that changes something in Zammad: what leads to it, and with what the queue goes on after doubt.
    struct Change: Sendable, CustomTestStringConvertible {
        var before: [TicketOutcome]
        var step: String
        var after: String
        var testDescription: String { step }
    }

    static let changes = [
        Change(before: [.noCustomer], step: "-> a createCustomer", after: "-> a findCustomer"),
        Change(before: [.customer(7), .noTicket], step: "-> a createTicket for 7", after: "-> a findTicket of 7"),
        Change(
            before: [.customer(7), .openTicket(90)], step: "-> a addArticle to 90 of 7", after: "-> a findTicket of 7"),
    ]

    @Test("looks again, when a late request must have arrived, before it makes anything anew", arguments: changes)
    func doubt(_ change: Change) {
        var story = TicketStory { $0.createsCustomers = true }
        _ = story.end(.missed("a"))
        #expect(story.finish(all: change.before).last == change.step)
        #expect(story.finish(.ambiguous("no answer")) == ["a postponed: no answer"])
        #expect(story.queue.nextDeadline == second(30))
        #expect(story.pass(to: 29.999) == [])
        #expect(story.pass(to: 30) == [change.after])
    }

    @Test("does the same after the process has ended while it was under way", arguments: changes)
    func killed(_ change: Change) {
        var story = TicketStory { $0.createsCustomers = true }
        _ = story.end(.missed("a"))
        #expect(story.finish(all: change.before).last == change.step)
        #expect(story.restart() == [])
        #expect(story.queue.nextDeadline == second(30))
        #expect(story.passToDeadline() == [change.after])
        // A second time changes nothing about it.
        #expect(story.restart() == [change.after])
    }

    @Test("asks a question at once again after a restart", arguments: [[], [TicketOutcome.customer(7)]])
    func questionsAgain(_ before: [TicketOutcome]) {
        var story = TicketStory()
        let step = story.end(.missed("a")) + story.finish(all: before)
        #expect(story.restart() == [step.last])
    }

    @Test("keeps what waits and what was given up over a restart, and does not try the latter")
    func resumed() {
        var story = TicketStory()
        _ = story.end(.missed("a", "491"))
        _ = story.end(.missed("b", "492"))
        #expect(story.finish(all: [.customer(7), .noTicket, .ambiguous("no answer")]).last == "-> b findCustomer")
        _ = story.finish(.refused("no"))
        _ = story.pass(to: 1)
        #expect(story.finish(.refused("no")) == ["b dead: no"])
        #expect(story.restart() == [])
        #expect(story.queue.pendingCount == 1 && story.queue.deadCount == 1)
        #expect(story.queue.nextDeadline == second(30))
    }

    @Test("waits no longer than ever when the clock was set back before a restart")
    func clockSetBack() {
        var story = TicketStory()
        _ = story.pass(to: 7200)
        _ = story.end(.missed("a"))
        _ = story.finish(.refused("no"))
        #expect(story.restart(at: 3600) == [])
        #expect(story.queue.nextDeadline == second(3660))
        #expect(story.pass(to: 3660) == ["-> a findCustomer"])
    }

    @Test("gives up what stays in doubt")
    func endlessDoubt() {
        var story = TicketStory { $0.maxFaults = 3 }
        _ = story.end(.missed("a"))
        _ = story.finish(.customer(7))
        for _ in 1..<3 {
            _ = story.finish(all: [.noTicket, .ambiguous("HTTP 500")])
            #expect(story.passToDeadline() == ["-> a findTicket of 7"])
        }
        #expect(story.finish(all: [.noTicket, .ambiguous("HTTP 500")]).last == "a dead: HTTP 500")
        #expect(story.queue.nextDeadline == nil)
    }

    // MARK: - Refusals and outages

    @Test("tries what Zammad refuses once more, and gives it up then; the operator may have it tried again, or drop it")
    func refused() throws {
        var story = TicketStory()
        _ = story.end(.missed("a"))
        _ = story.finish(all: [.customer(7), .noTicket])
        #expect(story.finish(.refused("bad title")) == ["a postponed: bad title"])
        #expect(story.passToDeadline() == ["-> a findTicket of 7"])
        #expect(story.finish(all: [.noTicket, .refused("bad title")]).last == "a dead: bad title")
        let id = try #require(story.queue.jobs.keys.first)
        #expect(story.retry(id) == ["-> a findTicket of 7"])
        #expect(story.retry(id) == [])
        _ = story.finish(all: [.noTicket, .refused("bad title")])
        _ = story.passToDeadline()
        _ = story.finish(all: [.noTicket, .refused("bad title")])
        #expect(story.drop(id) == ["a dropped"])
        #expect(story.disk.isEmpty && story.retry(id) == [] && story.drop(id) == [])
    }

    @Test("makes a ticket of its own where the open one takes no article")
    func refusedArticle() {
        var story = TicketStory()
        _ = story.end(.missed("a"))
        _ = story.finish(all: [.customer(7), .openTicket(90)])
        #expect(story.finish(.refused("HTTP 403")) == ["a postponed: HTTP 403"])
        #expect(story.passToDeadline() == ["-> a createTicket for 7"])
        #expect(story.finish(.made(ticket: 91)) == ["a created 91"])
    }

    @Test("drops a ticket whose request is under way, and goes on when that has ended")
    func droppedUnderWay() throws {
        var story = TicketStory()
        _ = story.end(.missed("a"))
        _ = story.end(.missed("b", "492"))
        let id = try #require(story.underWay?.jobID)
        #expect(story.drop(id) == ["a dropped"])
        #expect(story.finish(.customer(7)) == ["-> b findCustomer"])
    }

    @Test("waits longer and longer while Zammad does not answer, all tickets together, and loses none")
    func outage() {
        var story = TicketStory()
        _ = story.end(.missed("a", "491"))
        _ = story.end(.missed("b", "492"))
        var waits: [Int64] = []
        for _ in 0..<20 {
            let before = story.now
            _ = story.finish(.unavailable("HTTP 503"))
            #expect(story.underWay == nil)
            _ = story.passToDeadline()
            waits.append((story.now - before).milliseconds / 1000)
        }
        #expect(waits == [1, 2, 4, 8, 15, 30] + Array(repeating: 60, count: 14))
        #expect(story.queue.pendingCount == 2)
        // Both were tried in turn: whose turn it is now succeeds, and the pause is over for the other too.
        #expect(
            story.finish(all: [.customer(7), .noTicket, .made(ticket: 90)]).last?.hasSuffix("findCustomer") == true)
    }

    @Test("waits as long as Zammad asks for")
    func retryAfter() {
        var story = TicketStory()
        _ = story.end(.missed("a"))
        _ = story.finish(.unavailable("HTTP 429", after: .seconds(17)))
        #expect(story.queue.nextDeadline == second(17))
    }

    @Test("looks once a minute whether a wrong configuration has been repaired, and at once when it is changed")
    func misconfigured() {
        var story = TicketStory()
        _ = story.end(.missed("a"))
        #expect(story.finish(.misconfigured("HTTP 403")) == ["a postponed: HTTP 403"])
        #expect(story.queue.nextDeadline == second(60))
        _ = story.passToDeadline()
        _ = story.finish(.misconfigured("HTTP 403"))
        _ = story.finishNothing()
        #expect(story.change { _ in } == ["-> a findCustomer"])
        // And goes on after any mixture of both without an end.
        for _ in 0..<3 {
            _ = story.finish(.misconfigured("HTTP 403"))
            _ = story.passToDeadline()
            _ = story.finish(.unavailable("HTTP 503"))
            _ = story.passToDeadline()
        }
        #expect(story.queue.pendingCount == 1)
    }

    @Test("lets no ticket that always fails keep the others from theirs")
    func noStarvation() {
        var story = TicketStory()
        for (call, number) in [("a", "491"), ("b", "492"), ("c", "493"), ("d", "494")] {
            _ = story.end(.missed(call, number))
        }
        var done: Set<String> = []
        for _ in 0..<40 where done.count < 2 {
            guard let attempt = story.underWay else {
                _ = story.passToDeadline()
                continue
            }
            let isOdd = ["a", "b"].contains(attempt.call.callID.text)
            let outcome: TicketOutcome =
                switch attempt.step {
                case .findCustomer where isOdd: .misconfigured("HTTP 403")
                case .findCustomer: .customer(7)
                case .findTicket: .noTicket
                default: .made(ticket: 90)
                }
            for line in story.finish(outcome) where line.hasSuffix("created 90") { done.insert(line) }
        }
        #expect(done == ["c created 90", "d created 90"])
        #expect(story.queue.pendingCount == 2)
    }

    @Test("is not kept from other numbers by a ticket in doubt, nor from the same one by a dead one")
    func others() {
        var story = TicketStory()
        _ = story.end(.missed("a", "491"))
        _ = story.end(.missed("b", "491"))
        _ = story.end(.missed("c", "492"))
        #expect(
            story.finish(all: [.customer(7), .noTicket, .ambiguous("no answer")]).last == "-> c findCustomer")
        #expect(story.finish(all: [.customer(8), .noTicket, .made(ticket: 91)]).last == "c created 91")
        #expect(story.queue.nextDeadline == second(30))
        #expect(story.passToDeadline() == ["-> a findTicket of 7"])
        #expect(story.finish(.refused("no")) == ["a dead: no", "-> b findCustomer"])
    }

    // MARK: - Limits and settings

    @Test("takes no more than it may hold, those that were given up included")
    func limit() {
        var story = TicketStory { $0.maxWaiting = 2 }
        _ = story.end(.missed("a", "491"))
        _ = story.end(.missed("b", "492"))
        #expect(story.end(.missed("c", "493")) == ["c skipped: too many tickets wait"])
    }

    @Test("makes what waits also when it is switched off")
    func switchedOff() {
        var story = TicketStory()
        _ = story.end(.missed("a"))
        #expect(story.change { $0.creation = .off } == [])
        #expect(story.end(.missed("b")) == [])
        #expect(story.finish(all: [.customer(7), .noTicket, .made(ticket: 90)]).last == "a created 90")
    }

    @Test("begins nothing once it is to stop, and keeps what comes of the rest")
    func stopping() {
        var story = TicketStory()
        _ = story.end(.missed("a"))
        story.stop()
        #expect(story.finish(.customer(7)) == [])
        #expect(story.queue.nextDeadline == nil && story.pass(to: 100) == [])
        #expect(story.disk.values.map(\.state) == [.ready(.findTicket(customer: 7))])
    }

    @Test("waits while its Zammad is not configured, and goes on when it is again")
    func retired() {
        var story = TicketStory()
        _ = story.end(.missed("a"))
        story.retire()
        #expect(story.finish(.customer(7)) == [] && story.queue.nextDeadline == nil)
        story.work()
        #expect(story.change { _ in } == ["-> a findTicket of 7"])
    }

    @Test("takes an answer to another question for a fault, not for a ticket")
    func nonsense() {
        var story = TicketStory()
        _ = story.end(.missed("a"))
        #expect(story.finish(.made(ticket: 90)) == ["a dead: an answer to another question"])
    }
}

extension TicketStory {
    /// Nothing is under way, and nothing is wanted before the deadline.
    fileprivate mutating func finishNothing() -> [String] {
        #expect(underWay == nil)
        return []
    }
}
