package import Domain
package import Ports
import Wire

/// Tickets through Zammad's REST API, which needs a token with the permission `ticket.agent`.
///
/// A ticket is known by the `message_id` of the article about the call: it is made of the call's id and number, comes
/// back with the article, and is read from the database and not from the search index, which lags behind.
package struct ZammadTickets: TicketSystem {
    /// Zammad shows so many tickets of a customer by state, the newest first.
    private static let mostTickets = 15
    /// How far Zammad's clock and the bridge's may be apart without a ticket about the call being missed.
    private static let clockTolerance: Duration = .seconds(3600)

    private static let domain = "3cx-zammad-bridge"

    private let api: ZammadAPI
    private let group: String
    private let templates: TicketTemplates
    /// For how long a repeated call is added to the ticket of the one before.
    private let mergeWindow: Duration
    /// Whether Zammad's triggers may write to the customer about the call.
    private let notifiesCustomer: Bool
    private let numbers: NumberPlan

    package init(api: ZammadAPI, _ configuration: BridgeConfiguration) {
        self.api = api
        let tickets = configuration.zammad.tickets
        group = tickets.group
        templates = TicketTemplates(title: tickets.title, body: tickets.body)
        mergeWindow = tickets.mergeWindow
        notifiesCustomer = tickets.notifiesCustomer
        numbers = NumberPlan(configuration.phoneSystem)
    }

    package func perform(_ attempt: TicketAttempt) async -> TicketOutcome {
        let call = attempt.call
        do throws(TicketFailure) {
            switch attempt.step {
            case .findCustomer: return try await findCustomer(call).map { .customer($0) } ?? .noCustomer
            case .createCustomer: return try await .customer(createCustomer(call))
            case .findTicket(let customer): return try await findTicket(call, customer)
            case .createTicket(let customer): return try await .made(ticket: createTicket(call, customer))
            case .addArticle(let ticket, _):
                var article = article(call)
                article["ticket_id"] = .integer(Int64(ticket))
                _ = try await api.created("/api/v1/ticket_articles", .object(article), concerns: .oneTicket)
                return .made(ticket: ticket)
            }
        } catch {
            return error.outcome
        }
    }

    // MARK: - The customer

    /// By what Zammad itself has found for the call: its caller log knows numbers in every spelling, without the search
    /// index, and in every field. Then by the search for users, of which only exact numbers count.
    private func findCustomer(_ call: EndedCall) async throws(TicketFailure) -> Int? {
        if let customer = try await customerInLog(call) { return customer }
        let digits = digits(of: call)
        for query in queries(for: call) {
            let users = try await api.get(
                "/api/v1/users/search", ["query": query, "limit": "50"], [LossyElement<User>].self)
            let exact = users.compactMap(\.value).filter { user in
                user.active != false && user.numbers.contains { numbers.comparable($0) == digits }
            }
            if let first = exact.map(\.id).min() { return first }
        }
        return nil
    }

    private func digits(of call: EndedCall) -> String {
        call.digits ?? numbers.comparable(call.number) ?? call.number
    }

    private func queries(for call: EndedCall) -> [String] {
        let digits = digits(of: call)
        var queries = [call.number, digits]
        if let national = numbers.national(digits) { queries.append(national) }
        var seen: Set<String> = []
        return queries.filter { seen.insert($0).inserted }
    }

    /// The caller log takes another permission, without which it is left out.
    private func customerInLog(_ call: EndedCall) async throws(TicketFailure) -> Int? {
        let log: CallerLog
        do throws(TicketFailure) {
            log = try await api.get("/api/v1/cti/log", [:], CallerLog.self)
        } catch {
            if case .unavailable = error { throw error }
            return nil
        }
        let row = log.list.compactMap(\.value).first { $0.callID == call.callID.text }
        let known = call.direction == .inbound ? row?.preferences?.from : row?.preferences?.to
        return known?.compactMap(\.value).filter { $0.level == "known" && $0.object == "User" }.compactMap(\.userID)
            .min()
    }

    private func createCustomer(_ call: EndedCall) async throws(TicketFailure) -> Int {
        let digits = digits(of: call)
        // Zammad takes a leading 0 for a German number's.
        let phone = numbers.countryPrefix == nil ? call.number : "+\(digits)"
        return try await api.created(
            "/api/v1/users",
            ["firstname": "", "lastname": .string(call.name ?? phone), "phone": .string(phone), "roles": ["Customer"]])
    }

    // MARK: - The ticket

    private func findTicket(_ call: EndedCall, _ customer: Int) async throws(TicketFailure) -> TicketOutcome {
        let tickets = try await api.get(
            "/api/v1/ticket_customer", ["customer_id": "\(customer)"], CustomerTickets.self)
        let open = tickets.open
        let youngest = Instant(milliseconds: call.endedAt.milliseconds - mergeWindow.milliseconds)
        var candidate: Int?
        // Newest first; a ticket from before the call and outside the window can hold no article about it.
        let earliest = min(youngest, call.startedAt) + (.zero - Self.clockTolerance)
        for id in (open + tickets.closed).prefix(2 * Self.mostTickets) {
            let createdAt = tickets.created(id) ?? call.endedAt
            guard createdAt >= earliest else { continue }
            let articles = try await api.get(
                "/api/v1/ticket_articles/by_ticket/\(id)", [:], [LossyElement<ArticleRow>].self, concerns: .oneTicket)
            let marks = articles.compactMap(\.value?.messageID)
            if marks.contains(Self.mark(of: call)) { return .alreadyThere(ticket: id) }
            let isOfNumber = marks.contains { $0.hasSuffix(Self.markEnd(of: call)) }
            let isMergeable = mergeWindow > .zero && createdAt >= youngest && open.contains(id)
            if candidate == nil, isOfNumber, isMergeable { candidate = id }
        }
        return candidate.map { .openTicket($0) } ?? .noTicket
    }

    private func createTicket(_ call: EndedCall, _ customer: Int) async throws(TicketFailure) -> Int {
        try await api.created(
            "/api/v1/tickets",
            [
                "title": .string(templates.title(call)), "group": .string(group),
                "customer_id": .integer(Int64(customer)), "article": .object(article(call)),
            ])
    }

    private func article(_ call: EndedCall) -> [String: JSONValue] {
        var article: [String: JSONValue] = [
            "subject": .string(templates.title(call)), "body": .string(templates.body(call)),
            "type": "phone", "sender": call.direction == .inbound ? "Customer" : "Agent", "internal": false,
            "content_type": "text/plain", "message_id": .string(Self.mark(of: call)),
        ]
        // A new Zammad answers each new ticket with a mail to the customer, also one about a call.
        if !notifiesCustomer { article["preferences"] = ["send-auto-response": false] }
        return article
    }

    /// `<call.number@…>`, of characters that an address may have.
    private static func mark(of call: EndedCall) -> String { "<\(plain(call.callID.text))\(markEnd(of: call))" }

    private static func markEnd(of call: EndedCall) -> String { ".\(plain(call.digits ?? call.number))@\(domain)>" }

    private static func plain(_ text: String) -> String {
        String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber || "-_*".contains($0)) ? $0 : "_" })
    }

    // MARK: - What Zammad answers

    private struct User: Decodable, Sendable {
        let id: Int
        let active: Bool?
        let phone: String?
        let mobile: String?
        let fax: String?

        var numbers: [String] { [phone, mobile, fax].compactMap(\.self) }
    }

    private struct CallerLog: Decodable, Sendable {
        struct Row: Decodable, Sendable {
            struct Known: Decodable, Sendable {
                let level: String?
                let object: String?
                let userID: Int?

                private enum CodingKeys: String, CodingKey {
                    case level, object
                    case userID = "user_id"
                }
            }

            /// Whom Zammad has found for the two numbers.
            struct Preferences: Decodable, Sendable {
                let from: [LossyElement<Known>]?
                let to: [LossyElement<Known>]?
            }

            let callID: String?
            let preferences: Preferences?

            private enum CodingKeys: String, CodingKey {
                case preferences
                case callID = "call_id"
            }
        }

        let list: [LossyElement<Row>]
    }

    private struct CustomerTickets: Decodable, Sendable {
        struct Assets: Decodable, Sendable {
            let tickets: [String: TicketRow]?

            private enum CodingKeys: String, CodingKey { case tickets = "Ticket" }
        }

        struct TicketRow: Decodable, Sendable {
            let createdAt: String?

            private enum CodingKeys: String, CodingKey { case createdAt = "created_at" }
        }

        /// Both are always there: an answer without them is none, and must not be taken for a customer without tickets.
        let open: [Int]
        let closed: [Int]
        let assets: Assets?

        private enum CodingKeys: String, CodingKey {
            case assets
            case open = "ticket_ids_open"
            case closed = "ticket_ids_closed"
        }

        /// `nil` if Zammad does not say.
        func created(_ id: Int) -> Instant? {
            assets?.tickets?[String(id)]?.createdAt.flatMap { TimeText.instant($0) }
        }
    }

    private struct ArticleRow: Decodable, Sendable {
        let messageID: String?

        private enum CodingKeys: String, CodingKey { case messageID = "message_id" }
    }
}
