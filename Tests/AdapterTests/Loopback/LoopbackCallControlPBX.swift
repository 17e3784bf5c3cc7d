import Adapters
import FoundationEssentials

/// A 3CX of version 20 on loopback: client-credentials tokens and the Call Control API without its event socket.
final class LoopbackCallControlPBX: Sendable {
    static let statePath = "/callcontrol"
    static let tokenPath = "/connect/token"

    let server: LoopbackServer
    let state: ObservedValue<CallControlPBXState>

    static func start(
        configure: (inout CallControlPBXState) -> Void = { _ in }
    ) async throws -> LoopbackCallControlPBX {
        var initial = CallControlPBXState()
        configure(&initial)
        let state = ObservedValue(initial)
        let server = try await LoopbackServer.start { request in
            try await state.update { try Self.respond(to: request, &$0) }
        }
        return LoopbackCallControlPBX(server: server, state: state)
    }

    private init(server: LoopbackServer, state: ObservedValue<CallControlPBXState>) {
        self.server = server
        self.state = state
    }

    /// What a configuration has as `3CX.host`.
    var host: String { server.origin }

    func stop() async { await server.stop() }

    func restart() async throws { try await server.restart() }

    func configure(_ change: @Sendable (inout CallControlPBXState) -> Void) async {
        await state.update(change)
    }

    func setDNs(_ dns: [CallControlDN]) async {
        await state.update { $0.answer = .dns(dns) }
    }

    /// Sets the whole text of `/callcontrol`, well formed or not.
    func setState(raw text: String) async {
        await state.update { $0.answer = .raw(text) }
    }

    /// Ends the life of the token, as a second program with the same client would.
    func expireToken() async {
        await state.update { $0.liveToken = nil }
    }

    var tokensMinted: Int {
        get async { await state.value.tokensMinted }
    }

    /// The targets of all requests that carried a secret in the URL; a test expects none.
    var secretsInURL: [String] {
        get async { await state.value.secretsInURL }
    }

    /// How many requests arrived on a path.
    func count(of path: String) async -> Int { await server.count(of: path) }

    /// Spoils the next `count` requests on a path, or all (nil), until `clearFaults`.
    func inject(_ fault: LoopbackFault, on path: String? = nil, next count: Int? = nil) async {
        await server.inject(fault, on: path, next: count)
    }

    func clearFaults(on path: String? = nil) async { await server.clearFaults(on: path) }

    /// Waits until `count` requests more than now have arrived on a path; the answer of the last may be under way.
    func waitForRequests(
        more count: Int,
        on path: String = statePath,
        deadline: Duration = .seconds(15)
    ) async throws {
        let target = await server.count(of: path) + count
        try await waitForRequests(total: target, on: path, deadline: deadline)
    }

    /// Waits until `count` requests in all have arrived on a path.
    func waitForRequests(
        total count: Int,
        on path: String = statePath,
        deadline: Duration = .seconds(15)
    ) async throws {
        try await server.requests.wait(count: count, within: deadline) { $0.path == path }
    }

    func waitForTokens(_ count: Int, deadline: Duration = .seconds(15)) async throws {
        try await state.wait(for: "\(count) tokens", within: deadline) { $0.tokensMinted >= count }
    }

    private static func respond(
        to request: LoopbackRequest,
        _ state: inout CallControlPBXState
    ) throws -> LoopbackReply {
        noteSecrets(in: request, &state)
        if request.method == "POST", request.path == tokenPath { return try token(request, &state) }
        guard request.path == statePath || request.path.hasPrefix(statePath + "/") else { return .empty(404) }
        guard let token = state.liveToken, request.headers["authorization"] == "Bearer \(token)" else {
            return .empty(401)
        }
        switch state.access {
        case .forbidden: return .empty(403)
        case .notFound: return .empty(404)
        case .allowed: break
        }
        guard request.method == "GET" else { return .empty(405) }
        return try look(request.path, state)
    }

    private static func noteSecrets(in request: LoopbackRequest, _ state: inout CallControlPBXState) {
        let names: Set<String> = ["client_secret", "access_token", "password"]
        let fields = request.queryFields
        if fields.contains(where: { names.contains($0.key.lowercased()) || $0.value == state.clientSecret }) {
            state.secretsInURL.append("\(request.path)?\(request.query)")
        }
    }

    /// Credentials count only in a form body.
    private static func token(
        _ request: LoopbackRequest,
        _ state: inout CallControlPBXState
    ) throws -> LoopbackReply {
        let form = request.form
        if state.tokenMode == .badRequest {
            state.tokensRefused += 1
            return try .json(["error": "invalid_client"], status: 400)
        }
        guard form["grant_type"] == "client_credentials" else {
            state.tokensRefused += 1
            return try .json(["error": "unsupported_grant_type"], status: 400)
        }
        guard form["client_id"] == state.clientID, form["client_secret"] == state.clientSecret else {
            state.tokensRefused += 1
            return try .json(
                [
                    "error": "unauthorized",
                    "error_description": "The request requires valid user authentication.",
                ], status: 401)
        }
        let token = try state.mintToken(now: Int64(Date().timeIntervalSince1970))
        return try .json([
            "token_type": "Bearer", "expires_in": state.expiresIn, "access_token": .string(token),
            "refresh_token": nil,
        ])
    }

    /// `/callcontrol`, `/callcontrol/{dn}`, `/callcontrol/{dn}/participants` and `…/participants/{id}`.
    private static func look(_ path: String, _ state: CallControlPBXState) throws -> LoopbackReply {
        let segments = path.split(separator: "/").dropFirst().map(String.init)
        let dns: [CallControlDN]
        switch state.answer {
        case .raw(let text): return segments.isEmpty ? .json(text: text) : .empty(404)
        case .dns(let known): dns = known
        }
        guard let name = segments.first else { return try .json(.array(dns.map(\.json))) }
        guard let dn = dns.first(where: { $0.dn == name }) else { return .empty(404) }
        if segments.count == 1 { return try .json(dn.json) }
        guard segments[1] == "participants", segments.count <= 3 else { return .empty(404) }
        if segments.count == 2 { return try .json(.array(dn.participants.map(\.json))) }
        guard let participant = dn.participants.first(where: { String($0.id) == segments[2] }) else {
            return .empty(404)
        }
        return try .json(participant.json)
    }
}
