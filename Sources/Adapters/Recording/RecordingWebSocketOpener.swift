package import Wire

/// Keeps when the event socket opens and ends, and every message as it is taken.
package struct RecordingWebSocketOpener: WebSocketOpener {
    private let base: any WebSocketOpener
    private let recorder: SessionRecorder

    package init(_ base: any WebSocketOpener, recorder: SessionRecorder) {
        self.base = base
        self.recorder = recorder
    }

    package func open(_ request: WebSocketRequest) async throws(WebSocketFailure) -> any WebSocket {
        let socket = try await base.open(request)
        recorder.socketChanged(isOpen: true)
        return RecordingWebSocket(base: socket, recorder: recorder)
    }

    package func shutdown() async {
        await base.shutdown()
    }
}

/// A connection whose messages are kept as they are taken.
struct RecordingWebSocket: WebSocket {
    let base: any WebSocket
    let recorder: SessionRecorder

    func receive() async throws(WebSocketFailure) -> [UInt8] {
        do {
            let message = try await base.receive()
            recorder.received(message)
            return message
        } catch {
            // The views read until the first failure.
            recorder.socketChanged(isOpen: false)
            throw error
        }
    }

    func close() async {
        await base.close()
    }
}
