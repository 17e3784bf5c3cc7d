import Adapters
import FoundationEssentials

@testable import Played

/// A Zammad on loopback: the CTI endpoint (`ZammadModel`), and what an API token may use: the caller log, the search
/// for users, customers and tickets (`ZammadHelpdesk`).
final class LoopbackZammad: Sendable {
    let server: LoopbackServer
    /// The model behind the endpoint; wait on it, or change its settings through `configure`.
    let model: ObservedValue<ZammadModel>
    /// Its customers and tickets.
    let helpdesk: ObservedValue<ZammadHelpdesk>
    let token: String

    static let logPath = "/api/v1/cti/log"
    static let searchPath = "/api/v1/users/search"

    static func start(
        token: String = "0a1b2c3d4e5f",
        apiToken: String? = nil,
        configure: (inout ZammadModel) -> Void = { _ in }
    ) async throws -> LoopbackZammad {
        var initial = ZammadModel(token: token)
        configure(&initial)
        let model = ObservedValue(initial)
        let helpdesk = ObservedValue(ZammadHelpdesk())
        let server = try await LoopbackServer.start { request in
            try await Self.respond(to: request, model: model, helpdesk: helpdesk, apiToken: apiToken)
        }
        return LoopbackZammad(server: server, model: model, helpdesk: helpdesk, token: token)
    }

    private init(
        server: LoopbackServer, model: ObservedValue<ZammadModel>, helpdesk: ObservedValue<ZammadHelpdesk>,
        token: String
    ) {
        self.server = server
        self.model = model
        self.helpdesk = helpdesk
        self.token = token
    }

    var origin: String { server.origin }

    /// What a configuration has as `Zammad.endpoint`.
    var endpoint: String { "\(server.origin)/api/v1/cti/\(token)" }

    func stop() async { await server.stop() }

    /// Listens again on the same port, with the rows of before.
    func restart() async throws { try await server.restart() }

    func rows() async -> [ZammadRow] { await model.value.rows }

    func row(_ callID: String) async -> ZammadRow? { await model.value.row(callID) }

    /// The POSTs to the CTI endpoint in order of arrival, refused and spoilt ones included.
    func requests() async -> [LoopbackRequest] { await server.requests.events.filter(Self.isEvent) }

    func configure(_ change: @Sendable (inout ZammadModel) -> Void) async {
        await model.update(change)
    }

    /// Spoils the next `count` requests, or all (nil), until `clearFaults`.
    func inject(_ fault: LoopbackFault, next count: Int? = nil) async {
        await server.inject(fault, on: nil, next: count)
    }

    func clearFaults() async { await server.clearFaults() }

    /// The POSTs to the CTI endpoint, as soon as `count` have arrived (a request may still be under way then).
    @discardableResult
    func waitForRequests(
        count: Int,
        deadline: Duration = .seconds(60)
    ) async throws -> [LoopbackRequest] {
        try await server.requests.wait(count: count, within: deadline, where: Self.isEvent).filter(Self.isEvent)
    }

    /// The rows, as soon as they meet the condition.
    @discardableResult
    func wait(
        for awaited: String = "rows",
        deadline: Duration = .seconds(60),
        until condition: @escaping @Sendable ([ZammadRow]) -> Bool
    ) async throws -> [ZammadRow] {
        try await model.wait(for: awaited, within: deadline) { condition($0.rows) }.rows
    }

    private static func isEvent(_ request: LoopbackRequest) -> Bool {
        request.method == "POST" && request.path.hasPrefix("/api/v1/cti/")
    }

    private static func respond(
        to request: LoopbackRequest,
        model: ObservedValue<ZammadModel>,
        helpdesk: ObservedValue<ZammadHelpdesk>,
        apiToken: String?
    ) async throws -> LoopbackReply {
        let now = Int64(Date().timeIntervalSince1970 * 1000)
        let prefix = "/api/v1/cti/"
        guard request.path.hasPrefix(prefix) else {
            guard isAllowed(request, apiToken) else {
                return request.path.hasPrefix("/api/v1/") ? unauthorized : .empty(404)
            }
            let agents =
                request.path == searchPath
                ? agents(for: request, await model.value.agents, byIndex: await helpdesk.value.hasSearchIndex) : []
            let reply = await helpdesk.update {
                $0.handle(
                    request.method, request.path, query: request.queryFields, body: request.json, at: now)
            }
            guard let reply else { return .empty(404) }
            guard case .array(let found) = reply.body else { return try .json(reply.body, status: reply.status) }
            return try .json(.array(agents + found), status: reply.status)
        }
        if request.method == "GET", request.path == prefix + "log" {
            return try log(
                for: request, rows: await model.value.rows, helpdesk: await helpdesk.value, apiToken: apiToken)
        }
        let parameters: [String: LoopbackJSON]?
        switch request.json {
        // Zammad does not look into a body of an unknown type.
        case .object(let members)?: parameters = request.headers["content-type"] == nil ? [:] : members
        case nil where request.body.isEmpty: parameters = request.queryFields.mapValues { .string($0) }
        case nil: parameters = request.form.isEmpty ? nil : request.form.mapValues { .string($0) }
        default: parameters = [:]
        }
        let event = ZammadRequest(
            method: request.method,
            token: String(request.path.dropFirst(prefix.count)),
            accept: request.headers["accept"],
            parameters: parameters,
            at: now
        )
        let reply = await model.update { $0.handle(event) }
        return LoopbackReply(status: reply.status, contentType: reply.contentType, body: reply.body)
    }

    private static let unauthorized = LoopbackReply.json(text: #"{"error":"Authentication required"}"#, status: 401)

    private static func isAllowed(_ request: LoopbackRequest, _ apiToken: String?) -> Bool {
        let credentials = apiToken.map { ["Token token=\($0)", "Bearer \($0)"] } ?? []
        return request.headers["authorization"].map(credentials.contains) ?? false
    }

    /// `GET /api/v1/users/search`: agents whose login or address contains the text, inactive ones included. Zammad
    /// keeps both in lower case; without an index it compares what is sent.
    private static func agents(
        for request: LoopbackRequest, _ agents: [ZammadAgent], byIndex: Bool
    ) -> [LoopbackJSON] {
        let fields = request.queryFields
        guard let query = byIndex ? fields["query"]?.lowercased() : fields["query"],
            let limit = fields["limit"].flatMap({ Int($0) })
        else {
            return []
        }
        let found = agents.filter { "\($0.login) \($0.email)".lowercased().contains(query) }.prefix(limit)
        return found.map { agent in
            [
                "id": .integer(agent.id), "login": .string(agent.login), "email": .string(agent.email),
                "phone": .string(agent.phone), "active": .bool(agent.isActive), "firstname": "Agent",
                "lastname": .string(agent.login), "organization_id": nil, "role_ids": [2],
                "updated_at": "2026-02-03T09:15:01.330Z",
            ]
        }
    }

    /// `GET /api/v1/cti/log`: the newest rows, at most 60, for a token with the permission `cti.agent`.
    private static func log(
        for request: LoopbackRequest,
        rows: [ZammadRow],
        helpdesk: ZammadHelpdesk,
        apiToken: String?
    ) throws -> LoopbackReply {
        guard isAllowed(request, apiToken) else { return unauthorized }
        let list = rows.suffix(60).reversed().enumerated().map { index, row -> LoopbackJSON in
            [
                "id": .integer(Int64(rows.count - index)), "call_id": .string(row.callID),
                "state": .string(row.state.rawValue), "direction": .string(row.direction),
                "from": .string(row.from), "to": .string(row.to), "done": .bool(row.done),
                "queue": row.queue.map(LoopbackJSON.string) ?? .null,
                "comment": row.comment.map(LoopbackJSON.string) ?? .null,
                "from_comment": row.fromComment.map(LoopbackJSON.string) ?? .null,
                "to_comment": row.toComment.map(LoopbackJSON.string) ?? .null,
                "preferences": [
                    "from": known(row.from, helpdesk), "to": known(row.to, helpdesk),
                ],
            ]
        }
        return try .json(["list": .array(list), "assets": [:]])
    }

    /// Whom Zammad has found for a number when the event came.
    private static func known(_ number: String, _ helpdesk: ZammadHelpdesk) -> LoopbackJSON {
        .array(
            helpdesk.users(calling: number).map { user in
                [
                    "id": .integer(user.id), "caller_id": .string(ZammadHelpdesk.digits(number)), "level": "known",
                    "object": "User", "o_id": .integer(user.id), "user_id": .integer(user.id),
                ]
            })
    }
}
