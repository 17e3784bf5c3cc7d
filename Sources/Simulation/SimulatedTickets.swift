import Domain
import Played
import Wire

/// The tickets of one Zammad in the world, and what the world knows of the calls that are to have one; none of it comes
/// from the core's state.
struct SimulatedTickets: Sendable {
    /// A step on its way to Zammad.
    struct Request: Sendable {
        var process: Int
        var attempt: TicketAttempt
        /// Whether the bridge hears of what comes of it.
        var isAnswered = true
        var isCancelled = false
        var hasArrived = false
        var isFinished = false
    }

    let settings: TicketQueue.Settings
    let mergeWindow: Int64
    private(set) var helpdesk = ZammadHelpdesk()
    /// Numbers that had a customer from the beginning on.
    private(set) var knownNumbers: Set<String> = []
    var requests: [Request] = []
    /// The request that the running process waits for.
    var underWay: Int?

    /// Calls that must have a ticket, with their numbers.
    var wanted: [String: String] = [:]
    /// Calls that must have none.
    var unwanted: Set<String> = []
    var skipped: [String: String] = [:]
    /// Calls of which Zammad refused an article.
    var refused: Set<String> = []

    /// `numbers`: of the calls, as Zammad is told them.
    init(numbers: [String], random: inout SplitMix64) {
        var settings = TicketQueue.Settings()
        settings.creation = random.element(.off, .off, .missed, .missed, .all)
        settings.createsCustomers = random.chance(0.5)
        self.settings = settings
        mergeWindow = random.element(0, 4 * 3_600_000)
        guard settings.creation != .off else { return }
        for number in Set(numbers).sorted() where random.chance(0.6) {
            helpdesk.addUser(name: "Customer", phone: "+\(number)", at: -1_000_000)
            knownNumbers.insert(number)
        }
    }

    static func mark(of call: EndedCall) -> String { "\(call.callID.text)|\(call.number)" }

    /// How many articles there are about each call.
    var articles: [String: Int] {
        helpdesk.articles.compactMap(\.messageID).reduce(into: [:]) { counts, mark in
            counts[String(mark.prefix { $0 != "|" }), default: 0] += 1
        }
    }

    /// Numbers with more than one ticket.
    var doubledNumbers: [String] {
        let numbers = helpdesk.tickets.compactMap { $0.articles.first?.messageID?.split(separator: "|").last }
        return Dictionary(grouping: numbers) { $0 }.filter { $0.value.count > 1 }.map { String($0.key) }.sorted()
    }

    /// What Zammad does about a step, and says.
    mutating func perform(_ attempt: TicketAttempt, at now: Int64) -> TicketOutcome {
        let call = attempt.call
        switch attempt.step {
        case .findCustomer:
            return helpdesk.users(calling: call.number).map(\.id).min().map { .customer(Int($0)) } ?? .noCustomer
        case .createCustomer:
            let body: JSONValue = ["lastname": "New", "phone": .string("+\(call.number)")]
            return made(post("/api/v1/users", body, at: now)) { .customer($0) }
        case .findTicket(let customer): return find(call, Int64(customer), at: now)
        case .createTicket(let customer):
            let body: JSONValue = [
                "title": "Call", "group": "Users", "customer_id": .integer(Int64(customer)),
                "article": ["body": "Call", "message_id": .string(Self.mark(of: call))],
            ]
            return made(post("/api/v1/tickets", body, at: now)) { .made(ticket: $0) }
        case .addArticle(let ticket, _):
            let body: JSONValue = [
                "ticket_id": .integer(Int64(ticket)), "body": "Call", "message_id": .string(Self.mark(of: call)),
            ]
            return made(post("/api/v1/ticket_articles", body, at: now)) { _ in .made(ticket: ticket) }
        }
    }

    private mutating func post(_ path: String, _ body: JSONValue, at now: Int64) -> ZammadHelpdesk.Reply? {
        helpdesk.handle("POST", path, query: [:], body: body, at: now)
    }

    private func made(_ reply: ZammadHelpdesk.Reply?, _ outcome: (Int) -> TicketOutcome) -> TicketOutcome {
        guard let reply, reply.status == 201, let id = reply.body["id"]?.integer else { return .refused("HTTP 422") }
        return outcome(Int(id))
    }

    private func find(_ call: EndedCall, _ customer: Int64, at now: Int64) -> TicketOutcome {
        let own = helpdesk.tickets.filter { $0.customerID == customer }
        let mark = Self.mark(of: call)
        for ticket in own where ticket.articles.contains(where: { $0.messageID == mark }) {
            return .alreadyThere(ticket: Int(ticket.id))
        }
        let candidate = own.last { ticket in
            mergeWindow > 0 && ticket.isOpen && ticket.createdAt >= now - mergeWindow
                && ticket.articles.contains { $0.messageID?.hasSuffix("|\(call.number)") == true }
        }
        return candidate.map { .openTicket(Int($0.id)) } ?? .noTicket
    }
}
