import Domain
import Ports
import Testing

@testable import Adapters
@testable import Wire

@Suite("Lists of XAPI", .timeLimit(.minutes(10)))
struct XAPIRequestsTests {
    private static let first = "GET /xapi/v1/Users?$top=100"

    private static func page(_ numbers: ClosedRange<Int>, next: String? = nil) -> ScriptedTransport.Step {
        let rows = numbers.map { #"{"Number":"\#($0)"}"# }.joined(separator: ",")
        return .json(#"{"value":[\#(rows)]\#(next.map { #","@odata.nextLink":"\#($0)""# } ?? "")}"#)
    }

    private static func read(_ script: [String: [ScriptedTransport.Step]]) async throws -> (
        result: Result<XAPIRequests.List<XAPIMessages.Station>, PollFailure>, routes: [String]
    ) {
        let world = try XAPIWorld(script)
        let result = try await world.requests().list(XAPIMessages.Station.self, "Users")
        return (result, world.transport.routes.filter { $0.contains("/xapi/") })
    }

    @Test("are asked for by hundreds, until a page is not full")
    func skipped() async throws {
        let (result, routes) = try await Self.read([
            Self.first: [Self.page(1000...1099)], "\(Self.first)&$skip=100": [Self.page(1100...1199)],
            "\(Self.first)&$skip=200": [Self.page(1200...1203)],
        ])
        #expect(try result.get().readable.map(\.number) == (1000...1203).map(String.init))
        #expect(routes == [Self.first, "\(Self.first)&$skip=100", "\(Self.first)&$skip=200"])
    }

    @Test("end with an empty page, and with one that repeats the one before")
    func noProgress() async throws {
        for last in [ScriptedTransport.Step.json(#"{"value":[]}"#), Self.page(1000...1099)] {
            let (result, routes) = try await Self.read([
                Self.first: [Self.page(1000...1099)], "\(Self.first)&$skip=100": [last],
            ])
            #expect(try result.get().rows.count == 100)
            #expect(routes.count == 2)
        }
    }

    @Test(
        "follow the link to the next page, relative or absolute",
        arguments: [
            "https://pbx.example.net/xapi/v1/Users?$skip=2", "https://PBX.example.net:443/xapi/v1/Users?$skip=2",
            "/xapi/v1/Users?$skip=2", "Users?$skip=2",
            // Behind a proxy 3CX knows another address of itself; the token goes to none but the configured one.
            "http://pbx.example.net:5000/xapi/v1/Users?$skip=2", "http://127.0.0.1:5000/xapi/v1/Users?$skip=2",
            "https://evil.example.net/xapi/v1/Users?$skip=2", "//evil.example.net/xapi/v1/Users?$skip=2",
            "https://u:p@pbx.example.net/xapi/v1/Users?$skip=2", "http://[::1]:5000/xapi/v1/Users?$skip=2",
            "http://inner/pbx/xapi/v1/Users?$skip=2", "/pbx/xapi/v1/Users?$skip=2",
        ])
    func nextLink(_ link: String) async throws {
        let (result, routes) = try await Self.read([
            Self.first: [Self.page(101...102, next: link)], "GET /xapi/v1/Users?$skip=2": [Self.page(103...103)],
        ])
        #expect(try result.get().readable.map(\.number) == ["101", "102", "103"])
        #expect(routes.count == 2)
    }

    @Test("go on where one is cut short without a link and says that there are more")
    func cutShort() async throws {
        func page(_ numbers: ClosedRange<Int>, of count: String) -> ScriptedTransport.Step {
            let rows = numbers.map { #"{"Number":"\#($0)"}"# }.joined(separator: ",")
            return .json(#"{"@odata.count":\#(count),"value":[\#(rows)]}"#)
        }
        let (result, routes) = try await Self.read([
            Self.first: [page(101...102, of: "5")], "\(Self.first)&$skip=2": [page(103...104, of: "\"5\"")],
            "\(Self.first)&$skip=4": [page(105...105, of: "5")],
        ])
        #expect(try result.get().readable.map(\.number) == (101...105).map(String.init))
        #expect(routes.count == 3)
        // Whoever counts wrongly, or ignores what is asked for, ends the list.
        for (count, next) in [
            ("9", page(101...102, of: "9")), ("3", .json(#"{"value":[]}"#)), ("-1", page(103...103, of: "-1")),
            ("null", page(103...103, of: "1")), ("99999999999999999999", page(103...103, of: "1")),
        ] {
            let (result, _) = try await Self.read([
                Self.first: [page(101...102, of: count)], "\(Self.first)&$skip=2": [next],
            ])
            #expect(try result.get().readable.map(\.number) == ["101", "102"], "\(count)")
        }
    }

    @Test("end where a link leads to itself")
    func circularLink() async throws {
        let (result, routes) = try await Self.read([
            Self.first: [Self.page(101...102, next: "Users?$skip=2")],
            "GET /xapi/v1/Users?$skip=2": [Self.page(103...104, next: "Users?$skip=2")],
        ])
        #expect(try result.get().rows.count == 4)
        #expect(routes.count == 2)
    }

    @Test("end after a thousand pages")
    func endless() async throws {
        let connection = PhoneSystemConnection(
            PhoneSystemExamples.settings(), transport: EndlessPages(), clock: SteppedClock())
        let xapi = XAPIRequests(try #require(connection.version20))
        let list = try await xapi.list(XAPIMessages.Station.self, "Users").get()
        #expect(list.pages == 1000)
    }

    /// Answers every request with another page and a link to yet another one.
    private struct EndlessPages: HTTPTransport {
        func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
            let number = Int(request.url.split(separator: "=").last ?? "") ?? 0
            let page = #"{"value":[{"Number":"\#(number)"}],"@odata.nextLink":"Users?n=\#(number + 1)"}"#
            let body = request.method == .post ? #"{"access_token":"t"}"# : page
            return HTTPResponse(status: 200, headers: ["Content-Type": "application/json"], body: Array(body.utf8))
        }

        func shutdown() async {}
    }

    @Test(
        "never follow a link away from XAPI",
        arguments: [
            "/api/x", "/xapi/../callcontrol", "/xapi/%2E%2e/callcontrol", "../../callcontrol", "/xapi",
            "/xapi/v1/Users#x", "/xapi/v1/ä", "/xapi/v1/a b", #"/xapi/..\\callcontrol"#, "https://pbx.example.net",
            "https://pbx.example.net/callcontrol?x=/xapi/v1/Users", "https://pbx.example.net?/xapi/v1/Users",
        ])
    func foreignLink(_ link: String) async throws {
        let (result, routes) = try await Self.read([Self.first: [Self.page(101...102, next: link)]])
        guard case .failure(let failure) = result else {
            Issue.record("\(link) was followed: \(routes)")
            return
        }
        #expect(failure.kind == .malformedAnswer)
        #expect(failure.what == "a next page outside of XAPI")
        #expect(routes.count == 1)
    }

    @Test(
        "that are refused name what to change in 3CX, and the place without the query",
        arguments: [
            (.status(401), .permissionMissing, "XAPI refused (HTTP 401)"),
            (.status(403), .permissionMissing, "XAPI refused (HTTP 403)"),
            (.status(404), .permissionMissing, "XAPI refused (HTTP 404)"),
            (.json(XAPISamples.badRequest, status: 400), .interfaceMissing, "HTTP 400: Name: WARNINGS.XAPI.DUPLICATE"),
            (.status(400), .interfaceMissing, "HTTP 400"), (.json("[]", status: 400), .interfaceMissing, "HTTP 400"),
            (.status(500), .unreachable, "HTTP 500"),
            (.page(), .malformedAnswer, "content type text/html instead of JSON"),
            (.json("{}"), .malformedAnswer, "JSON of another shape"),
        ] as [(ScriptedTransport.Step, PollFailure.Kind, String)]
    )
    func refused(_ answer: ScriptedTransport.Step, _ kind: PollFailure.Kind, _ what: String) async throws {
        let (result, _) = try await Self.read([Self.first: [answer]])
        guard case .failure(let failure) = result else {
            Issue.record("no failure")
            return
        }
        #expect(failure.kind == kind)
        #expect(failure.what == what)
        #expect(failure.place == "GET https://pbx.example.net/xapi/v1/Users")
        #expect(failure.remedy.contains("no other program") == what.contains("401"))
        if kind == .permissionMissing {
            #expect(
                failure.remedy.replacing("; also check that no other program uses the same API client", with: "")
                    == "in 3CX, Admin > Integrations > API: tick \"3CX Configuration API Access\" for the client zammadbridge, "
                    + "with department System Wide and role System Administrator; the licence must be Enterprise, 8SC or larger"
            )
        }
    }

    @Test("keep their readable rows")
    func lossy() async throws {
        let text = #"{"value":[{"Number":"101"},{"Number":null},7,{"Name":"x"},{"Number":"1 2"},{"Number":102}]}"#
        let (result, _) = try await Self.read([Self.first: [.json(text)]])
        let list = try result.get()
        #expect(list.readable.map(\.number) == ["101", "102"])
        #expect(list.unreadableCount == 4)
    }
}
