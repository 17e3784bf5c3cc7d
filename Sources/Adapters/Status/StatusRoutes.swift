import Domain
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Ports
import Wire

/// What the status server answers to what.
struct StatusRoutes: Sendable {
    private let access: StatusAccess
    private let reader: StatusReader
    private let streams: StatusStreams
    private let clock: any Ports.Clock
    private let log: Logger

    /// What the pages load; nothing in them is secret.
    private static let files = [
        "/page.css": (text: StatusPage.css, type: "text/css; charset=utf-8"),
        "/page.js": (text: StatusPage.javaScript, type: "text/javascript; charset=utf-8"),
    ]
    /// A form with a token.
    private static let longestForm = 4096
    /// After a wrong token, so that guessing takes time.
    private static let penalty: Duration = .milliseconds(500)

    init(
        settings: StatusServerSettings, board: StatusBoard, reader: StatusReader, clock: any Ports.Clock, log: Logger
    ) {
        access = settings.access
        self.reader = reader
        streams = StatusStreams(
            board: board, reader: reader, listeners: StatusListeners(limit: settings.mostListeners), access: access,
            clock: clock)
        self.clock = clock
        self.log = log
    }

    func respond(to request: Request, on channel: any Channel) async throws -> Response {
        let path = request.uri.path
        if path == "/healthz" { return try await reading(request) { await health() } }
        guard access.isHostTrusted(request.head.authority) else {
            return try StatusResponses.problem(
                .forbidden, "this page is for this machine; ask for it as 127.0.0.1 or localhost")
        }
        // The page that asks for the token needs its style as well.
        if let file = Self.files[path] {
            return try await reading(request) { StatusResponses.text(file.text, type: file.type) }
        }
        // Before the token is looked at: whoever is let in by one that changes meanwhile is not kept.
        let version = access.version
        let client = channel.remoteAddress?.ipAddress ?? "unknown"
        if path == "/login", access.needsToken, request.method == .post { return try await logIn(request, of: client) }
        if let refusal = try await refusal(of: request, from: client) { return refusal }
        switch path {
        case "/": return try await reading(request) { StatusResponses.page(StatusPage.html) }
        case "/status": return try await reading(request) { StatusResponses.json(try await reader.current().json) }
        case "/readyz": return try await reading(request) { try await readiness() }
        case "/metrics":
            return try await reading(request) {
                StatusResponses.text(await reader.metrics(), type: PrometheusText.contentType)
            }
        case "/events":
            return try await reading(request) { try streams.statuses(for: request, on: channel, version) }
        case "/activity":
            return try await reading(request) { try streams.activities(for: request, on: channel, version) }
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

    // MARK: - Tokens

    /// `nil` for whoever may read.
    private func refusal(of request: Request, from client: String) async throws -> Response? {
        guard access.needsToken else { return nil }
        if let given = access.bearer(request.headers) {
            switch try await check(given, of: client) {
            case .right: return nil
            case .wrong: return try wantsToken(request.uri.path)
            case .tooMany: return try tooMany()
            }
        }
        return access.hasSession(request.headers, at: clock.now()) ? nil : try wantsToken(request.uri.path)
    }

    private enum Verdict {
        case right
        case wrong
        /// It was not looked at.
        case tooMany
    }

    private func check(_ token: String, of client: String) async throws -> Verdict {
        guard access.wrongTokens.mayTry(client, at: clock.now()) else { return .tooMany }
        guard !access.isToken(token) else { return .right }
        if let count = access.wrongTokens.note(client, at: clock.now()) {
            log.warning(
                "somebody asks for the status with a wrong token",
                metadata: [
                    "from": "\(client)", "times": "\(count)",
                    "remedy": "give that program the Bridge.status_token of now; if it is none of yours, keep it out",
                ])
        }
        try await clock.sleep(until: clock.now() + Self.penalty)
        return .wrong
    }

    private func tooMany() throws -> Response {
        var response = try StatusResponses.problem(
            .tooManyRequests, "too many wrong tokens came from this address; try again a little later")
        response.headers[.retryAfter] = "\(WrongTokens.pause.components.seconds)"
        return response
    }

    private func wantsToken(_ path: String) throws -> Response {
        var response =
            path == "/"
            ? StatusResponses.page(StatusPage.login(isRefused: false), status: .unauthorized)
            : try StatusResponses.problem(.unauthorized, "send Bridge.status_token as Authorization: Bearer TOKEN")
        response.headers[.wwwAuthenticate] = "Bearer"
        return response
    }

    private func logIn(_ request: Request, of client: String) async throws -> Response {
        let form: ByteBuffer
        do {
            form = try await request.body.collect(upTo: Self.longestForm)
        } catch is NIOTooManyBytesError {
            return try StatusResponses.problem(.contentTooLarge, "a login is shorter than that")
        }
        switch try await check(FormText.value("token", in: String(buffer: form)) ?? "", of: client) {
        case .right: break
        case .wrong: return StatusResponses.page(StatusPage.login(isRefused: true), status: .unauthorized)
        case .tooMany: return try tooMany()
        }
        var headers = StatusResponses.headers("text/plain; charset=utf-8")
        headers[.location] = "/"
        headers[.setCookie] = access.openSession(at: clock.now())
        return Response(status: .seeOther, headers: headers)
    }
}

/// Reads `application/x-www-form-urlencoded`.
enum FormText {
    /// The first value of a field; `nil` if it is missing or no UTF-8.
    static func value(_ name: String, in form: String) -> String? {
        for pair in form.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                .map { String($0).replacing("+", with: " ").percentDecoded }
            if parts.count == 2, parts[0] == name { return parts[1] }
        }
        return nil
    }
}

/// Whether 3CX and Zammad can be reached: the body of `/readyz`.
struct StatusReadiness: Equatable, Sendable, Codable {
    var isReady: Bool
    var phoneSystem: Bool
    var zammad: Bool
    /// Why not; empty when it is ready.
    var reasons: [String]

    init(_ status: BridgeStatus) {
        let phoneSystems = status.phoneSystems ?? [status.phoneSystem]
        let zammads = status.zammads ?? [status.zammad]
        phoneSystem = phoneSystems.allSatisfy(\.isReachable)
        zammad = zammads.allSatisfy(\.isReachable)
        isReady = phoneSystem && zammad
        reasons = (phoneSystems + zammads).filter { !$0.isReachable }.map { side in
            side.words + (side.reason.map { ": \($0)" } ?? "")
        }
    }
}
