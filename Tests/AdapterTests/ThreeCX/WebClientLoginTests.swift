import Domain
import Ports
import Testing

@testable import Adapters
@testable import Wire

@Suite("The login of the web client of a 3CX v20", .timeLimit(.minutes(10)))
struct WebClientLoginTests {
    /// Groups are not read anew while a token grows old, so that all requests are those of polls.
    private static var settings: PhoneSystemSettings {
        var settings = PhoneSystemExamples.settings(client: false) { $0.groups = [] }
        settings.groupRefresh = .seconds(86_400)
        return settings
    }

    private static func success(_ token: String, refresh: String? = nil) -> String {
        let refresh = refresh.map { #""\#($0)""# } ?? "null"
        return #"{"Status":"AuthSuccess","Token":{"token_type":"Bearer","expires_in":60,"access_token":"\#(token)","#
            + #""refresh_token":\#(refresh)},"TwoFactorAuth":null}"#
    }

    private static func login(_ token: String, refresh: String? = nil, cookie: String? = nil) -> ScriptedTransport.Step
    {
        var headers: HTTPHeaders = ["Content-Type": "application/json"]
        if let cookie { headers.add("Set-Cookie", cookie) }
        return .answer(HTTPResponse(status: 200, headers: headers, body: Array(success(token, refresh: refresh).utf8)))
    }

    private static func world(_ changes: [String: [ScriptedTransport.Step]]) throws -> XAPIWorld {
        try XAPIWorld(changes, settings: settings)
    }

    private static func lastToken(_ world: XAPIWorld) -> String? {
        world.transport.requests(XAPIWorld.calls).last?.headers.first("Authorization")
    }

    @Test("asks with user and password as JSON, and sends the token")
    func request() async throws {
        let world = try Self.world([XAPIWorld.login: [Self.login("one")]])
        _ = try await world.view.poll()
        let login = try #require(world.transport.requests.first)
        #expect(login.url == "https://pbx.example.net/webclient/api/Login/GetAccessToken")
        #expect(login.headers.first("Content-Type") == "application/json")
        #expect(
            try WireJSON.decode([String: String].self, from: login.body ?? [])
                == ["Username": "admin", "Password": #"pa"ss\wörd"#, "SecurityCode": ""])
        #expect(Self.lastToken(world) == "Bearer one")
        #expect(world.transport.count(XAPIWorld.login) == 1)
        #expect(world.transport.count(XAPIWorld.token) == 0)
    }

    @Test("renews an old token by the refresh token, as field and as cookie, and by the one that came last")
    func refreshed() async throws {
        let world = try Self.world([
            XAPIWorld.login: [
                Self.login("one", refresh: "r/1", cookie: "RefreshTokenCookie=r1; path=/; secure; httponly")
            ],
            XAPIWorld.token: [
                .json(#"{"access_token":"two","expires_in":60,"refresh_token":"r2"}"#),
                .json(#"{"access_token":"three","expires_in":60}"#),
            ],
        ])
        for _ in 0..<3 {
            _ = try await world.view.poll()
            world.clock.advance(by: .seconds(3540))
        }
        let requests = world.transport.requests(XAPIWorld.token)
        #expect(
            requests.map(\.bodyText)
                == ["r%2F1", "r2"].map {
                    "client_id=Webclient&grant_type=refresh_token&refresh_token=\($0)"
                })
        #expect(
            requests.map { $0.headers.first("Cookie") } == ["RefreshTokenCookie=r1", "RefreshTokenCookie=r2"])
        #expect(Self.lastToken(world) == "Bearer three")
        _ = try await world.view.poll()
        #expect(world.transport.requests(XAPIWorld.token).last?.bodyText.hasSuffix("refresh_token=r2") == true)
        #expect(world.transport.count(XAPIWorld.login) == 1)
    }

    @Test(
        "logs in again where the refresh token is refused or was not given",
        arguments: [
            .json(#"{"error":"invalid_grant"}"#, status: 400), .status(401), .status(403), .status(404), .page(),
            .json("{}"), .json(#"{"access_token":"a b"}"#),
        ] as [ScriptedTransport.Step]
    )
    func refreshRefused(_ answer: ScriptedTransport.Step) async throws {
        for refresh in ["r1", nil] {
            let world = try Self.world([
                XAPIWorld.login: [Self.login("one", refresh: refresh), Self.login("two")], XAPIWorld.token: [answer],
            ])
            _ = try await world.view.poll()
            world.clock.advance(by: .seconds(3540))
            _ = try await world.view.poll()
            #expect(Self.lastToken(world) == "Bearer two")
            #expect(world.transport.count(XAPIWorld.login) == 2)
            #expect(world.transport.count(XAPIWorld.token) == (refresh == nil ? 0 : 1))
        }
    }

    @Test("keeps the refresh token while 3CX does not answer")
    func refreshUnanswered() async throws {
        let world = try Self.world([
            XAPIWorld.login: [Self.login("one", refresh: "r1")],
            XAPIWorld.token: [.status(502), .json(#"{"access_token":"two"}"#)],
        ])
        _ = try await world.view.poll()
        world.clock.advance(by: .seconds(3540))
        #expect(await world.failure()?.kind == .unreachable)
        _ = try await world.view.poll()
        #expect(Self.lastToken(world) == "Bearer two")
        #expect(world.transport.count(XAPIWorld.login) == 1)
    }

    @Test("logs in again when the token itself is refused")
    func tokenRefused() async throws {
        let world = try Self.world([
            XAPIWorld.login: [Self.login("one", refresh: "r1"), Self.login("two")]
        ])
        _ = try await world.view.poll()
        world.transport.script(XAPIWorld.calls, .status(401), .json(XAPISamples.empty))
        _ = try await world.view.poll()
        #expect(Self.lastToken(world) == "Bearer two")
        #expect(world.transport.count(XAPIWorld.token) == 0)
    }

    @Test(
        "that is refused says what to do",
        arguments: [
            (.json(#"{"Status":"AuthFailed","Token":null,"TwoFactorAuth":null}"#), .credentialsRefused, "3CX.pass"),
            (.status(401), .credentialsRefused, "3CX.pass"), (.status(403), .credentialsRefused, "3CX.pass"),
            (.json("{}"), .credentialsRefused, "3CX.pass"), (.json(#"{"Status":7}"#), .credentialsRefused, "3CX.pass"),
            (.json(#"{"Status":"AuthSuccess","Token":null}"#), .credentialsRefused, "3CX.pass"),
            (
                .json(#"{"Status":"TwoFactorRequired","Token":null}"#), .credentialsRefused,
                "without two-factor authentication"
            ),
            (
                .json(#"{"Status":"AuthFailed","Token":null,"TwoFactorAuth":{"Type":"Email"}}"#), .credentialsRefused,
                "without two-factor authentication"
            ),
            (.status(404), .interfaceMissing, "3CX.host"), (.status(500), .unreachable, "state of 3CX"),
            (.page(), .malformedAnswer, "proxy"), (.json("[]"), .malformedAnswer, "proxy"),
            (.json(#"{"Status":"AuthSuccess","Token":{"access_token":"a b"}}"#), .malformedAnswer, "proxy"),
        ] as [(ScriptedTransport.Step, PollFailure.Kind, String)]
    )
    func refused(_ answer: ScriptedTransport.Step, _ kind: PollFailure.Kind, _ remedy: String) async throws {
        let world = try Self.world([XAPIWorld.login: [answer]])
        let failure = try #require(await world.failure())
        #expect(failure.kind == kind)
        #expect(failure.remedy.contains(remedy))
        #expect(failure.place == "POST https://pbx.example.net/webclient/api/Login/GetAccessToken")
        #expect(!failure.description.contains("wörd"))
        #expect(world.transport.routes == [XAPIWorld.login])
    }

    @Test("of a user whose role is too weak names the role")
    func weakRole() async throws {
        let world = try Self.world([XAPIWorld.login: [Self.login("one")], XAPIWorld.calls: [.status(403)]])
        let failure = try #require(await world.failure())
        #expect(failure.kind == .permissionMissing)
        #expect(failure.remedy.contains("give the user admin the role System Administrator"))
    }
}
