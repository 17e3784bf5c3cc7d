import Synchronization

@testable import Wire

/// Answers requests from a script, by "METHOD path", and remembers them. What the script does not name is answered with
/// 404.
final class ScriptedTransport: HTTPTransport {
    enum Step: Sendable {
        case answer(HTTPResponse)
        /// By what is asked, whatever the order in which those who ask at the same time get their turn.
        case judged(@Sendable (HTTPRequest) -> HTTPResponse)
        case failure(HTTPFailure)
        /// Never answers; ends when the calling task is cancelled.
        case silence

        static func json(_ text: String, status: Int = 200) -> Step {
            .answer(
                HTTPResponse(
                    status: status, headers: ["Content-Type": "application/json; charset=utf-8"],
                    body: Array(text.utf8)))
        }

        static func status(_ status: Int, _ text: String = "") -> Step {
            .answer(HTTPResponse(status: status, body: Array(text.utf8)))
        }

        static func page(status: Int = 200) -> Step {
            .answer(
                HTTPResponse(
                    status: status, headers: ["Content-Type": "text/html"],
                    body: Array("<!DOCTYPE html><html><body>3CX</body></html>".utf8)))
        }

        static func login(_ cookies: String...) -> Step {
            let fields = cookies.map { HTTPHeader(name: "Set-Cookie", value: $0) }
            return .answer(HTTPResponse(status: 200, headers: HTTPHeaders(fields), body: Array("AuthSuccess".utf8)))
        }
    }

    private struct State {
        var script: [String: [Step]]
        var requests: [HTTPRequest] = []
    }

    private let origin: String
    private let state: Mutex<State>

    /// The last step of a route is repeated for ever.
    init(_ script: [String: [Step]], origin: String = "https://pbx.example.net") {
        self.origin = origin
        state = Mutex(State(script: script))
    }

    var requests: [HTTPRequest] { state.withLock { $0.requests } }

    /// "METHOD path" of all requests, in order.
    var routes: [String] { requests.map(route) }

    func requests(_ wanted: String) -> [HTTPRequest] { requests.filter { route($0) == wanted } }

    func count(_ wanted: String) -> Int { requests(wanted).count }

    /// Replaces what is left of a route's steps.
    func script(_ route: String, _ steps: Step...) {
        script(route, steps)
    }

    func script(_ route: String, _ steps: [Step]) {
        state.withLock { $0.script[route] = steps }
    }

    func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
        let step = state.withLock { state in
            state.requests.append(request)
            let key = route(request)
            guard let steps = state.script[key], let first = steps.first else { return Step.status(404) }
            if steps.count > 1 { state.script[key]?.removeFirst() }
            return first
        }
        // A real exchange is never over at once: others get their turn.
        await Task.yield()
        switch step {
        case .answer(let response): return response
        case .judged(let answer): return answer(request)
        case .failure(let failure): throw failure
        case .silence:
            do {
                try await Task.sleep(for: .seconds(3600))
            } catch {
                // Cancelled, as expected.
            }
            throw HTTPFailure(.cancelled, requestMayHaveBeenSent: true, detail: "cancelled")
        }
    }

    func shutdown() async {}

    private func route(_ request: HTTPRequest) -> String {
        let path = request.url.hasPrefix(origin) ? String(request.url.dropFirst(origin.count)) : request.url
        return "\(request.method.rawValue) \(path)"
    }
}

extension HTTPRequest {
    var bodyText: String { String(decoding: body ?? [], as: UTF8.self) }
}
