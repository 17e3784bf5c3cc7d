import FlyingFox
import FlyingSocks
import FoundationEssentials

/// A real HTTP server on 127.0.0.1 and a free port, with faults that a test switches on for any path.
///
/// It can be stopped and started again on the same port, to play a peer that is down for a while.
actor LoopbackServer {
    typealias Responder = @Sendable (LoopbackRequest) async throws -> LoopbackReply

    private struct FaultRule {
        let fault: LoopbackFault
        let path: String?
        /// How many more requests it hits; nil for all.
        var remaining: Int?
    }

    private nonisolated let reservation: PortReservation
    /// Every request that arrived, faults or not, recorded before it is processed.
    nonisolated let requests = EventBox<LoopbackRequest>()
    private let respond: Responder
    private var rules: [FaultRule] = []
    private var server: HTTPServer?
    private var running: Task<Void, any Error>?

    static func start(_ respond: @escaping Responder) async throws -> LoopbackServer {
        let loopback = LoopbackServer(reservation: try PortReservation(), respond: respond)
        try await loopback.restart()
        return loopback
    }

    private init(reservation: PortReservation, respond: @escaping Responder) {
        self.reservation = reservation
        self.respond = respond
    }

    deinit {
        running?.cancel()
    }

    nonisolated var port: UInt16 { reservation.port }

    nonisolated var origin: String { "http://127.0.0.1:\(port)" }

    /// Closes the port and every connection; requests are refused from then on.
    func stop() async {
        guard let server, let running else { return }
        self.server = nil
        self.running = nil
        await server.stop(timeout: 0)
        running.cancel()
        _ = await running.result
    }

    /// Listens again on the same port.
    func restart() async throws {
        guard server == nil else { return }
        let server = HTTPServer(
            address: try PortReservation.loopback(port: port),
            timeout: 7200,
            logger: .disabled,
            handler: ClosureHTTPHandler { [weak self] in
                guard let self else { return HTTPResponse(statusCode: .serviceUnavailable) }
                return try await answer($0)
            }
        )
        let running = Task { try await server.run() }
        self.server = server
        self.running = running
        do {
            try await server.waitUntilListening(timeout: 60)
            PromptAnswers.set(onListenerAt: port)
        } catch {
            self.server = nil
            self.running = nil
            running.cancel()
            // Why it does not listen is told by the server, which has ended long since; a timeout only that it does
            // not.
            if case .failure(let cause) = await running.result, !(cause is CancellationError) { throw cause }
            throw error
        }
    }

    /// Adds a fault for the next `count` requests (nil: for all) on `path` (nil: on every path). Faults added first
    /// are used first.
    func inject(_ fault: LoopbackFault, on path: String? = nil, next count: Int? = nil) {
        rules.append(FaultRule(fault: fault, path: path, remaining: count))
    }

    /// Removes the faults of one path, or all of them.
    func clearFaults(on path: String? = nil) {
        rules.removeAll { path == nil || $0.path == path }
    }

    /// How many requests arrived on a path.
    func count(of path: String) async -> Int {
        await requests.events.filter { $0.path == path }.count
    }

    private func answer(_ request: HTTPRequest) async throws -> HTTPResponse {
        var headers: [String: String] = [:]
        for (name, value) in request.headers { headers[name.rawValue.lowercased()] = value }
        let received = LoopbackRequest(
            method: request.method.rawValue,
            path: request.path,
            query: request.target.query(),
            headers: headers,
            body: String(decoding: try await request.bodyData, as: UTF8.self)
        )
        await requests.record(received)
        let fault = takeFault(for: received.path)
        guard let fault else { return try await response(try await respond(received), to: request) }
        let reply = fault.processes ? try await respond(received) : .empty(200)
        return try await spoil(reply, with: fault, request)
    }

    private func response(_ reply: LoopbackReply, to request: HTTPRequest) async throws -> HTTPResponse {
        guard let socket = reply.socket else { return HTTPResponse(reply) }
        let response = try await WebSocketHTTPHandler(handler: socket).handleRequest(request)
        if response.statusCode != .switchingProtocols { socket.discard() }
        return response
    }

    private func takeFault(for path: String) -> LoopbackFault? {
        guard let index = rules.firstIndex(where: { $0.path == nil || $0.path == path }) else { return nil }
        let fault = rules[index].fault
        if let remaining = rules[index].remaining {
            rules[index].remaining = remaining - 1
            if remaining <= 1 { rules.remove(at: index) }
        }
        return fault
    }

    private func spoil(
        _ reply: LoopbackReply,
        with fault: LoopbackFault,
        _ request: HTTPRequest
    ) async throws -> HTTPResponse {
        var reply = reply
        switch fault {
        case .status(let status, let body, let headers):
            reply = LoopbackReply(status: status, contentType: Self.contentType(of: body), body: body)
            reply.headers = headers
        case .hang, .processThenHang:
            try await Task.sleep(for: .seconds(3600))
        case .slow(let delay):
            try await Task.sleep(for: delay)
        case .drop, .processThenDrop:
            return HTTPResponse(webSocket: ConnectionCutter(sendsHead: false))
        case .cutShort:
            var response = HTTPResponse(webSocket: ConnectionCutter(sendsHead: true))
            let whole = HTTPResponse(reply)
            response.statusCode = whole.statusCode
            response.headers = whole.headers
            response.headers[.contentLength] = String(reply.body.utf8.count)
            return response
        case .truncated:
            reply.body = String(reply.body.prefix(reply.body.count / 2))
        case .loginPage:
            reply = .loginPage
        case .contentType(let type):
            reply.contentType = type
        case .empty:
            reply = .empty(200)
        case .text(let text):
            reply = .json(text: text)
        }
        return try await response(reply, to: request)
    }

    private static func contentType(of body: String) -> String? {
        switch body.first {
        case nil: nil
        case "{", "[": "application/json; charset=utf-8"
        case "<": "text/html; charset=utf-8"
        default: "text/plain; charset=utf-8"
        }
    }
}
