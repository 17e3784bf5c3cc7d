import Domain
import Ports
import Testing

@testable import Adapters

@Suite("Tickets through Zammad's REST API", .timeLimit(.minutes(10)))
struct ZammadTicketsTests {
    @Test("a ticket with the call as its article")
    func created() async throws {
        try await TicketSystemUnderTest.run { made in
            let customer = await made.addCustomer("493023125001")
            #expect(await made.perform(.findCustomer) == .customer(customer))
            #expect(await made.perform(.findTicket(customer: customer)) == .noTicket)
            guard case .made(let id) = await made.perform(.createTicket(customer: customer)) else {
                Issue.record("no ticket")
                return
            }
            let ticket = try #require(await made.zammad.helpdesk.value.tickets.first)
            #expect(ticket.id == Int64(id) && ticket.customerID == Int64(customer))
            #expect(ticket.title == "Missed call: +493023125001" && ticket.group == "Users")
            let article = try #require(ticket.articles.first)
            #expect(article.type == "phone" && article.sender == "Customer" && !article.isInternal)
            #expect(article.messageID == "<3cx-7-1770110101000.493023125001@3cx-zammad-bridge>")
            #expect(article.body.contains("Queue: Support") && article.body.contains("Duration: 0:21"))
            #expect(await made.perform(.findTicket(customer: customer)) == .alreadyThere(ticket: id))
        }
    }

    @Test("Zammad writes to the customer only if that is wanted", arguments: [false, true])
    func customerIsNotWrittenTo(_ isWanted: Bool) async throws {
        var settings = BridgeConfiguration.Zammad.Tickets()
        settings.notifiesCustomer = isWanted
        try await TicketSystemUnderTest.run(settings: settings) { made in
            let customer = await made.addCustomer()
            guard case .made(let id) = await made.perform(.createTicket(customer: customer)) else { return }
            let second = EndedCall.ended("3cx-8-1")
            _ = await made.perform(.addArticle(ticket: id, customer: customer), second)
            let helpdesk = await made.zammad.helpdesk.value
            #expect(helpdesk.customersWrittenTo == (isWanted ? [Int64(customer)] : []))
            #expect(helpdesk.articles.map(\.isSilent) == [!isWanted, !isWanted])
        }
    }

    @Test("a repeated call is added to the open ticket of its number, and to no other")
    func repeated() async throws {
        try await TicketSystemUnderTest.run { made in
            let customer = await made.addCustomer()
            guard case .made(let id) = await made.perform(.createTicket(customer: customer)) else { return }
            let second = EndedCall.ended("3cx-8-1")
            #expect(await made.perform(.findTicket(customer: customer), second) == .openTicket(id))
            #expect(
                await made.perform(.addArticle(ticket: id, customer: customer), second) == .made(ticket: id))
            #expect(await made.perform(.findTicket(customer: customer), second) == .alreadyThere(ticket: id))
            #expect(await made.zammad.helpdesk.value.tickets.map(\.articles.count) == [2])
            // Another number of the same customer.
            let other = EndedCall.ended("3cx-9-1", number: "493023125002")
            #expect(await made.perform(.findTicket(customer: customer), other) == .noTicket)
            // Later than the window.
            let late = EndedCall.ended("3cx-10-1", after: 4 * 3600 + 60)
            #expect(await made.perform(.findTicket(customer: customer), late) == .noTicket)
            // Closed meanwhile: the same call is found, another one is not added.
            await made.zammad.helpdesk.update { $0.tickets[0].isOpen = false }
            #expect(await made.perform(.findTicket(customer: customer), second) == .alreadyThere(ticket: id))
            #expect(await made.perform(.findTicket(customer: customer), .ended("3cx-11-1")) == .noTicket)
        }
    }

    @Test("without a window every call has a ticket of its own")
    func noWindow() async throws {
        var settings = BridgeConfiguration.Zammad.Tickets()
        settings.mergeWindow = .zero
        try await TicketSystemUnderTest.run(settings: settings) { made in
            let customer = await made.addCustomer()
            guard case .made(let id) = await made.perform(.createTicket(customer: customer)) else { return }
            #expect(await made.perform(.findTicket(customer: customer), .ended("3cx-8-1")) == .noTicket)
            #expect(await made.perform(.findTicket(customer: customer)) == .alreadyThere(ticket: id))
        }
    }

    @Test("a ticket is found again although the clocks differ by half an hour")
    func clocks() async throws {
        var settings = BridgeConfiguration.Zammad.Tickets()
        settings.mergeWindow = .zero
        try await TicketSystemUnderTest.run(settings: settings) { made in
            let customer = await made.addCustomer()
            let ahead = EndedCall.ended("3cx-8-1", after: 1800)
            guard case .made(let id) = await made.perform(.createTicket(customer: customer), ahead) else { return }
            #expect(await made.perform(.findTicket(customer: customer), ahead) == .alreadyThere(ticket: id))
        }
    }

    @Test(
        "the customer is found by what Zammad has found for the call, or by the search, in every writing",
        arguments: ["+49 30 23125001", "030/23125001", "004930 23125-001", "493023125001"], [true, false])
    func customer(_ phone: String, _ isTold: Bool) async throws {
        try await TicketSystemUnderTest.run { made in
            let customer = await made.addCustomer(phone)
            await made.zammad.helpdesk.update { $0.hasSearchIndex = !isTold }
            if isTold {
                let event = CallCommand(
                    event: .newCall, callID: EndedCall.example.callID, at: EndedCall.example.startedAt,
                    direction: .inbound, from: "493023125001", to: "101")
                #expect(await made.sink.deliver(event) == .delivered(.plain))
                #expect(await made.perform(.findCustomer) == .customer(customer))
            } else {
                // The index finds what is written the same way.
                let isFound = phone == "493023125001"
                #expect(await made.perform(.findCustomer) == (isFound ? .customer(customer) : .noCustomer))
            }
        }
    }

    @Test("nobody is taken for a customer who is inactive or has a similar number")
    func nobody() async throws {
        try await TicketSystemUnderTest.run { made in
            await made.zammad.helpdesk.update {
                $0.addUser(name: "Gone", phone: "493023125001", isActive: false)
                $0.addUser(name: "Longer", phone: "4930231250010")
                $0.addUser(name: "Named 493023125001", phone: "")
            }
            #expect(await made.perform(.findCustomer) == .noCustomer)
        }
    }

    @Test("the customer is looked for without the log of calls too")
    func withoutLog() async throws {
        try await TicketSystemUnderTest.run { made in
            let customer = await made.addCustomer("493023125001")
            await made.zammad.server.inject(.status(403), on: LoopbackZammad.logPath)
            #expect(await made.perform(.findCustomer) == .customer(customer))
        }
    }

    @Test("a new customer has the name that 3CX shows and the number with its plus", arguments: [true, false])
    func newCustomer(_ hasName: Bool) async throws {
        try await TicketSystemUnderTest.run { made in
            var call = EndedCall.example
            if !hasName { call.name = nil }
            guard case .customer(let id) = await made.perform(.createCustomer, call) else {
                Issue.record("no customer")
                return
            }
            let user = try #require(await made.zammad.helpdesk.value.users.first)
            #expect(user.id == Int64(id) && user.phone == "+493023125001")
            #expect(user.name == (hasName ? "Eva Beispiel" : "+493023125001"))
            #expect(await made.perform(.findTicket(customer: id), call) == .noTicket)
        }
    }

    // MARK: - Faults

    /// What the queue is told, for a question and for a change.
    struct Fault: Sendable, CustomTestStringConvertible {
        var fault: LoopbackFault
        var question: String
        var change: String
        var testDescription: String { "\(fault)" }
    }

    static let faults = [
        Fault(fault: .status(401), question: "misconfigured", change: "misconfigured"),
        Fault(fault: .status(403), question: "misconfigured", change: "misconfigured"),
        Fault(fault: .status(302), question: "misconfigured", change: "misconfigured"),
        Fault(fault: .status(404), question: "misconfigured", change: "misconfigured"),
        Fault(fault: .status(405, body: #"{"error":"x"}"#), question: "misconfigured", change: "misconfigured"),
        Fault(fault: .status(422, body: #"{"error":"bad title"}"#), question: "refused", change: "refused"),
        Fault(
            fault: .status(422, body: #"{"error":"No lookup value found for 'group': \"Userz\""}"#),
            question: "misconfigured", change: "misconfigured"),
        Fault(fault: .status(429), question: "unavailable", change: "unavailable"),
        Fault(fault: .status(500), question: "unavailable", change: "ambiguous"),
        Fault(fault: .status(503), question: "unavailable", change: "unavailable"),
        Fault(fault: .status(504), question: "unavailable", change: "ambiguous"),
        Fault(fault: .drop, question: "unavailable", change: "ambiguous"),
        Fault(fault: .processThenDrop, question: "unavailable", change: "ambiguous"),
        Fault(fault: .loginPage, question: "misconfigured", change: "ambiguous"),
        Fault(fault: .truncated, question: "misconfigured", change: "ambiguous"),
        Fault(fault: .status(400), question: "misconfigured", change: "misconfigured"),
        Fault(fault: .status(422, body: "<html>"), question: "misconfigured", change: "misconfigured"),
        Fault(fault: .text("OK"), question: "misconfigured", change: "ambiguous"),
    ]

    @Test("a fault is told for what it is, with one attempt", arguments: faults)
    func fault(_ one: Fault) async throws {
        try await TicketSystemUnderTest.run { made in
            let customer = await made.addCustomer()
            await made.zammad.inject(one.fault, next: 1)
            let question = await made.perform(.findTicket(customer: customer))
            #expect(question.name == one.question && question.failure?.isEmpty == false)
            await made.zammad.inject(one.fault, next: 1)
            let change = await made.perform(.createTicket(customer: customer))
            #expect(change.name == one.change && change.failure?.isEmpty == false)
            #expect(await made.zammad.server.requests.events.count == 2)
            #expect(await made.articles.count == ([.processThenDrop, .truncated].contains(one.fault) ? 1 : 0))
        }
    }

    @Test(
        "whatever Zammad answers, a step ends with what the queue understands",
        arguments: [
            "", "null", "[]", "{}", "7", "[null, 7, {}]", #"{"list": {}}"#, #"{"list": [{"call_id": 7}]}"#,
            #"[{"id": 1e300, "phone": 7}, {"id": -1, "phone": "493023125001", "active": "yes"}]"#,
            #"{"ticket_ids_open": [9223372036854775807, -1], "assets": {"Ticket": []}}"#,
            #"{"ticket_ids_open": [90], "assets": {"Ticket": {"90": {"created_at": "99999-01-01T00:00:00Z"}}}}"#,
            #"{"ticket_ids_open": "all", "ticket_ids_closed": null}"#, #"{"id": "90"}"#, #"{"id": 1.5}"#,
        ])
    func oddAnswers(_ body: String) async throws {
        try await TicketSystemUnderTest.run { made in
            let steps: [TicketStep] = [
                .findCustomer, .findTicket(customer: 7), .createCustomer, .createTicket(customer: 7),
                .addArticle(ticket: 90, customer: 7),
            ]
            for step in steps {
                await made.zammad.inject(.text(body))
                let outcome = await made.perform(step)
                await made.zammad.clearFaults()
                // Nothing is taken for done that was not said to be.
                if step.isChange { #expect(outcome.name == "ambiguous", "\(step)") }
                if step == .findTicket(customer: 7) { #expect(outcome.name == "misconfigured") }
                if step == .findCustomer { #expect(["noCustomer", "misconfigured"].contains(outcome.name)) }
            }
        }
    }

    @Test("a reply that is lost leaves a ticket that is found again")
    func lostReply() async throws {
        try await TicketSystemUnderTest.run { made in
            let customer = await made.addCustomer()
            await made.zammad.inject(.processThenDrop, next: 1)
            #expect(await made.perform(.createTicket(customer: customer)).name == "ambiguous")
            #expect(await made.perform(.findTicket(customer: customer)).name == "alreadyThere")
        }
    }

    @Test("a ticket that takes no article, or is gone, is this one's affair alone", arguments: [403, 404])
    func closedTicket(_ status: Int) async throws {
        try await TicketSystemUnderTest.run { made in
            let customer = await made.addCustomer()
            guard case .made(let id) = await made.perform(.createTicket(customer: customer)) else { return }
            await made.zammad.helpdesk.update {
                if status == 403 { $0.closedGroups = ["Users"] } else { $0.tickets = [] }
            }
            let outcome = await made.perform(.addArticle(ticket: id, customer: customer), .ended("3cx-8-1"))
            #expect(outcome.name == "refused")
            if status == 403 {
                #expect(await made.perform(.createTicket(customer: customer)).name == "misconfigured")
            }
        }
    }

    @Test("an unknown group and a missing permission are repaired in the configuration, not ticket by ticket")
    func setup() async throws {
        var settings = BridgeConfiguration.Zammad.Tickets()
        settings.group = "Userz"
        try await TicketSystemUnderTest.run(settings: settings) { made in
            let customer = await made.addCustomer()
            #expect(await made.perform(.createTicket(customer: customer)).name == "misconfigured")
            await made.zammad.helpdesk.update { $0.isAgent = false }
            #expect(await made.perform(.findCustomer).name == "misconfigured")
        }
    }

    @Test("a request ends within its own time, with the outcome open")
    func timeout() async throws {
        try await TicketSystemUnderTest.run(timeout: .milliseconds(1500)) { made in
            let customer = await made.addCustomer()
            await made.zammad.inject(.hang)
            #expect(await made.perform(.findTicket(customer: customer)).name == "unavailable")
            #expect(await made.perform(.createTicket(customer: customer)).name == "ambiguous")
        }
    }
}

extension TicketOutcome {
    var name: String { String("\(self)".prefix { $0.isLetter }) }
}
