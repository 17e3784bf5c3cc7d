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
