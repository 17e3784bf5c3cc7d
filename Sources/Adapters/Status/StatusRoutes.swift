import Domain
import HTTPTypes
import Hummingbird
import NIOCore
import Ports

/// What the status server answers to what.
struct StatusRoutes: Sendable {
    private let access: StatusAccess
    private let reader: StatusReader
    private let streams: StatusStreams
    private let clock: any Ports.Clock

    /// A form with a token.
    private static let longestForm = 4096
    /// After a wrong token, so that guessing takes time.
    private static let penalty: Duration = .milliseconds(500)

    init(settings: StatusServerSettings, board: StatusBoard, reader: StatusReader, clock: any Ports.Clock) {
        access = StatusAccess(token: settings.token, port: settings.address.port)
        self.reader = reader
        streams = StatusStreams(
            board: board, reader: reader, listeners: StatusListeners(limit: settings.mostListeners), clock: clock)
        self.clock = clock
    }

    func respond(to request: Request, on channel: any Channel) async throws -> Response {
        let path = request.uri.path
        if path == "/healthz" { return try await reading(request) { await health() } }
        guard access.isHostTrusted(request.head.authority) else {
            return try StatusResponses.problem(
                .forbidden, "this page is for this machine; ask for it as 127.0.0.1 or localhost")
        }
        if path == "/login", access.token != nil, request.method == .post { return try await logIn(request) }
        guard access.isAllowed(request.headers, at: clock.now()) else { return try refusal(path) }
        switch path {
        case "/": return try await reading(request) { page(StatusPage.html) }
        case "/status": return try await reading(request) { StatusResponses.json(try await reader.current().json) }
        case "/readyz": return try await reading(request) { try await readiness() }
        case "/metrics":
            return try await reading(request) {
                StatusResponses.text(await reader.metrics(), type: PrometheusText.contentType)
            }
        case "/events": return try await reading(request) { try streams.statuses(for: request, on: channel) }
        case "/activity": return try await reading(request) { try streams.activities(for: request, on: channel) }
        default: return try StatusResponses.problem(.notFound, "there is nothing here; the page is at /")
        }
    }

    private func reading(_ request: Request, _ respond: () async throws -> Response) async throws -> Response {
        switch request.method {
        case .get: return try await respond()
        case .head:
            var response = try await respond()
            response.body = .init()
            return response
        default:
            var response = try StatusResponses.problem(.methodNotAllowed, "only GET and HEAD are known here")
            response.headers[.allow] = "GET, HEAD"
            return response
        }
    }

    // MARK: - Health

    private func health() async -> Response {
        await reader.isAlive()
            ? StatusResponses.text("ok\n", type: "text/plain; charset=utf-8")
            : StatusResponses.text(
                "the bridge does not answer itself\n", type: "text/plain; charset=utf-8", status: .serviceUnavailable)
    }

    private func readiness() async throws -> Response {
        let status = try await reader.current().status
        let readiness = StatusReadiness(status)
        return StatusResponses.json(
            try StatusReader.json(readiness), status: readiness.isReady ? .ok : .serviceUnavailable)
    }

    // MARK: - Pages

    private func page(
        _ html: (_ nonce: String) -> String, status: HTTPTypes.HTTPResponse.Status = .ok
    ) -> Response {
        let nonce = RandomText.hexadecimal(bytes: 16)
        return StatusResponses.page(html(nonce), nonce: nonce, status: status)
    }

    private func refusal(_ path: String) throws -> Response {
        var response =
            path == "/"
            ? page({ LoginPage.html(nonce: $0, isRefused: false) }, status: .unauthorized)
            : try StatusResponses.problem(.unauthorized, "send Bridge.status_token as Authorization: Bearer TOKEN")
        response.headers[.wwwAuthenticate] = "Bearer"
        return response
    }

    private func logIn(_ request: Request) async throws -> Response {
        let form: ByteBuffer
        do {
            form = try await request.body.collect(upTo: Self.longestForm)
        } catch is NIOTooManyBytesError {
            return try StatusResponses.problem(.contentTooLarge, "a login is shorter than that")
        }
        guard let token = FormText.value("token", in: String(buffer: form)), access.isToken(token) else {
            try await clock.sleep(until: clock.now() + Self.penalty)
            return page({ LoginPage.html(nonce: $0, isRefused: true) }, status: .unauthorized)
        }
        var headers = StatusResponses.headers("text/plain; charset=utf-8")
        headers[.location] = "/"
        headers[.setCookie] = access.openSession(at: clock.now())
        return Response(status: .seeOther, headers: headers)
    }
}
