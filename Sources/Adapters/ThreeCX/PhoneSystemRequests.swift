import Domain
import Ports
import Wire

/// Requests to one 3CX host, with failures in the terms of a poll.
struct PhoneSystemRequests: Sendable {
    let host: String
    let transport: any HTTPTransport
    let timeout: Duration
    /// For what only reads.
    private let pollTimeout: Duration

    init(_ settings: PhoneSystemSettings, _ transport: any HTTPTransport) {
        host = settings.phoneSystem.host
        self.transport = transport
        timeout = settings.requestTimeout
        pollTimeout = max(settings.requestTimeout, settings.pollTimeout)
    }

    func send(
        _ method: HTTPMethod, _ path: String, headers: HTTPHeaders = [:], body: [UInt8]? = nil
    ) async throws(PollFailure) -> HTTPResponse {
        let request = HTTPRequest(
            method: method, url: host + path, headers: headers, body: body,
            timeout: method == .get ? pollTimeout : timeout)
        let response: HTTPResponse
        do {
            response = try await transport.send(request)
        } catch {
            let kind: PollFailure.Kind = error.kind == .cancelled ? .cancelled : .unreachable
            throw PollFailure(kind, error.detail, at: place(method, path), remedy: error.remedy)
        }
        // Before anybody takes its status for that of a rejected login.
        guard !response.wantsTLS else {
            throw failure(
                .configuration, "this port expects https:// and was asked with http:// (HTTP \(response.status))",
                method, path, remedy: "write https:// in 3CX.host")
        }
        return response
    }

    /// Method, scheme, host and path without its query; a 3CX path holds no secret.
    func place(_ method: HTTPMethod, _ path: String) -> String {
        let origin = HTTPOrigin(host).map(String.init(describing:)) ?? "(unreadable host)"
        return "\(method.rawValue) \(origin)\(path.prefix { $0 != "?" })"
    }

    func failure(
        _ kind: PollFailure.Kind, _ what: String, _ method: HTTPMethod, _ path: String, remedy: String
    ) -> PollFailure {
        PollFailure(kind, what, at: place(method, path), remedy: remedy)
    }

    /// The failure for a status that is not the wanted one and has no meaning of its own.
    func unexpected(_ response: HTTPResponse, _ method: HTTPMethod, _ path: String) -> PollFailure {
        switch response.status {
        case 300..<400:
            failure(
                .unreachable, "HTTP \(response.status), a redirect\(response.redirection())", method, path,
                remedy:
                    "write the address that it leads to in 3CX.host, and check http:// and https://; if that is a page "
                    + "to log in, let the proxy in front of 3CX pass the bridge")
        case 404, 405:
            failure(
                .interfaceMissing, "HTTP \(response.status)", method, path,
                remedy: "check 3CX.host and Bridge.api: this 3CX does not have this interface")
        case 401, 403:
            failure(
                .permissionMissing, "HTTP \(response.status)", method, path,
                remedy: "check what the account or API client may do in 3CX")
        default:
            failure(
                .unreachable, "HTTP \(response.status)", method, path,
                remedy: "check the state of 3CX, and of a proxy in front of it")
        }
    }

    /// What the answer to the wish to end a call says.
    func dropOutcome(_ response: HTTPResponse, _ path: String) -> CallDropOutcome {
        switch response.status {
        case 200..<300: .dropped
        case 404, 410: .gone
        default: .failed(unexpected(response, .post, path))
        }
    }

    /// The decoded JSON of an answer with status 200; anything else is a failure, never an empty list.
    func decode<Value: Decodable>(
        _ type: Value.Type, _ response: HTTPResponse, _ method: HTTPMethod, _ path: String
    ) throws(PollFailure) -> Value {
        guard response.status == 200 else { throw unexpected(response, method, path) }
        let remedy =
            "check that 3CX.host is the address of the 3CX web server, and for a proxy that answers in its place"
        guard response.isJSON else {
            let contentType = response.headers.first("Content-Type") ?? ""
            throw failure(
                .malformedAnswer, "content type \(contentType.prefix(60)) instead of JSON", method, path, remedy: remedy
            )
        }
        do {
            return try WireJSON.decode(type, from: response.body)
        } catch {
            throw failure(.malformedAnswer, error.what, method, path, remedy: remedy)
        }
    }
}
