import Domain
import Ports
import Testing

@testable import Adapters
@testable import Wire

@Suite("The choice of 3CX's interface", .timeLimit(.minutes(10)))
struct AutomaticViewTests {
    private static let token = CallControlWorld.token
    private static let v20Calls = CallControlWorld.calls
    private static let refusal = ScriptedTransport.Step.json(#"{"error":"invalid_client"}"#, status: 400)

    /// A PBX of either generation answers as it does; what the choice hangs on is the answer to `POST /connect/token`.
    private static func world(
        _ answers: ScriptedTransport.Step..., settings: PhoneSystemSettings = PhoneSystemExamples.settings()
    ) -> (view: AutomaticView, transport: ScriptedTransport) {
        var script = LegacyWorld.lists
        script[LegacyWorld.calls] = [.json(ActiveCallsSamples.inboundDirectTalking)]
        script[v20Calls] = [.json(CallControlSamples.inboundConnected)]
        script[token] = answers
        let transport = ScriptedTransport(script)
        return (AutomaticView(PhoneSystemConnection(settings, transport: transport, clock: SteppedClock())), transport)
    }

    private static func kind(of view: AutomaticView) async -> PollFailure.Kind? {
        do {
            _ = try await view.poll()
            return nil
        } catch {
            return error.kind
        }
    }

    @Test(
        "falls on the web administration where there is no token endpoint",
        arguments: [.status(404), .status(405), .page(status: 404), .page()] as [ScriptedTransport.Step]
    )
    func legacy(_ answer: ScriptedTransport.Step) async throws {
        let (view, transport) = Self.world(answer)
        #expect(await view.name == "auto (not decided yet)")
        let poll = try await view.poll()
        #expect(poll.snapshot.calls.map(\.id.text) == ["322"])
        #expect(poll.notices.first?.level == .info)
        #expect(
            poll.notices.first?.text.hasPrefix("using legacy (web administration, before v20): /connect/token") == true)
        #expect(await view.name.hasPrefix("legacy"))
        #expect(try await view.poll().notices.isEmpty)
        #expect(transport.count(Self.token) == 1)
    }

    @Test("falls on call control where it gives a token, which it then uses")
    func callControl() async throws {
        let (view, transport) = Self.world(CallControlWorld.minted("t"))
        let poll = try await view.poll()
        #expect(poll.snapshot.calls.map(\.id.text) == ["1264"])
        #expect(poll.notices.first?.text.hasPrefix("using call control (v20, polling): /connect/token") == true)
        #expect(transport.count(Self.token) == 1)
        #expect(transport.count("POST /api/login") == 0)
        #expect(transport.requests(Self.v20Calls).last?.headers.first("Authorization") == "Bearer t")
    }

    @Test(
        "takes a rejected API client for a v20, and asks nothing but its login when it is tried again",
        arguments: [refusal, .json(#"{"error":"unauthorized"}"#, status: 401), .status(400), .status(403)])
    func refused(_ answer: ScriptedTransport.Step) async throws {
        let (view, transport) = Self.world(answer, answer, CallControlWorld.minted("t"))
        for _ in 0..<2 { #expect(await Self.kind(of: view) == .credentialsRefused) }
        #expect(transport.routes == [Self.token, Self.token])
        #expect(transport.requests.allSatisfy { $0.bodyText.hasPrefix("client_id=zammadbridge&") })
        #expect(try await view.poll().snapshot.calls.map(\.id.text) == ["1264"])
        #expect(transport.count("POST /api/login") == 0)
    }

    @Test("asks a v20 once for its version where there is no API client, and remembers it while the login is rejected")
    func webClientRefused() async throws {
        let (view, transport) = Self.world(Self.refusal, settings: PhoneSystemExamples.settings(client: false))
        transport.script(XAPIWorld.login, .json(#"{"Status":"AuthFailed","Token":null}"#))
        for _ in 0..<3 {
            do {
                _ = try await view.poll()
                Issue.record("a look without a login")
            } catch {
                #expect(error.kind == .credentialsRefused)
                #expect(error.remedy.hasPrefix("this is a 3CX v20"))
                #expect(error.remedy.contains("create an API client"))
            }
        }
        #expect(transport.routes == [Self.token] + Array(repeating: XAPIWorld.login, count: 3))
        #expect(transport.requests.first?.bodyText == "client_id=&client_secret=&grant_type=client_credentials")
    }

    @Test(
        "is left open by a fault of the server",
        arguments: [
            .status(500), .page(status: 502), .status(503), .status(302),
            .failure(HTTPFailure(.refused, requestMayHaveBeenSent: false, detail: "refused")),
        ] as [ScriptedTransport.Step]
    )
    func undecided(_ answer: ScriptedTransport.Step) async throws {
        let (view, transport) = Self.world(answer, .status(404))
        #expect(await Self.kind(of: view) == .unreachable)
        #expect(await view.name == "auto (not decided yet)")
        #expect(transport.routes == [Self.token])
        #expect(try await view.poll().snapshot.calls.count == 1)
    }

    @Test(
        "needs the credentials of the version that is found",
        arguments: [
            (refusal, PhoneSystemExamples.settings(legacy: false, client: false), "3CX.client_id", 1),
            (.status(404), PhoneSystemExamples.settings(legacy: false), "3CX.user", 2),
        ] as [(ScriptedTransport.Step, PhoneSystemSettings, String, Int)]
    )
    func missingCredentials(
        _ answer: ScriptedTransport.Step, _ settings: PhoneSystemSettings, _ key: String, _ questions: Int
    ) async throws {
        let (view, transport) = Self.world(answer, settings: settings)
        for _ in 0..<2 {
            do {
                _ = try await view.poll()
                Issue.record("a look without credentials")
            } catch {
                #expect(error.kind == .configuration)
                #expect(error.remedy.contains(key))
                #expect(error.place == "POST https://pbx.example.net/connect/token")
            }
        }
        #expect(transport.routes == Array(repeating: Self.token, count: questions))
    }

    @Test(
        "is made again after an upgrade, however the old interface has gone",
        arguments: [.status(404), .page(), .status(401)] as [ScriptedTransport.Step]
    )
    func upgrade(_ answer: ScriptedTransport.Step) async throws {
        let (view, transport) = Self.world(.status(404))
        _ = try await view.poll()
        transport.script(LegacyWorld.calls, answer)
        transport.script("POST /api/login", .status(404))
        transport.script(Self.token, CallControlWorld.minted("t"))
        let kind = await Self.kind(of: view)
        #expect(kind == .interfaceMissing || kind == .malformedAnswer)
        let poll = try await view.poll()
        #expect(poll.snapshot.calls.map(\.id.text) == ["1264"])
        #expect(poll.notices.first?.text.hasPrefix("using call control") == true)
    }

    @Test("made again with the same result keeps the session and says nothing")
    func sameAgain() async throws {
        let (view, transport) = Self.world(.status(404))
        _ = try await view.poll()
        transport.script(LegacyWorld.calls, .page(), .json(ActiveCallsSamples.empty))
        #expect(await Self.kind(of: view) == .malformedAnswer)
        #expect(try await view.poll().notices.isEmpty)
        #expect(transport.count(Self.token) == 2)
        #expect(transport.count("POST /api/login") == 1)
        _ = try await view.poll()
        #expect(transport.count(Self.token) == 2)
    }

    @Test("on a v20 without call control stays with the v20 and says what is missing")
    func withoutPermission() async throws {
        let (view, transport) = Self.world(CallControlWorld.minted("t"))
        transport.script(Self.v20Calls, .status(404))
        #expect(await Self.kind(of: view) == .permissionMissing)
        #expect(await Self.kind(of: view) == .permissionMissing)
        #expect(transport.count("POST /api/login") == 0)
    }

    private static let v20Rows = "GET /xapi/v1/ActiveCalls"

    /// A v20 whose API client may use what the statuses say, with a clock to move.
    private static func version20(
        callControl: Int, xapi: Int, login: Bool = false
    ) -> (view: AutomaticView, transport: ScriptedTransport, clock: SteppedClock) {
        var script = XAPIWorld.lists
        script[token] = login ? [refusal] : [CallControlWorld.minted("t")]
        script["POST /webclient/api/Login/GetAccessToken"] = [
            .json(#"{"Status":"AuthSuccess","Token":{"access_token":"w","expires_in":60,"refresh_token":"r"}}"#)
        ]
        script[v20Calls] = [callControl == 200 ? .json(CallControlSamples.idle) : .status(callControl)]
        script[v20Rows] = [xapi == 200 ? .json(XAPISamples.empty) : .status(xapi)]
        let transport = ScriptedTransport(script)
        let clock = SteppedClock()
        let settings = PhoneSystemExamples.settings(legacy: login, client: !login)
        return (AutomaticView(PhoneSystemConnection(settings, transport: transport, clock: clock)), transport, clock)
    }

    @Test(
        "on a v20 is what the API client may use, with one token for all, and says what is missing",
        arguments: [
            (200, 200, "call control and XAPI (v20, polling)", nil),
            (200, 403, "call control (v20, polling)", "Configuration API Access"),
            (200, 404, "call control (v20, polling)", "8SC or larger"),
            (403, 200, "XAPI (v20)", "Call Control API Access"),
            (404, 200, "XAPI (v20)", "Enterprise, 8SC or larger"),
        ] as [(Int, Int, String, String?)]
    )
    func permissions(_ callControl: Int, _ xapi: Int, _ name: String, _ missing: String?) async throws {
        let (view, transport, _) = Self.version20(callControl: callControl, xapi: xapi)
        let poll = try await view.poll()
        #expect(await view.name == name)
        #expect(poll.notices.first?.text == "using \(name): /connect/token gives a token, as a 3CX v20 does")
        #expect(transport.count(Self.token) == 1)
        let said = poll.notices.dropFirst().map(\.text).filter { $0.contains(" is not used (") }
        #expect(said.count == (missing == nil ? 0 : 1))
        if let missing { #expect(said.first?.contains(missing) == true) }
    }

    @Test("on a v20 whose API client monitors no extension is XAPI, until one is added")
    func noExtension() async throws {
        let (view, transport, clock) = Self.version20(callControl: 200, xapi: 200)
        transport.script(
            Self.v20Calls,
            .json(CallControlText.answer(CallControlText.station("zammadbridge", type: "Wroutepoint"))))
        let poll = try await view.poll()
        #expect(await view.name == "XAPI (v20)")
        let said = poll.notices.map(\.text).filter { $0.contains(" is not used (") }
        #expect(said.count == 1)
        #expect(said.first?.contains("call control is not used (the API client sees no extension)") == true)
        #expect(said.first?.contains("add the extensions to monitor") == true)
        transport.script(Self.v20Calls, .json(CallControlSamples.idle))
        clock.advance(by: .seconds(301))
        _ = try await view.poll()
        #expect(await view.name == "call control and XAPI (v20, polling)")
    }

    @Test("on a v20 with a web client login is XAPI, and says what an API client would bring")
    func webClient() async throws {
        let (view, transport, _) = Self.version20(callControl: 200, xapi: 200, login: true)
        let poll = try await view.poll()
        #expect(await view.name == "XAPI (v20)")
        #expect(poll.notices.contains { $0.text.contains("call control needs an API client") })
        #expect(transport.count(Self.v20Calls) == 0)
    }

    @Test("is made again when a permission is taken away, and when one has come")
    func permissionsChange() async throws {
        let (view, transport, clock) = Self.version20(callControl: 200, xapi: 404)
        _ = try await view.poll()
        transport.script(Self.v20Rows, .json(XAPISamples.empty))
        clock.advance(by: .seconds(299))
        _ = try await view.poll()
        #expect(await view.name == "call control (v20, polling)")
        clock.advance(by: .seconds(2))
        _ = try await view.poll()
        #expect(await view.name == "call control and XAPI (v20, polling)")

        transport.script(Self.v20Calls, .status(403))
        #expect(await Self.kind(of: view) == .permissionMissing)
        _ = try await view.poll()
        #expect(await view.name == "XAPI (v20)")
    }

    @Test("a review that fails leaves what works in use")
    func failedReview() async throws {
        let (view, transport, clock) = Self.version20(callControl: 200, xapi: 404)
        _ = try await view.poll()
        transport.script(Self.v20Rows, .status(500))
        clock.advance(by: .seconds(301))
        _ = try await view.poll()
        #expect(await view.name == "call control (v20, polling)")
    }
}
