import Wire

/// The plainest client: no cookies of its own, no cache, no redirects to follow on loopback.
struct LoopbackClient: Sendable {
    struct Answer: Equatable, Sendable {
        let status: Int
        let contentType: String?
        let setCookie: String?
        let body: String

        var json: LoopbackJSON? { try? LoopbackJSON(text: body) }
    }

    private static let transport = Result { try HTTPTransports.make() }

    private let timeout: Duration

    init(timeout: Duration = .seconds(60)) {
        self.timeout = timeout
    }

    func get(_ url: String, headers: [String: String] = [:]) async throws -> Answer {
        try await send(.get, url, headers: headers, body: nil)
    }

    func post(_ url: String, json: LoopbackJSON, headers: [String: String] = [:]) async throws -> Answer {
        let typed = headers.merging(["Content-Type": "application/json", "Accept": "application/json"]) { own, _ in own
        }
        return try await send(.post, url, headers: typed, body: try json.text())
    }

    func post(_ url: String, form: String, headers: [String: String] = [:]) async throws -> Answer {
        let typed = headers.merging(["Content-Type": "application/x-www-form-urlencoded"]) { own, _ in own }
        return try await send(.post, url, headers: typed, body: form)
    }

    private func send(
        _ method: HTTPMethod, _ url: String, headers: [String: String], body: String?
    ) async throws -> Answer {
        var request = HTTPRequest(method: method, url: url, body: body.map { Array($0.utf8) }, timeout: timeout)
        for (name, value) in headers { request.headers.add(name, value) }
        let response = try await Self.transport.get().send(request)
        let cookies = response.headers.all("Set-Cookie")
        return Answer(
            status: response.status, contentType: response.headers.first("Content-Type"),
            setCookie: cookies.isEmpty ? nil : cookies.joined(separator: ", "),
            body: String(decoding: response.body, as: UTF8.self))
    }
}
