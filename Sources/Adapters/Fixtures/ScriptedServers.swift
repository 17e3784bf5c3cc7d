import Domain
import FoundationEssentials
import Synchronization
import Wire

/// Phone systems and Zammads that answer as a fixture says, without a network.
final class ScriptedServers: HTTPTransport {
    private struct State: Sendable {
        var answers: ScriptedAnswers
        /// Those of single phone systems, which come first.
        var own: [PhoneSystemName: ScriptedAnswers] = [:]
        var zammads: [ZammadName: ScriptedAnswer]
        var posts: [(zammad: ZammadName, body: [UInt8])] = []
        var changes: [(request: String, body: [UInt8])] = []
    }

    /// Requests that change nothing although they are posted.
    private static let questions = PhoneSystemInterface.all.reduce(into: Set(PhoneSystemLogin.allCases.map(\.path))) {
        $0.formUnion($1.harmlessPosts)
    }

    /// By endpoint.
    private let zammads: [String: ZammadName]
    private let phoneSystems: [HTTPOrigin: PhoneSystemName]
    private let state: Mutex<State>

    /// - Parameters:
    ///   - zammads: Their endpoints.
    ///   - phoneSystems: Their addresses.
    init(_ fixture: Fixture, zammads: [ZammadName: String], phoneSystems: [PhoneSystemName: String]) {
        let origins = phoneSystems.compactMap { name, address in HTTPOrigin(address).map { ($0, name) } }
        self.phoneSystems = Dictionary(origins) { first, _ in first }
        self.zammads = Dictionary(zammads.map { ($0.value, $0.key) }) { first, _ in first }
        state = Mutex(
            State(
                answers: ScriptedAnswers(setup: fixture.setup),
                zammads: zammads.mapValues { _ in ScriptedAnswer(body: Array("{}".utf8)) }))
    }

    func apply(_ step: Fixture.Step) {
        state.withLock { state in
            if let name = step.phoneSystem {
                state.own[name, default: ScriptedAnswers()].take(step.answers)
            } else {
                state.answers.take(step.answers)
            }
            if let zammad = step.zammad { state.zammads = state.zammads.mapValues { _ in zammad } }
            state.zammads.merge(step.zammads) { _, new in new }
        }
    }

    /// The requests to Zammad since the last call.
    func takePosts() -> [(zammad: ZammadName, body: [UInt8])] {
        state.withLock { state in
            defer { state.posts = [] }
            return state.posts
        }
    }

    /// Other requests that change something, since the last call.
    func takeChanges() -> [(request: String, body: [UInt8])] {
        state.withLock { state in
            defer { state.changes = [] }
            return state.changes
        }
    }

    func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
        let body = FixtureJSON.canonical(request.body)
        let origin = HTTPOrigin(request.url)
        let answer = state.withLock { state in
            if let name = zammads[request.url], let answer = state.zammads[name] {
                state.posts.append((name, request.body ?? []))
                return answer
            }
            let target = HTTPOrigin.target(of: request.url)
            let path = target.prefix { $0 != "?" }
            if request.method == .post, !Self.questions.contains(String(path)) {
                state.changes.append(("POST \(target)", request.body ?? []))
            }
            let method = request.method.rawValue
            let own = origin.flatMap { phoneSystems[$0] }.flatMap { state.own[$0] }
            return own?.answer(method, target, body: body) ?? state.answers.answer(method, target, body: body)
                ?? .notFound
        }
        switch answer.fault {
        case .timeout?: throw HTTPFailure(.timeout, requestMayHaveBeenSent: true, detail: "no answer in time")
        case .refused?: throw HTTPFailure(.refused, requestMayHaveBeenSent: false, detail: "connection refused")
        case .reset?: throw HTTPFailure(.connectionLost, requestMayHaveBeenSent: true, detail: "connection reset")
        case nil: break
        }
        var headers: HTTPHeaders = ["Set-Cookie": ScriptedAnswers.cookie]
        if let contentType = answer.contentType { headers.add("Content-Type", contentType) }
        return HTTPResponse(status: answer.status, headers: headers, body: answer.body)
    }

    func shutdown() async {}
}
