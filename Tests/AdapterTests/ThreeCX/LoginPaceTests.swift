import Domain
import Ports
import Synchronization
import Testing

@testable import Adapters
@testable import Wire

/// A phone system that counts the logins that it rejects, and when; no request costs time.
@Suite("Logins that 3CX rejects", .timeLimit(.minutes(10)))
struct LoginPaceTests {
    /// Each way in which the bridge may be set up.
    enum Way: CaseIterable, Sendable {
        case legacy, callControl, callControlEvents, xapi, webClient, joined, autoOld, autoClient, autoUser
    }

    private final class Counter: Sendable {
        private struct State {
            var rejected: [Instant] = []
            var questions = 0
            var accepts = false
        }

        private let state = Mutex(State())
        let clock = SteppedClock()

        var rejected: [Instant] { state.withLock { $0.rejected } }
        /// Without credentials.
        var questions: Int { state.withLock { $0.questions } }

        func accept(_ accepts: Bool) { state.withLock { $0.accepts = accepts } }

        /// Since the first.
        var waits: [Duration] {
            guard let first = rejected.first else { return [] }
            return rejected.map { $0 - first }
        }

        func login(_ refusal: HTTPResponse, _ success: HTTPResponse) -> ScriptedTransport.Step {
            .judged { request in
                if request.bodyText.hasPrefix("client_id=&") {
                    self.state.withLock { $0.questions += 1 }
                    return refusal
                }
                return self.state.withLock { state in
                    if state.accepts { return success }
                    state.rejected.append(self.clock.now())
                    return refusal
                }
            }
        }

        /// What needs a token or session, and answers only with one.
        func guarded(_ text: String) -> ScriptedTransport.Step {
            .judged { _ in
                let accepts = self.state.withLock { $0.accepts }
                return accepts ? Self.json(text) : HTTPResponse(status: 401)
            }
        }

        static func json(_ text: String, status: Int = 200) -> HTTPResponse {
            HTTPResponse(status: status, headers: ["Content-Type": "application/json"], body: Array(text.utf8))
        }
    }

    private static func settings(_ way: Way) -> PhoneSystemSettings {
        switch way {
        case .legacy, .webClient, .autoUser: PhoneSystemExamples.settings(client: false)
        case .autoOld: PhoneSystemExamples.settings()
        case .callControl, .callControlEvents: PhoneSystemExamples.settings(legacy: false) { $0.groups = [] }
        case .xapi, .joined, .autoClient: PhoneSystemExamples.settings(legacy: false)
        }
    }

    private static func transport(_ way: Way, _ counter: Counter) -> ScriptedTransport {
        let unauthorized = Counter.json(#"{"error":"unauthorized"}"#, status: 401)
        let minted = Counter.json(#"{"access_token":"t","expires_in":60}"#)
        switch way {
        case .legacy, .autoOld:
            let session = HTTPResponse(
                status: 200, headers: ["Set-Cookie": "s=1"], body: Array("AuthSuccess".utf8))
            var script = LegacyWorld.lists
            script["POST /api/login"] = [counter.login(HTTPResponse(status: 401), session)]
            script[LegacyWorld.calls] = [counter.guarded(ActiveCallsSamples.empty)]
            return ScriptedTransport(script)
        default:
            var script = XAPIWorld.lists
            script[XAPIWorld.token] = [counter.login(unauthorized, minted)]
            script[XAPIWorld.login] = [
                counter.login(
                    Counter.json(#"{"Status":"AuthFailed","Token":null}"#),
                    Counter.json(#"{"Status":"AuthSuccess","Token":{"access_token":"t","expires_in":60}}"#))
            ]
            script[CallControlWorld.calls] = [counter.guarded(CallControlSamples.idle)]
            script[XAPIWorld.calls] = [counter.guarded(XAPISamples.empty)]
            return ScriptedTransport(script)
        }
    }

    private static func view(_ way: Way, _ counter: Counter) throws -> any PhoneSystemView {
        let (settings, transport, clock) = (settings(way), transport(way, counter), counter.clock)
        let sockets = ScriptedSockets()
        switch way {
        case .legacy:
            return try #require(LegacyView(PhoneSystemConnection(settings, transport: transport, clock: clock)))
        case .callControl:
            return try #require(CallControlView(PhoneSystemConnection(settings, transport: transport, clock: clock)))
        case .callControlEvents:
            return try #require(
                CallControlView(PhoneSystemConnection(settings, transport: transport, sockets: sockets, clock: clock)))
        case .xapi, .webClient:
            return try #require(XAPIView(PhoneSystemConnection(settings, transport: transport, clock: clock)))
        case .joined:
            let connection = PhoneSystemConnection(settings, transport: transport, sockets: sockets, clock: clock)
            let view = CallControlView(connection, isJoined: true, jitter: { 0 })
            return try #require(view)
        case .autoOld, .autoClient, .autoUser:
            return AutomaticView(PhoneSystemConnection(settings, transport: transport, sockets: sockets, clock: clock))
        }
    }

    /// Lets the view be looked at until so many logins were rejected.
    private static func run(_ view: any PhoneSystemView, _ counter: Counter, rejections: Int) async {
        let source = PollingCallSource(view: view, clock: counter.clock, pollInterval: .milliseconds(500))
        let task = Task { await source.run { _ in } }
        while counter.rejected.count < rejections, !Task.isCancelled { await Task.yield() }
        task.cancel()
        await task.value
    }

    @Test("are tried again after 1, 5 and then every 15 minutes, and nothing else logs in", arguments: Way.allCases)
    func mistyped(_ way: Way) async throws {
        let counter = Counter()
        await Self.run(try Self.view(way, counter), counter, rejections: 5)
        #expect(
            counter.waits.prefix(5)
                == [.zero, .seconds(60), .seconds(360), .seconds(1260), .seconds(2160)])
        #expect(counter.waits.count { $0 < .seconds(600) } == 3)
        #expect(
            counter.questions == (way == .autoUser ? 1 : 0),
            "the version is asked once, by a login where there can be one")
    }

    @Test(
        "cost no more when they worked before",
        arguments: [Way.legacy, .callControl, .callControlEvents, .xapi, .webClient, .joined, .autoClient])
    func changed(_ way: Way) async throws {
        let counter = Counter()
        counter.accept(true)
        let view = try Self.view(way, counter)
        _ = try await view.poll()
        counter.accept(false)
        // The token grows old, and the lists are due.
        counter.clock.advance(by: .seconds(3600))
        await Self.run(view, counter, rejections: 4)
        let waits = Array(counter.waits.prefix(4))
        #expect(waits.count { $0 < .seconds(600) } == 3)
        // Where the socket is the first to be rejected, a poll counts from when it finds the gate closed.
        for (wait, least) in zip(waits, [0, 60, 360, 1260]) {
            #expect(wait >= .seconds(least) && wait < .seconds(least + 5))
        }
    }

    @Test("outside of a look keep looks from trying again at once")
    func gate() {
        let start = Instant(milliseconds: 0)
        let failure = PollFailure(.credentialsRefused, "no", at: "there", remedy: "do")
        func isOpen(_ gate: LoginGate) -> Bool {
            do {
                try gate.check()
                return true
            } catch {
                return false
            }
        }
        var gate = LoginGate()
        gate.loginFailed(PollFailure(.unreachable, "no", at: "there", remedy: "do"), at: start)
        #expect(isOpen(gate))
        gate.loginFailed(failure, at: start)
        #expect(!isOpen(gate))
        gate.pollBegan(at: start + .seconds(1))
        #expect(!isOpen(gate))
        gate.pollEnded()
        gate.pollBegan(at: start + .seconds(61))
        #expect(isOpen(gate))
        // A poll within a poll is the same one.
        gate.loginFailed(failure, at: start + .seconds(61))
        gate.pollBegan(at: start + .seconds(61))
        #expect(!isOpen(gate))
        gate.pollEnded()
        gate.pollEnded()
        gate.pollBegan(at: start + .seconds(62))
        #expect(isOpen(gate))
    }
}
