import Domain
package import Wire

/// The customers and tickets of a Zammad as its REST API shows them to a token's user: the requests that the bridge
/// makes, without any I/O.
///
/// Reading Zammad's code: tickets and their first article are made in one transaction; a customer's tickets come newest
/// first, 15 of each kind of state, and only those of groups that the user reads; the search for users looks into
/// names, logins and e-mail addresses, and into phone numbers only with a search index, which learns of new users late.
package struct ZammadHelpdesk: Equatable, Sendable {
    package struct User: Equatable, Sendable {
        package var id: Int64
        package var name: String
        package var phone: String
        package var isActive = true
        package var createdAt: Int64 = 0
    }

    package struct Article: Equatable, Sendable {
        package var id: Int64
        package var messageID: String?
        package var subject: String
        package var body: String
        package var type: String
        package var sender: String
        package var isInternal: Bool
        /// `preferences` with `send-auto-response` false, which keeps triggers from writing to the customer.
        package var isSilent = false
    }

    package struct Ticket: Equatable, Sendable {
        package var id: Int64
        package var title: String
        package var group: String
        package var customerID: Int64
        package var createdAt: Int64
        package var isOpen = true
        package var articles: [Article]
    }

    package struct Reply: Equatable, Sendable {
        package var status: Int
        package var body: JSONValue
    }

    package private(set) var users: [User] = []
    package var tickets: [Ticket] = []
    package var groups: Set<String> = ["Users"]
    /// Groups in which the token's user may not make tickets, nor write to those that are there.
    package var closedGroups: Set<String> = []
    /// `ticket.agent`.
    package var isAgent = true
    /// Whether the search finds phone numbers.
    package var hasSearchIndex = true
    /// How late the search index knows a new user, in milliseconds.
    package var searchDelay: Int64 = 0
    /// How many requests have changed something, refused ones not counted.
    package private(set) var changes = 0
    /// The trigger "auto reply (on new tickets)", which a new Zammad has.
    package var repliesToNewTickets = true
    /// The customers to whom it has written, in order.
    package private(set) var customersWrittenTo: [Int64] = []
    private var lastID: Int64 = 100

    private static let mostListed = 15
    private static let longestTitle = 250

    package init() {}

    private mutating func takeID() -> Int64 {
        lastID += 1
        return lastID
    }

    @discardableResult
    package mutating func addUser(name: String, phone: String, isActive: Bool = true, at now: Int64 = 0) -> Int64 {
        let user = User(id: takeID(), name: name, phone: phone, isActive: isActive, createdAt: now)
        users.append(user)
        return user.id
    }

    package var articles: [Article] { tickets.flatMap(\.articles) }

    /// The digits of a stored number, in international form: as Zammad reads it, a 0 in front stands for 49.
    package static func digits(_ phone: String) -> String {
        let digits = phone.filter { $0.isASCII && $0.isNumber }
        if phone.hasPrefix("+") { return digits }
        if digits.hasPrefix("00") { return String(digits.dropFirst(2)) }
        return digits.hasPrefix("0") ? "49" + digits.dropFirst() : digits
    }

    /// Those whom Zammad's own matching of callers finds, without the search index.
    package func users(calling number: String) -> [User] {
        let digits = Self.digits(number)
        return users.filter { $0.isActive && digits.count >= 6 && Self.digits($0.phone) == digits }
    }

    // MARK: - REST

    private static let unauthorized = error(403, "Not authorized")
    private static let notFound = error(404, "No such object")

    private static func error(_ status: Int, _ text: String) -> Reply {
        Reply(status: status, body: ["error": .string(text), "error_human": .string(text)])
    }

    /// `nil` for a path that is none of the helpdesk's.
    package mutating func handle(
        _ method: String, _ path: String, query: [String: String], body: JSONValue?, at now: Int64
    ) -> Reply? {
        switch (method, path) {
        case ("GET", "/api/v1/users/search"): return isAgent ? search(query, at: now) : Self.unauthorized
        case ("GET", "/api/v1/ticket_customer"): return isAgent ? list(query) : Self.unauthorized
        case ("POST", "/api/v1/users"): return isAgent ? createUser(body, at: now) : Self.unauthorized
        case ("POST", "/api/v1/tickets"): return isAgent ? createTicket(body, at: now) : Self.unauthorized
        case ("POST", "/api/v1/ticket_articles"): return isAgent ? createArticle(body) : Self.unauthorized
        case ("GET", "/api/v1/groups"):
            return Reply(
                status: 200,
                body: .array(groups.sorted().map { ["name": .string($0), "active": true] }))
        case ("GET", _):
            let prefix = "/api/v1/ticket_articles/by_ticket/"
            guard path.hasPrefix(prefix) else { return nil }
            guard let ticket = tickets.first(where: { String($0.id) == path.dropFirst(prefix.count) }) else {
                return Self.notFound
            }
            return Reply(status: 200, body: .array(ticket.articles.map { Self.json($0, of: ticket) }))
        default: return nil
        }
    }

    private func search(_ query: [String: String], at now: Int64) -> Reply {
        guard let text = query["query"]?.lowercased(), let limit = query["limit"].flatMap({ Int($0) }) else {
            return Self.error(422, "query missing")
        }
        let found = users.filter { user in
            // Without the index 5.5 compares as it is sent.
            if hasSearchIndex ? user.name.lowercased().contains(text) : user.name.contains(query["query"] ?? "") {
                return true
            }
            return hasSearchIndex && user.phone.contains(text) && user.createdAt + searchDelay <= now
        }
        return Reply(status: 200, body: .array(found.prefix(limit).map(Self.json)))
    }

    private func list(_ query: [String: String]) -> Reply {
        let own = tickets.filter { query["customer_id"] == String($0.customerID) }
            .sorted { ($0.createdAt, $0.id) > ($1.createdAt, $1.id) }
        let open = own.filter(\.isOpen).prefix(Self.mostListed)
        let closed = own.filter { !$0.isOpen }.prefix(Self.mostListed)
        let assets = Dictionary(
            (open + closed).map { ticket -> (String, JSONValue) in (String(ticket.id), Self.json(ticket)) }
        ) { first, _ in first }
        return Reply(
            status: 200,
            body: [
                "ticket_ids_open": .array(open.map { .integer($0.id) }),
                "ticket_ids_closed": .array(closed.map { .integer($0.id) }),
                "assets": ["Ticket": .object(assets), "User": [:]],
            ])
    }

    private mutating func createUser(_ body: JSONValue?, at now: Int64) -> Reply {
        let name = [body?["firstname"]?.string, body?["lastname"]?.string].compactMap(\.self).filter { !$0.isEmpty }
        guard !name.isEmpty || body?["phone"]?.string != nil else {
            return Self.error(422, "At least one identifier for user is required.")
        }
        changes += 1
        let id = addUser(name: name.joined(separator: " "), phone: body?["phone"]?.string ?? "", at: now)
        return Reply(status: 201, body: users.last.map(Self.json) ?? ["id": .integer(id)])
    }

    private mutating func createTicket(_ body: JSONValue?, at now: Int64) -> Reply {
        guard let title = body?["title"]?.string, !title.isEmpty else { return Self.error(422, "Missing title") }
        guard let group = body?["group"]?.string, groups.contains(group) else {
            let name = body?["group"]?.string ?? ""
            return Self.error(422, "No lookup value found for 'group': \"\(name)\"")
        }
        guard !closedGroups.contains(group) else { return Self.unauthorized }
        guard let customer = body?["customer_id"]?.integer, users.contains(where: { $0.id == customer }) else {
            return Self.error(422, "Invalid value for 'customer_id'")
        }
        guard let article = body?["article"].flatMap({ article($0) }) else {
            return Self.error(422, "Need at least article: { body: \"some text\" }")
        }
        changes += 1
        let ticket = Ticket(
            id: takeID(), title: String(title.prefix(Self.longestTitle)), group: group, customerID: customer,
            createdAt: now, articles: [article])
        tickets.append(ticket)
        if repliesToNewTickets, article.sender == "Customer", article.type == "phone", !article.isSilent {
            customersWrittenTo.append(customer)
        }
        return Reply(status: 201, body: Self.json(ticket))
    }

    private mutating func createArticle(_ body: JSONValue?) -> Reply {
        guard let index = tickets.firstIndex(where: { $0.id == body?["ticket_id"]?.integer }) else {
            return Self.notFound
        }
        guard !closedGroups.contains(tickets[index].group) else { return Self.unauthorized }
        guard let article = body.flatMap({ article($0) }) else {
            return Self.error(422, "Need at least article: { body: \"some text\" }")
        }
        changes += 1
        tickets[index].articles.append(article)
        return Reply(status: 201, body: Self.json(article, of: tickets[index]))
    }

    private mutating func article(_ body: JSONValue) -> Article? {
        guard let text = body["body"]?.string else { return nil }
        return Article(
            id: takeID(), messageID: body["message_id"]?.string, subject: body["subject"]?.string ?? "", body: text,
            type: body["type"]?.string ?? "note", sender: body["sender"]?.string ?? "Agent",
            isInternal: body["internal"]?.bool ?? false,
            isSilent: body["preferences"]?["send-auto-response"]?.bool == false)
    }

    // MARK: - JSON

    private static func json(_ user: User) -> JSONValue {
        [
            "id": .integer(user.id), "login": .string("auto-\(user.id)"), "firstname": "", "email": "",
            "lastname": .string(user.name), "phone": .string(user.phone), "mobile": "", "fax": "",
            "active": .bool(user.isActive), "role_ids": [3],
        ]
    }

    private static func json(_ ticket: Ticket) -> JSONValue {
        [
            "id": .integer(ticket.id), "title": .string(ticket.title), "customer_id": .integer(ticket.customerID),
            "group_id": 1, "state_id": ticket.isOpen ? 2 : 4,
            "created_at": .string(TimeText.precise(.init(milliseconds: ticket.createdAt))),
            "article_count": .integer(Int64(ticket.articles.count)),
        ]
    }

    private static func json(_ article: Article, of ticket: Ticket) -> JSONValue {
        [
            "id": .integer(article.id), "ticket_id": .integer(ticket.id), "subject": .string(article.subject),
            "body": .string(article.body), "type": .string(article.type), "sender": .string(article.sender),
            "internal": .bool(article.isInternal), "content_type": "text/plain",
            "message_id": article.messageID.map(JSONValue.string) ?? .null,
        ]
    }
}
