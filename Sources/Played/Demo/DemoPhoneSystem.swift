package import Adapters
import FoundationEssentials
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

    /// What its socket belongs to.
    private struct Sockets: DemoSocketOwner {
        let phoneSystem: DemoPhoneSystem

        func takesSocket(at target: String) -> Bool { phoneSystem.takesSocket(at: target) }

        func opened(_ channel: any Channel) {
            phoneSystem.state.withLock { $0.sockets[ObjectIdentifier(channel)] = channel }
        }

        func closed(_ channel: any Channel) {
            phoneSystem.state.withLock { _ = $0.sockets.removeValue(forKey: ObjectIdentifier(channel)) }
        }
    }

    private static let socketPath = "/callcontrol/ws"

    private let state = Mutex(State())
    private let server = Mutex<DemoServer?>(nil)

    package init() {}

    /// - Returns: what a configuration has as `3CX.host`.
    package func start() async throws -> String {
        let started = try await DemoServer.start(sockets: Sockets(phoneSystem: self)) { self.respond(to: $0) }
        server.withLock { $0 = started }
        return started.origin
    }

    package func stop() async {
        let running = server.withLock { server in
            defer { server = nil }
            return server
        }
        await running?.stop()
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
            let text: [UInt8]
            do { text = try FixtureJSON.encode(event) } catch { continue }
            for socket in sockets {
                let frame = WebSocketFrame(fin: true, opcode: .text, data: ByteBuffer(bytes: text))
                socket.writeAndFlush(frame, promise: nil)
            }
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

    private func takesSocket(at target: String) -> Bool {
        state.withLock { $0.acceptsSockets && !$0.isDown } && target.prefix { $0 != "?" } == Self.socketPath
    }

    private func closeSockets() {
        let sockets = state.withLock { state in
            defer { state.sockets = [:] }
            return state.sockets.values
        }
        for socket in sockets { socket.close(promise: nil) }
    }

    private func respond(to request: DemoRequest) -> DemoReply {
        state.withLock { state in
            state.requests += 1
            guard !state.isDown else { return .badGateway }
            return DemoReply(
                state.answers.answer(request.method, request.target), cookie: ScriptedAnswers.cookie)
        }
    }
}
