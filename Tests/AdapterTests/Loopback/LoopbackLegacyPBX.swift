import Adapters

/// A 3CX of version 16 or 18 on loopback: the web admin's API with a cookie session.
final class LoopbackLegacyPBX: Sendable {
    static let sessionCookie = ".AspNetCore.CookiesA"
    private static let listPaths: Set<String> = [
        "/api/TrunkList", "/api/QueueList", "/api/RingGroupList", "/api/IVRList", "/api/ExtensionList",
    ]

    let server: LoopbackServer
    let state: ObservedValue<LegacyPBXState>

    static func start(configure: (inout LegacyPBXState) -> Void = { _ in }) async throws -> LoopbackLegacyPBX {
        var initial = LegacyPBXState()
        configure(&initial)
        let state = ObservedValue(initial)
        let server = try await LoopbackServer.start { request in
            try await state.update { try Self.respond(to: request, &$0) }
        }
        return LoopbackLegacyPBX(server: server, state: state)
    }

    private init(server: LoopbackServer, state: ObservedValue<LegacyPBXState>) {
        self.server = server
        self.state = state
    }

    /// What a configuration has as `3CX.host`.
    var host: String { server.origin }

    func stop() async { await server.stop() }

    func restart() async throws { try await server.restart() }

    func configure(_ change: @Sendable (inout LegacyPBXState) -> Void) async {
        await state.update(change)
    }

    func setCalls(_ calls: [LegacyCall]) async {
        await state.update { $0.calls = .rows(calls) }
    }

    /// Sets the whole text of `/api/activeCalls`, well formed or not.
    func setCalls(raw text: String) async {
        await state.update { $0.calls = .raw(text) }
    }

    /// Logs every session out.
    func expireSessions() async {
        await state.update { $0.sessions = [] }
    }

    var logins: Int {
        get async { await state.value.logins }
    }

    /// How many requests arrived on a path.
    func count(of path: String) async -> Int { await server.count(of: path) }

    /// Spoils the next `count` requests on a path, or all (nil), until `clearFaults`.
    func inject(_ fault: LoopbackFault, on path: String? = nil, next count: Int? = nil) async {
        await server.inject(fault, on: path, next: count)
    }

    func clearFaults(on path: String? = nil) async { await server.clearFaults(on: path) }

    /// Waits until `count` requests more than now have arrived on a path; the answer of the last may be under way.
    func waitForRequests(more count: Int, on path: String, deadline: Duration = .seconds(60)) async throws {
        let target = await server.count(of: path) + count
        try await waitForRequests(total: target, on: path, deadline: deadline)
    }

    /// Waits until `count` requests in all have arrived on a path.
    func waitForRequests(total count: Int, on path: String, deadline: Duration = .seconds(60)) async throws {
        try await server.requests.wait(count: count, within: deadline) { $0.path == path }
    }

    func waitForLogins(_ count: Int, deadline: Duration = .seconds(60)) async throws {
        try await state.wait(for: "\(count) logins", within: deadline) { $0.logins >= count }
    }

    private static func respond(to request: LoopbackRequest, _ state: inout LegacyPBXState) throws -> LoopbackReply {
        switch (request.method, request.path) {
        case ("POST", "/api/login"): return login(request, &state)
        case (_, let path) where !path.hasPrefix("/api/"): return .empty(404)
        default: break
        }
        guard let session = request.cookies[sessionCookie], state.sessions.contains(session) else {
            return .empty(state.expiredSessionStatus)
        }
        if let status = state.deniedPaths[request.path] { return .empty(status) }
        switch (request.method, request.path) {
        case ("POST", "/api/logout"):
            state.sessions.remove(session)
            return .empty(200)
        case ("GET", "/api/activeCalls"): return try activeCalls(state)
        case ("POST", "/api/activeCalls/drop"): return drop(request, &state)
        case ("GET", "/api/GroupList"): return try .json(["list": .array(state.groups.map(\.json))])
        case ("POST", "/api/GroupList/set"): return try openGroup(request, &state)
        case ("POST", "/api/edit/update"): return try membersPage(request, state)
        case ("GET", "/api/SystemStatus"): return try .json(state.systemStatus)
        case ("GET", let path) where listPaths.contains(path):
            return try .json(["list": .array(state.lists[path] ?? [])])
        default: return .empty(404)
        }
    }

    /// Property names are matched in any case; the answer to a success is bare text.
    private static func login(_ request: LoopbackRequest, _ state: inout LegacyPBXState) -> LoopbackReply {
        var fields: [String: String] = [:]
        if case .object(let members)? = request.json {
            for (name, value) in members { fields[name.lowercased()] = value.string }
        }
        guard fields["username"] == state.username, fields["password"] == state.password else {
            state.failedLogins += 1
            switch state.loginFailure {
            case .unauthorized: return .empty(401)
            case .authFailedText: return .text("AuthFailed")
            }
        }
        state.logins += 1
        let session = "CfDJ8-session-\(state.logins)=="
        state.sessions.insert(session)
        var reply = LoopbackReply.text("AuthSuccess")
        reply.cookies = [
            "\(sessionCookie)=\(session); path=/; samesite=lax; httponly",
            "language=en; expires=Wed, 21 Oct 2037 07:28:00 GMT; path=/",
        ]
        return reply
    }

    private static func activeCalls(_ state: LegacyPBXState) throws -> LoopbackReply {
        switch state.calls {
        case .raw(let text): .json(text: text)
        case .rows(let rows): try .json(["Now": .string(state.now), "list": .array(rows.map(\.json))])
        }
    }

    private static func drop(_ request: LoopbackRequest, _ state: inout LegacyPBXState) -> LoopbackReply {
        guard case .rows(var rows) = state.calls, let id = number(request.json?["Id"]),
            rows.contains(where: { $0.id == id })
        else { return .empty(404) }
        rows.removeAll { $0.id == id }
        state.calls = .rows(rows)
        return .empty(200)
    }

    /// Opens an edit object for a group, which shows the first page of its members.
    private static func openGroup(_ request: LoopbackRequest, _ state: inout LegacyPBXState) throws -> LoopbackReply {
        guard let id = number(request.json?["Id"]), let group = state.groups.first(where: { $0.id == id }) else {
            return .empty(404)
        }
        let objectID = Int64(state.editObjects.count + 7)
        state.editObjects[objectID] = id
        return try .json([
            "Id": .integer(objectID),
            "ActiveObject": [
                "Name": ["_value": .string(group.name)], "Members": group.page(from: 0, size: state.pageSize),
            ],
        ])
    }

    private static func membersPage(_ request: LoopbackRequest, _ state: LegacyPBXState) throws -> LoopbackReply {
        let path = request.json?["Path"]
        guard let objectID = number(path?["ObjectId"]), let groupID = state.editObjects[objectID],
            let group = state.groups.first(where: { $0.id == groupID })
        else { return .empty(404) }
        guard path?["PropertyPath"]?[0]?["Name"]?.string == "Members",
            let start = number(request.json?["PropertyValue"]?["State"]?["Start"])
        else { return .empty(400) }
        let members = group.page(from: Int(start), size: state.pageSize)
        return try .json([["Item": ["Members": members]]])
    }

    /// Ids arrive as numbers or as text.
    private static func number(_ value: LoopbackJSON?) -> Int64? {
        value?.integer ?? value?.string.flatMap { Int64($0) }
    }
}
