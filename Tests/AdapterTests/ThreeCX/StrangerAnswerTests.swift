import Ports
import Testing

@testable import Wire

@Suite("An answer that is not 3CX's")
struct StrangerAnswerTests {
    private static func failure(_ step: ScriptedTransport.Step) async throws -> PollFailure {
        let world = try CallControlWorld([CallControlWorld.token: [step]])
        return try #require(await world.failure())
    }

    @Test(
        "of a port that speaks TLS is no rejected login, and says to write https://",
        arguments: [
            "<html><center>The plain HTTP request was sent to HTTPS port</center></html>",
            "Client sent an HTTP request to an HTTPS server.\n",
            "Reason: You're speaking plain HTTP to an SSL-enabled server port.",
        ])
    func plain(_ body: String) async throws {
        let failure = try await Self.failure(.status(400, body))
        #expect(failure.kind == .configuration)
        #expect(failure.remedy == "write https:// in 3CX.host")
    }

    @Test(
        "that leads elsewhere says where, without what may be secret",
        arguments: [
            ("https://pbx.example.com:5001/x?token=geheim", " to https://pbx.example.com:5001/…"),
            ("/login?token=geheim", " to /login"), ("//geheim", " to (unreadable URL)"), (nil, ""),
        ] as [(String?, String)])
    func redirect(_ location: String?, _ place: String) async throws {
        var headers: HTTPHeaders = [:]
        if let location { headers.add("Location", location) }
        let failure = try await Self.failure(.answer(HTTPResponse(status: 301, headers: headers)))
        #expect(failure.kind == .unreachable)
        #expect(failure.what == "HTTP 301, a redirect\(place)")
        #expect(failure.remedy.contains("3CX.host"))
    }

    @Test(
        "of a client id that 3CX does not make is hinted at",
        arguments: [
            ("Zammad-Bridge", "is it \"zammadbridge\"?"), ("zammadbridge", nil), ("bridge2", nil), ("---", nil),
        ] as [(String, String?)])
    func clientID(_ id: String, _ hint: String?) async throws {
        let settings = PhoneSystemExamples.settings(legacy: false) {
            $0.groups = []
            $0.clientID = id
        }
        let world = try CallControlWorld([CallControlWorld.token: [.status(401)]], settings: settings)
        let remedy = try #require(await world.failure()).remedy
        #expect(remedy.contains("is it") == (hint != nil))
        if let hint { #expect(remedy.hasSuffix(hint)) }
    }

    @Test("of a v20 to the login of the old web administration is asked for its version once, and named")
    func upgraded() async throws {
        let version = "GET /xapi/v1/Defs?$select=Id"
        let world = try LegacyWorld(["POST /api/login": [.status(404)], version: [.status(401)]])
        for _ in 0..<3 {
            let failure = try #require(await world.failure())
            #expect(failure.kind == .interfaceMissing)
            #expect(failure.what == "HTTP 404: this is a 3CX v20")
            #expect(failure.remedy.hasPrefix("create an API client"))
        }
        #expect(world.transport.count(version) == 1)
        let other = try LegacyWorld(["POST /api/login": [.status(404)]])
        #expect(await other.failure()?.what == "HTTP 404")
    }
}
