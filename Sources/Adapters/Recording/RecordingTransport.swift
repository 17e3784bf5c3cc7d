package import Wire

/// Keeps every answer as it passes.
package struct RecordingTransport: HTTPTransport {
    private let base: any HTTPTransport
    private let recorder: SessionRecorder

    package init(_ base: any HTTPTransport, recorder: SessionRecorder) {
        self.base = base
        self.recorder = recorder
    }

    package func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
        let began = recorder.requestBegan()
        let recorded = RecordedRequest(request)
        do {
            let response = try await base.send(request)
            recorder.answered(recorded, RecordedAnswer(response), began: began)
            return response
        } catch {
            if error.kind != .cancelled { recorder.answered(recorded, RecordedAnswer(error), began: began) }
            throw error
        }
    }

    package func shutdown() async {
        await base.shutdown()
    }
}
