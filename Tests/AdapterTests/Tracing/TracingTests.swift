import Logging
import Ports
import Synchronization
import Testing

@testable import Adapters
@testable import Wire

@Suite("Traces of requests and of the event socket")
struct TracingTests {
    private static let mask = TraceMask(secrets: [Secret("s3cret-token")])
    private static let failure = WebSocketFailure(
        .refused(status: 401), detail: "no way for s3cret-token, +493023125001")

    /// Hands out its messages, then fails.
    private final class ScriptedSocket: WebSocket, WebSocketOpener {
        private let messages: Mutex<[String]>
        let shutdowns = Mutex(0)
        private let refuses: Bool

        init(_ messages: [String], refuses: Bool = false) {
            self.messages = Mutex(messages)
            self.refuses = refuses
        }

        func open(_ request: WebSocketRequest) async throws(WebSocketFailure) -> any WebSocket {
            if refuses { throw TracingTests.failure }
            return self
        }

        func receive() async throws(WebSocketFailure) -> [UInt8] {
            let next = messages.withLock { $0.isEmpty ? nil : $0.removeFirst() }
            guard let next else { throw TracingTests.failure }
            return Array(next.utf8)
        }

        func close() async {}

        func shutdown() async { shutdowns.withLock { $0 += 1 } }
    }

    private static func logger(_ record: RecordingLog, at level: Logger.Level, _ keys: String...) -> Logger {
        var logger = record.logger(showing: keys)
        logger.logLevel = level
        return logger
    }

    private static let request = WebSocketRequest(
        url: "wss://pbx.example.net/callcontrol/ws?x=s3cret-token", headers: ["Authorization": "Bearer abc"])

    private static let frame =
        #"{"sequence":15,"event":{"event_type":0,"entity":"/callcontrol/101/participants/8106","#
        + #""attached_data":{"party_caller_name":"Anna Roe","party_caller_id":"+493023125001"}}}"#

    @Test("each frame is logged as it is taken, masked, and passed on as it came")
    func frames() async throws {
        let record = RecordingLog()
        let log = Self.logger(record, at: .trace, "path", "failure", "reason", "frame")
        let opener = TracingWebSocketOpener(ScriptedSocket([Self.frame, "text"]), log: log, mask: Self.mask)
        let socket = try await opener.open(Self.request)
        #expect(try await socket.receive() == Array(Self.frame.utf8))
        #expect(try await socket.receive() == Array("text".utf8))
        await #expect(throws: Self.failure) { try await socket.receive() }
        expectSame(
            record.take(),
            [
                "trace: event socket opened path=/callcontrol/ws?x=••••",
                #"trace: frame frame={"event":{"attached_data":{"party_caller_id":"•••001","party_caller_name":"A… R…"},"#
                    + #""entity":"/callcontrol/101/participants/8106","event_type":0},"sequence":15}"#,
                "trace: frame frame=t…",
                "trace: event socket ended failure=refused(status: 401) reason=no way for ••••, •••001",
            ])
    }

    @Test("a socket that does not open is logged, and shutdown passed on")
    func refused() async throws {
        let record = RecordingLog()
        let base = ScriptedSocket([], refuses: true)
        let opener = TracingWebSocketOpener(
            base, log: Self.logger(record, at: .trace, "to", "failure"), mask: Self.mask)
        await #expect(throws: Self.failure) { _ = try await opener.open(Self.request) }
        #expect(
            record.take() == [
                "trace: event socket not opened to=https://pbx.example.net/… failure=refused(status: 401)"
            ])
        await opener.shutdown()
        #expect(base.shutdowns.withLock { $0 } == 1)
    }

    @Test("without a trace nothing is logged and the socket is handed on as it is")
    func untraced() async throws {
        let record = RecordingLog()
        let log = Self.logger(record, at: .debug)
        let base = ScriptedSocket([Self.frame])
        let socket = try await TracingWebSocketOpener(base, log: log, mask: Self.mask).open(Self.request)
        #expect(socket as? ScriptedSocket === base)
        let transport = ScriptedTransport(["GET /x": [.json("{}")]])
        _ = try await TracingTransport(transport, log: log, mask: Self.mask)
            .send(HTTPRequest(url: "https://pbx.example.net/x"))
        #expect(transport.requests.count == 1 && record.take().isEmpty)
    }

    @Test("a request is logged with its answer, or with why there is none")
    func requests() async throws {
        let record = RecordingLog()
        let log = Self.logger(record, at: .trace, "method", "path", "sent", "status", "headers", "answer", "failure")
        let broken = HTTPFailure(.timeout, requestMayHaveBeenSent: true, detail: "no answer")
        let transport = TracingTransport(
            ScriptedTransport([
                "POST /api/login": [.login("a=cookie-value")], "GET /x?pass=y": [.failure(broken)],
            ]), log: log, mask: Self.mask)
        let body = Array(#"{"Username":"admin","Password":"x"}"#.utf8)
        _ = try await transport.send(
            HTTPRequest(method: .post, url: "https://pbx.example.net/api/login", headers: ["Cookie": "c"], body: body))
        await #expect(throws: broken) { try await transport.send(HTTPRequest(url: "https://pbx.example.net/x?pass=y")) }
        expectSame(
            record.take(),
            [
                #"trace: request method=POST path=/api/login sent={"Password":"••••","Username":"a…"} status=200 headers= "#
                    + "answer=AuthSuccess",
                "trace: request method=GET path=/x?pass=•••• failure=timeout",
            ])
    }
}
