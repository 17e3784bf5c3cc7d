package import Adapters
import Domain
import FoundationEssentials
package import Ports
import Synchronization
import Wire

/// A Zammad on loopback (`ZammadModel`), in which every extension is an agent's. It says what a helpdesk would see.
package final class DemoZammad: Sendable {
    private struct State: Sendable {
        var model: ZammadModel
        /// What a fixture wants Zammad to answer.
        var script: ScriptedAnswer?
        var isDown = false
        /// The names of the agents by their number in Zammad.
        var agentNames: [Int64: String] = [:]
    }

    /// Older rows are forgotten; Zammad itself shows the latest 60.
    private static let mostRows = 2_000
    private static let mostAgents = 1_000
    /// Beyond the ids that a configuration gives its agents.
    private static let firstOwnID: Int64 = 1_000_000
    private static let path = "/api/v1/cti/"

    private let token = RandomText.hexadecimal(bytes: 16)
    private let state: Mutex<State>
    private let clock: any Clock
    private let server = DemoServer()
    private let continuation: AsyncStream<HelpdeskEvent>.Continuation
    /// What the helpdesk sees, in order. With nobody who reads for long, the latest are left out.
    package let events: AsyncStream<HelpdeskEvent>

    package init(customers: [ZammadCustomer] = [], clock: any Clock) {
        var model = ZammadModel(token: token)
        model.customers = customers
        state = Mutex(State(model: model))
        self.clock = clock
        (events, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(10_000))
    }

    /// - Returns: what a configuration has as `Zammad.endpoint`.
    package func start() async throws -> String {
        try await server.start { self.respond(to: $0) } + Self.path + token
    }

    /// Nothing is seen from now on.
    package func stop() async {
        await server.stop()
        continuation.finish()
    }

    /// Something that the helpdesk sees, or would wonder at.
    package func note(_ event: HelpdeskEvent) {
        continuation.yield(event)
    }

    package func setDown(_ isDown: Bool) {
        state.withLock { $0.isDown = isDown }
    }

    /// How events are answered from now on; `nil` and a plain success: as Zammad does.
    package func setScript(_ answer: ScriptedAnswer?) {
        state.withLock { $0.script = answer }
    }

    package var isDown: Bool { state.withLock { $0.isDown } }

    /// The caller log, oldest first.
    package var rows: [ZammadRow] { state.withLock { $0.model.rows } }

    private func respond(to request: DemoRequest) -> ScriptedAnswer {
        guard request.path.hasPrefix(Self.path) else {
            return ScriptedAnswer(status: 404, body: Array(#"{"error":"No route matches this path."}"#.utf8))
        }
        let now = clock.now()
        let event = ZammadRequest(
            method: request.method, token: String(request.path.dropFirst(Self.path.count)), accept: request.accept,
            parameters: Self.parameters(request.body), at: now.milliseconds)
        return state.withLock { state in
            guard !state.isDown else { return .badGateway }
            if let script = state.script, script.status != 200 || script.fault != nil { return script }
            let (reply, seen) = take(event, &state, at: now)
            if let seen { continuation.yield(seen) }
            if let script = state.script, reply.status == 200 { return script }
            return ScriptedAnswer(status: reply.status, contentType: reply.contentType, body: Array(reply.body.utf8))
        }
    }

    private func take(
        _ event: ZammadRequest, _ state: inout State, at now: Instant
    ) -> (reply: ZammadReply, seen: HelpdeskEvent?) {
        let callID = event.parameters?["callId"]?.string ?? ""
        let before = state.model.row(callID)
        Self.addAgent(event, &state)
        let reply = state.model.handle(event)
        state.model.keepLatest(Self.mostRows)
        guard reply.status == 200, let row = state.model.row(callID) else { return (reply, nil) }
        return (reply, HelpdeskEvent(row, before: before, agents: state.agentNames, at: now))
    }

    private static func addAgent(_ event: ZammadRequest, _ state: inout State) {
        guard let parameters = event.parameters, parameters["event"] == "answer",
            state.model.agents.count < mostAgents
        else { return }
        let known: ZammadAgent?
        let agent: ZammadAgent
        if let number = parameters["answeringNumber"]?.string {
            known = state.model.agents.first { $0.phone == number }
            let id = firstOwnID + Int64(state.model.agents.count)
            agent = known ?? ZammadAgent(id: id, login: "agent-\(number)", phone: number)
        } else if let id = parameters["user_id"]?.integer {
            known = state.model.agents.first { $0.id == id }
            agent = known ?? ZammadAgent(id: id, login: "agent-\(id)", phone: "")
        } else {
            return
        }
        if known == nil { state.model.agents.append(agent) }
        if let name = parameters["user"]?.string { state.agentNames[agent.id] = name }
    }

    private static func parameters(_ body: [UInt8]) -> [String: JSONValue]? {
        do {
            return try JSONDecoder().decode([String: JSONValue].self, from: Data(body))
        } catch {
            // No JSON: the model refuses it as Zammad does.
            return nil
        }
    }
}
