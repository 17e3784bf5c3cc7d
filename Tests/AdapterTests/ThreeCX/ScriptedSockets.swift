import Ports
import Synchronization

@testable import Wire

/// An opener of event sockets that does what a test says; what the script does not name never opens.
final class ScriptedSockets: WebSocketOpener {
    enum Opening: Sendable {
        case opens(ScriptedSocket)
        case fails(WebSocketFailure)
    }

    private let script: Mutex<[Opening]>
    /// Every attempt, in order.
    let requests = EventBox<WebSocketRequest>()

    init(_ script: Opening...) {
        self.script = Mutex(script)
    }

    func open(_ request: WebSocketRequest) async throws(WebSocketFailure) -> any WebSocket {
        let opening = script.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        await requests.record(request)
        switch opening {
        case .opens(let socket)?: return socket
        case .fails(let failure)?: throw failure
        case nil:
            do { try await Task.sleep(for: .seconds(3600)) } catch { /* cancelled, as expected */  }
            throw WebSocketFailure(.cancelled, detail: "cancelled")
        }
    }

    func shutdown() async {}
}

/// A socket on which a test sends messages and its end.
final class ScriptedSocket: WebSocket {
    private let items: AsyncStream<Result<[UInt8], WebSocketFailure>>
    private let feed: AsyncStream<Result<[UInt8], WebSocketFailure>>.Continuation
    private let closed = Mutex(false)

    init() {
        (items, feed) = AsyncStream.makeStream()
    }

    var isClosed: Bool { closed.withLock { $0 } }

    func send(_ message: String) {
        feed.yield(.success(Array(message.utf8)))
    }

    /// As of 3CX: an event on a participant.
    func send(_ sequence: Int, type: Int, dn: String = "101", id: Int, attached: String = "null") {
        send(
            #"{"sequence":\#(sequence),"event":{"event_type":\#(type),"#
                + #""entity":"/callcontrol/\#(dn)/participants/\#(id)","attached_data":\#(attached)}}"#)
    }

    func end(_ kind: WebSocketFailure.Kind = .closed(code: 1006)) {
        feed.yield(.failure(WebSocketFailure(kind, detail: "the connection ended")))
    }

    func receive() async throws(WebSocketFailure) -> [UInt8] {
        for await item in items { return try item.get() }
        throw WebSocketFailure(.cancelled, detail: "cancelled")
    }

    func close() async {
        closed.withLock { $0 = true }
        end(.closed(code: 1000))
    }
}
