import NIOCore
import NIOSSL
import Synchronization

/// WebSockets on SwiftNIO.
package final class NIOWebSocketOpener: WebSocketOpener {
    private struct State {
        var isClosed = false
        var attempts: [ObjectIdentifier: WebSocketAttempt] = [:]
        var connections: [ObjectIdentifier: WebSocketConnection] = [:]
    }

    private let settings: HTTPTransportSettings
    private let tls: NIOSSLContext
    private let state = Mutex(State())

    /// Of the settings, the CA file and the user agent count.
    package init(settings: HTTPTransportSettings) throws(HTTPTransportSetupFailure) {
        var configuration = try TrustRoots.clientConfiguration(caFile: settings.tlsCAFile)
        // How long a close waits for the peer's; the connection is of no more use then.
        configuration.shutdownTimeout = .seconds(1)
        do {
            tls = try TLSContexts.context(configuration)
        } catch {
            throw HTTPTransportSetupFailure(path: settings.tlsCAFile, reason: .tlsLibrary("\(error)"))
        }
        self.settings = settings
    }

    package func open(_ request: WebSocketRequest) async throws(WebSocketFailure) -> any WebSocket {
        let origin = try request.checkedOrigin()
        let attempt = WebSocketAttempt(request, origin: origin, tls: tls, userAgent: settings.userAgent)
        if note(attempt) { attempt.cancel() }
        defer { forget(attempt) }
        let connection = try await attempt.run()
        if note(connection) {
            connection.sayGoodbye()
            await connection.ended()
            throw WebSocketFailure(.cancelled, detail: "event socket to \(origin) closed with its client")
        }
        return NIOWebSocket(connection)
    }

    package func shutdown() async {
        let (attempts, connections) = state.withLock { state in
            state.isClosed = true
            return (Array(state.attempts.values), Array(state.connections.values))
        }
        for attempt in attempts { attempt.cancel() }
        for connection in connections { connection.sayGoodbye() }
        for connection in connections { await connection.ended() }
    }

    /// Whether it is too late for it.
    private func note(_ attempt: WebSocketAttempt) -> Bool {
        state.withLock { state in
            if !state.isClosed { state.attempts[ObjectIdentifier(attempt)] = attempt }
            return state.isClosed
        }
    }

    private func forget(_ attempt: WebSocketAttempt) {
        state.withLock { _ = $0.attempts.removeValue(forKey: ObjectIdentifier(attempt)) }
    }

    private func note(_ connection: WebSocketConnection) -> Bool {
        let id = ObjectIdentifier(connection.mailbox)
        let isClosed = state.withLock { state in
            if !state.isClosed { state.connections[id] = connection }
            return state.isClosed
        }
        connection.channel.closeFuture.whenComplete { [weak self] _ in
            self?.state.withLock { _ = $0.connections.removeValue(forKey: id) }
        }
        return isClosed
    }
}
