import Adapters
import FoundationEssentials

/// A 3CX of version 20 on loopback: tokens of an API client and of users, the Call Control API with its event socket,
/// and the configuration interface.
final class LoopbackCallControlPBX: Sendable {
    static let statePath = "/callcontrol"
    static let socketPath = "/callcontrol/ws"
    static let tokenPath = "/connect/token"
    static let loginPath = "/webclient/api/Login/GetAccessToken"

    let server: LoopbackServer
    let state: ObservedValue<CallControlPBXState>

    static func start(
        configure: (inout CallControlPBXState) -> Void = { _ in }
    ) async throws -> LoopbackCallControlPBX {
        var initial = CallControlPBXState()
        configure(&initial)
        let state = ObservedValue(initial)
        let server = try await LoopbackServer.start { request in
            let (reply, delay) = try await state.update { pbx in
                let reply = try pbx.respond(to: request) { ended in
                    Task { await state.update { $0.sockets.open.removeAll { $0 == ended } } }
                }
                return (reply, request.path.contains("/participants") ? pbx.participantDelay : .zero)
            }
            if delay > .zero { try await Task.sleep(for: delay) }
            return reply
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
        deadline: Duration = .seconds(60)
    ) async throws {
        let target = await server.count(of: path) + count
        try await waitForRequests(total: target, on: path, deadline: deadline)
    }

    /// Waits until `count` requests in all have arrived on a path.
    func waitForRequests(
        total count: Int,
        on path: String = statePath,
        deadline: Duration = .seconds(60)
    ) async throws {
        try await server.requests.wait(count: count, within: deadline) { $0.path == path }
    }

    func waitForTokens(_ count: Int, deadline: Duration = .seconds(60)) async throws {
        try await state.wait(for: "\(count) tokens", within: deadline) { $0.tokensMinted >= count }
    }
}
