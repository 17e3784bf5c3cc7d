import Domain
import Ports
import Testing

@testable import Adapters
@testable import Wire

@Suite("The token of a 3CX v20", .timeLimit(.minutes(10)))
struct TokenTests {
    @Test("is asked for with the credentials in the form body alone")
    func request() async throws {
        let world = try CallControlWorld()
        _ = try await world.view.poll()
        let request = try #require(world.transport.requests(CallControlWorld.token).first)
        #expect(
            request.bodyText
                == "client_id=zammadbridge&client_secret=top%20secret%26%C3%A4%2B%25&grant_type=client_credentials")
        #expect(request.url == "https://pbx.example.net/connect/token")
        #expect(request.headers.first("Content-Type") == "application/x-www-form-urlencoded")
        #expect(request.headers.first("Authorization") == nil)
        let poll = try #require(world.transport.requests(CallControlWorld.calls).first)
        #expect(poll.url == "https://pbx.example.net/callcontrol")
        #expect(poll.headers.first("Authorization") == "Bearer t")
    }

    private static let now: Int64 = 1_770_109_200_000

    @Test(
        "is renewed ahead of its end: by the JWT's own times, else by expires_in, which means minutes",
        arguments: [
            (CallControlWorld.jwt(#"{"iat":1770109200,"exp":1770112800}"#), "60", 3540),
            (CallControlWorld.jwt(#"{"iat":1000,"exp":1600,"n":"ü~~~???"}"#), "60", 540),
            (CallControlWorld.jwt(#"{"exp":1770109800}"#), "60", 540),
            (CallControlWorld.jwt(#"{"iat":0,"exp":1e300}"#), "60", 86_340),
            ("opaque", "60", 3540), ("opaque", "\"60\"", 3540), ("opaque", "3600", 3540), ("opaque", "300", 270),
            ("opaque", "null", 3540), ("opaque", "\"soon\"", 3540), ("opaque", "1e300", 86_340),
            ("HEADER.PAYLOAD.SIGNATURE", "60", 3540), ("a..b", "60", 3540), ("....", "5", 270),
            (CallControlWorld.jwt("[]"), "60", 3540), (CallControlWorld.jwt(#"{"exp":"soon"}"#), "60", 3540),
            (CallControlWorld.jwt("{"), "60", 3540), (CallControlWorld.jwt(#"{"exp":1e999}"#), "60", 3540),
            // A lifetime that makes no sense would have every poll mint a token, each of which ends the one before.
            (CallControlWorld.jwt(#"{"iat":1600,"exp":1000}"#), "60", 54), ("opaque", "0", 54), ("opaque", "-5", 54),
            (CallControlWorld.jwt(#"{"exp":1}"#), "60", 54), ("opaque", "\"nan\"", 3540),
        ] as [(String, String, Int)]
    )
    func lifetime(_ token: String, _ expiresIn: String, _ seconds: Int) throws {
        let text = #"{"access_token":"\#(token)","expires_in":\#(expiresIn)}"#
        let answer = try WireJSON.decode(AccessToken.Answer.self, from: Array(text.utf8))
        let made = AccessToken(answer, receivedAt: Instant(milliseconds: Self.now))
        #expect(made.renewAt - Instant(milliseconds: Self.now) == .seconds(seconds))
        #expect(made.bearer == token)
    }

    @Test("lasts until then, and not longer")
    func renewal() async throws {
        let world = try CallControlWorld([
            CallControlWorld.token: [CallControlWorld.minted("one"), CallControlWorld.minted("two")]
        ])
        _ = try await world.view.poll()
        world.clock.advance(by: .seconds(3539))
        _ = try await world.view.poll()
        #expect(world.transport.count(CallControlWorld.token) == 1)
        world.clock.advance(by: .seconds(1))
        _ = try await world.view.poll()
        #expect(world.transport.count(CallControlWorld.token) == 2)
        #expect(world.transport.requests.last?.headers.first("Authorization") == "Bearer two")
    }

    @Test("is minted once for all who ask at the same time")
    func singleFlight() async throws {
        let world = try CallControlWorld()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 { group.addTask { _ = try await world.view.poll() } }
            try await group.waitForAll()
        }
        #expect(world.transport.count(CallControlWorld.token) == 1)
        #expect(world.transport.count(CallControlWorld.calls) == 20)
    }

    @Test("when refused is replaced exactly once, and then it is the permission that is missing")
    func refusedToken() async throws {
        let world = try CallControlWorld([
            CallControlWorld.token: [CallControlWorld.minted("one"), CallControlWorld.minted("two")],
            CallControlWorld.calls: [.status(401), .json(CallControlSamples.inboundRinging)],
        ])
        #expect(try await world.view.poll().snapshot.calls.count == 1)
        #expect(
            world.transport.requests(CallControlWorld.calls).map { $0.headers.first("Authorization") }
                == ["Bearer one", "Bearer two"])

        world.transport.script(CallControlWorld.calls, .status(401))
        let failure = try #require(await world.failure())
        #expect(failure.kind == .permissionMissing)
        #expect(failure.remedy.contains("no other program uses the same API client"))
        #expect(world.transport.count(CallControlWorld.token) == 3)
        #expect(world.transport.count(CallControlWorld.calls) == 4)
    }

    @Test("when refused to twenty at once is still replaced once")
    func refusedToMany() async throws {
        let world = try CallControlWorld([
            CallControlWorld.token: [CallControlWorld.minted("one"), CallControlWorld.minted("two")]
        ])
        _ = try await world.view.poll()
        world.transport.script(
            CallControlWorld.calls,
            .judged { request in
                let isRefused = request.headers.first("Authorization") == "Bearer one"
                return HTTPResponse(
                    status: isRefused ? 401 : 200, headers: ["Content-Type": "application/json"],
                    body: isRefused ? [] : Array(CallControlSamples.idle.utf8))
            })
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 { group.addTask { _ = try await world.view.poll() } }
            try await group.waitForAll()
        }
        #expect(world.transport.count(CallControlWorld.token) == 2)
    }

    @Test(
        "that is not given is a failure with its reason",
        arguments: [
            (.json(#"{"error":"invalid_client"}"#, status: 400), .credentialsRefused),
            (.json(#"{"error":"unauthorized"}"#, status: 401), .credentialsRefused),
            (.status(403), .credentialsRefused), (.status(429), .credentialsRefused), (.status(404), .interfaceMissing),
            (.status(500), .unreachable),
            (.page(status: 502), .unreachable), (.page(), .interfaceMissing), (.json("{}"), .malformedAnswer),
            (.json(#"{"access_token":null}"#), .malformedAnswer), (.json(#"{"access_token":""}"#), .malformedAnswer),
            (.json(#"{"access_token":"a b"}"#), .malformedAnswer),
            (.json(#"{"access_token":"a\r\nX-Y: z"}"#), .malformedAnswer),
            (.json(#"{"access_token":"tökn"}"#), .malformedAnswer), (.json(""), .malformedAnswer),
        ] as [(ScriptedTransport.Step, PollFailure.Kind)]
    )
    func refusals(_ answer: ScriptedTransport.Step, _ kind: PollFailure.Kind) async throws {
        let world = try CallControlWorld([CallControlWorld.token: [answer]])
        let failure = try #require(await world.failure())
        #expect(failure.kind == kind)
        #expect(failure.place == "POST https://pbx.example.net/connect/token")
        #expect(!failure.description.contains("top"))
        #expect(world.transport.routes == [CallControlWorld.token])
    }

    @Test("that never comes does not keep a cancelled look waiting")
    func cancelled() async throws {
        let world = try CallControlWorld([CallControlWorld.token: [.silence]])
        let poll = Task { await world.failure() }
        while world.transport.requests.isEmpty { await Task.yield() }
        poll.cancel()
        #expect(await poll.value?.kind == .cancelled)
    }
}
