import Domain
import FoundationEssentials
import Synchronization
import Wire

/// Phone systems and Zammads that answer as a fixture says, without a network.
final class ScriptedServers: HTTPTransport {
    /// A request to Zammad and what it was answered.
    struct Post: Equatable, Sendable {
        var zammad: ZammadName
        var body: [UInt8]
        var answer: ScriptedAnswer
    }

    private struct State: Sendable {
        var answers: [String: ScriptedAnswer]
        /// Those of single phone systems, which come first.
        var own: [PhoneSystemName: [String: ScriptedAnswer]] = [:]
        var zammads: [ZammadName: ScriptedAnswer]
        var posts: [Post] = []
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
        // A login that works, and nothing else: fixtures stay short.
        let answers = ScriptedAnswers.logins.merging(fixture.setup) { _, given in given }
        state = Mutex(
            State(answers: answers, zammads: zammads.mapValues { _ in ScriptedAnswer(body: Array("{}".utf8)) }))
    }

    func apply(_ step: Fixture.Step) {
        state.withLock { state in
            if let name = step.phoneSystem {
                state.own[name, default: [:]].merge(step.answers) { _, new in new }
            } else {
                state.answers.merge(step.answers) { _, new in new }
            }
            if let zammad = step.zammad { state.zammads = state.zammads.mapValues { _ in zammad } }
            state.zammads.merge(step.zammads) { _, new in new }
        }
    }

    /// The requests to Zammad since the last call.
    func takePosts() -> [Post] {
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
                state.posts.append(Post(zammad: name, body: request.body ?? [], answer: answer))
                return answer
            }
            let target = HTTPOrigin.target(of: request.url)
            let path = target.prefix { $0 != "?" }
            if request.method == .post, !Self.questions.contains(String(path)) {
                state.changes.append(("POST \(target)", request.body ?? []))
            }
            let method = request.method.rawValue
            let keys =
                (body.map { ["\(method) \(target) \($0)"] } ?? []) + ["\(method) \(target)", "\(method) \(path)"]
            let own = origin.flatMap { phoneSystems[$0] }.flatMap { state.own[$0] }
            for answers in [own, state.answers] {
                for key in keys { if let answer = answers?[key] { return answer } }
            }
            return ScriptedAnswer(status: 404, contentType: nil)
        }
        switch answer.fault {
        case .timeout?: throw HTTPFailure(.timeout, requestMayHaveBeenSent: true, detail: "no answer in time")
        case .refused?: throw HTTPFailure(.refused, requestMayHaveBeenSent: false, detail: "connection refused")
        case .reset?: throw HTTPFailure(.connectionLost, requestMayHaveBeenSent: true, detail: "connection reset")
        case nil: break
        }
        var headers: HTTPHeaders = ["Set-Cookie": "session=fixture; path=/"]
        if let contentType = answer.contentType { headers.add("Content-Type", contentType) }
        return HTTPResponse(status: answer.status, headers: headers, body: answer.body)
    }

    func shutdown() async {}
}
