package import Adapters
import NIOCore
import NIOWebSocket
import Synchronization
package import Wire

/// A 3CX on loopback that answers what a script says, and pushes events to whoever listens at its event socket.
package final class DemoPhoneSystem: Sendable {
    private struct State {
        var answers = ScriptedAnswers(setup: [:])
        var sockets: [ObjectIdentifier: any Channel] = [:]
        /// Whether the script lets the event socket be open.
        var acceptsSockets = false
        var isDown = false
        /// Since the script began.
        var requests = 0
    }

    private static let socketPath = "/callcontrol/ws"

    private let state = Mutex(State())
    private let server = DemoServer()

    package init() {}

    /// - Returns: what a configuration has as `3CX.host`.
    package func start() async throws -> String {
        try await server.start(sockets: self) { self.respond(to: $0) }
    }

    package func stop() async {
        await server.stop()
    }

    /// Begins another script: nothing of the one before is left.
    package func begin(setup: [String: ScriptedAnswer], hasEvents: Bool) {
        closeSockets()
        state.withLock { state in
            state.answers = ScriptedAnswers(setup: setup)
            state.acceptsSockets = hasEvents
            state.requests = 0
        }
    }

    /// The answers change before the events are sent, as in a phone system.
    package func apply(answers: [String: ScriptedAnswer], gone: [String] = [], events: [JSONValue] = []) {
        let sockets = state.withLock { state in
            state.answers.take(answers)
            state.answers.remove(gone)
            return Array(state.sockets.values)
        }
        for event in events {
            let frame = WebSocketFrame(fin: true, opcode: .text, data: ByteBuffer(bytes: event.bytes))
            for socket in sockets { socket.writeAndFlush(frame, promise: nil) }
        }
    }

    package func setSocket(open: Bool) {
        state.withLock { $0.acceptsSockets = open }
        if !open { closeSockets() }
    }

    /// Down, every request gets the answer of a proxy whose server is gone.
    package func setDown(_ isDown: Bool) {
        state.withLock { $0.isDown = isDown }
        if isDown { closeSockets() }
    }

    package var hasSocket: Bool { state.withLock { !$0.sockets.isEmpty } }

    /// How often it was asked since the script began.
    package var requests: Int { state.withLock { $0.requests } }

    func takesSocket(at target: String) -> Bool {
        state.withLock { $0.acceptsSockets && !$0.isDown } && target.prefix { $0 != "?" } == Self.socketPath
    }

    func opened(_ socket: any Channel) {
        state.withLock { $0.sockets[ObjectIdentifier(socket)] = socket }
    }

    func closed(_ socket: any Channel) {
        state.withLock { _ = $0.sockets.removeValue(forKey: ObjectIdentifier(socket)) }
    }

    private func closeSockets() {
        let sockets = state.withLock { state in
            defer { state.sockets = [:] }
            return state.sockets.values
        }
        for socket in sockets { socket.close(promise: nil) }
    }

    private func respond(to request: DemoRequest) -> ScriptedAnswer {
        state.withLock { state in
            state.requests += 1
            guard !state.isDown else { return .badGateway }
            return state.answers.answer(request.method, request.target) ?? .notFound
        }
    }
}
