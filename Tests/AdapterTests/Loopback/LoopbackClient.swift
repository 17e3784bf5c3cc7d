import Adapters
import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// The plainest client: no cookies of its own, no cache, no redirects to follow on loopback.
struct LoopbackClient: Sendable {
    struct Answer: Equatable, Sendable {
        let status: Int
        let contentType: String?
        let setCookie: String?
        let body: String

        var json: LoopbackJSON? { try? LoopbackJSON(text: body) }
    }

    private let session: URLSession

    init(timeout: Duration = .seconds(60)) {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.httpCookieStorage = nil
        configuration.httpShouldSetCookies = false
        configuration.timeoutIntervalForRequest = Double(timeout.components.seconds)
        session = URLSession(configuration: configuration)
    }

    func get(_ url: String, headers: [String: String] = [:]) async throws -> Answer {
        try await send("GET", url, headers: headers, body: nil)
    }

    func post(_ url: String, json: LoopbackJSON, headers: [String: String] = [:]) async throws -> Answer {
        let typed = headers.merging(["Content-Type": "application/json", "Accept": "application/json"]) { own, _ in own
        }
        return try await send("POST", url, headers: typed, body: try json.text())
    }

    func post(_ url: String, form: String, headers: [String: String] = [:]) async throws -> Answer {
        let typed = headers.merging(["Content-Type": "application/x-www-form-urlencoded"]) { own, _ in own }
        return try await send("POST", url, headers: typed, body: form)
    }

    private func send(_ method: String, _ url: String, headers: [String: String], body: String?) async throws -> Answer
    {
        guard let target = URL(string: url) else { throw URLError(.badURL) }
        var request = URLRequest(url: target)
        request.httpMethod = method
        for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
        request.httpBody = body.map { Data($0.utf8) }
        let (data, response) = try await session.data(for: request)
        guard let response = response as? HTTPURLResponse else { throw URLError(.badServerResponse) }
        return Answer(
            status: response.statusCode,
            contentType: response.value(forHTTPHeaderField: "Content-Type"),
            setCookie: response.value(forHTTPHeaderField: "Set-Cookie"),
            body: String(decoding: data, as: UTF8.self)
        )
    }
}
