import Domain
import FoundationEssentials
import Ports
import Testing

@testable import Adapters
@testable import Wire

@Suite("Deliveries to Zammad", .timeLimit(.minutes(10)))
struct ZammadSinkTests {
    private static let token = "k3yT0k3nOfZammad"
    private static let path = "/api/v1/cti/\(token)"
    private static let origin = "https://zammad.example.net"
    private static let route = "POST \(path)"

    private static func deliver(
        _ step: ScriptedTransport.Step, _ event: CallCommand.Event = .newCall
    ) async -> (outcome: DeliveryOutcome, request: HTTPRequest?) {
        let transport = ScriptedTransport([route: [step]], origin: origin)
        let sink = ZammadSink(endpoint: Secret(origin + path), transport: transport, timeout: .seconds(11))
        let outcome = await sink.deliver(ZammadPayloadTests.command(event))
        #expect(transport.requests.count == 1)
        return (outcome, transport.requests.first)
    }

    @Test("are one JSON POST that asks for JSON")
    func request() async throws {
        let (outcome, request) = await Self.deliver(.json("{}"))
        #expect(outcome == .delivered(.plain))
        let sent = try #require(request)
        #expect(sent.method == .post && sent.url == Self.origin + Self.path && sent.timeout == .seconds(11))
        #expect(
            sent.headers == ["Content-Type": "application/json", "Accept": "application/json"])
        #expect(sent.bodyText == (try ZammadPayloadTests.json(ZammadPayloadTests.command(.newCall))))
    }

    private static let errorID = #"{"error":"Error ID 1a2B3c4D: Please contact your administrator."}"#
    private static let exists =
        #"{"error":"This object already exists.","error_human":"This object already exists."}"#
    private static let errorIDText = "Error ID 1a2B3c4D: Please contact your administrator."

    private static let between = ": something between the bridge and Zammad answers, or another server"

    /// What others say with 200, in encodings of all kinds.
    private static let strangersTexts: [String] = [
        "", " \r\n", "OK", "Down for maintenance", "[]", "[{}]", "null", "true", "7", #""{}""#, #"{"action":"#, "{",
        "{} {}",
        "{}<html>", "<html></html>", "\u{FEFF}<!DOCTYPE html>", #"{"error":"down"}"#,
    ]

    static let strangers: [[UInt8]] = {
        let page = Array("<html>".utf8)
        var wide: [UInt8] = []
        for byte in page { wide += [byte, 0] }
        let gzip: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0]
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        return strangersTexts.map { Array($0.utf8) } + [
            wide, [0xFF, 0xFE] + wide, [0xFE, 0xFF, 0] + wide, gzip, mark,
        ]
    }()

    @Test("are not taken for delivered, nor for refused, when somebody else answers", arguments: strangers)
    func stranger(_ body: [UInt8]) async {
        let isError = body.starts(with: Array(#"{"error""#.utf8))
        for status in isError ? [200, 201] : [200, 201, 204, 400, 413, 418, 421, 422, 431, 499] {
            for event in CallCommand.Event.allCases {
                let outcome = await Self.deliver(.answer(HTTPResponse(status: status, body: body)), event).outcome
                #expect(outcome.name == "misconfigured", "\(status)")
                #expect(outcome.reason?.contains("something between") == true)
            }
        }
    }

    private static func redirect(_ location: String) -> ScriptedTransport.Step {
        .answer(HTTPResponse(status: 301, headers: ["Location": location], body: Array("<html></html>".utf8)))
    }

    private static func elsewhere(_ target: String) -> DeliveryOutcome {
        .misconfigured("HTTP 301: the endpoint redirects elsewhere to \(target)")
    }

    /// nginx's words.
    private static let plainHTTP = ScriptedTransport.Step.answer(
        HTTPResponse(
            status: 400, body: Array("<html>The plain HTTP request was sent to HTTPS port</html>".utf8)))

    private static let wantsTLS = DeliveryOutcome.misconfigured(
        "HTTP 400: this port of Zammad expects https:// and was asked with http://; write https:// in Zammad.endpoint")

    @Test(
        "end by what Zammad answers",
        arguments: [
            (.newCall, .json("{}"), .delivered(.plain)),
            (.answer, .json("{}"), .delivered(.plain)),
            (.newCall, .json(#"{"action":"reject","reason":"busy"}"#), .delivered(.reject(reason: "busy"))),
            (
                .newCall, .json(#"{"action":"dial","caller_id":"4930","number":"4940"}"#),
                .delivered(.dial(callerID: "4930"))
            ),
            (.newCall, .json(#"{"action":7,"reason":[]}"#), .delivered(.plain)),
            (
                .newCall, .json(#"{"error":{"code":7}}"#),
                .misconfigured("HTTP 200 with an error (without a text)\(between)")
            ),
            (.newCall, .json(#"{"error":null}"#), .misconfigured("HTTP 200 with an error (without a text)\(between)")),
            (.newCall, .page(), .misconfigured("HTTP 200 with a web page\(between)")),
            (.newCall, .json(exists, status: 500), .alreadyKnown),
            (.newCall, .json(exists, status: 422), .alreadyKnown),
            (.newCall, .json(#"{"error_human":"Object already exists!"}"#, status: 500), .alreadyKnown),
            (.answer, .json(errorID, status: 500), .unknownCall("HTTP 500: \(errorIDText)")),
            (.hangup, .json(errorID, status: 500), .unknownCall("HTTP 500: \(errorIDText)")),
            (.newCall, .json(errorID, status: 500), .retry("HTTP 500: \(errorIDText)", scope: .event)),
            (.newCall, .page(status: 500), .retry("HTTP 500", scope: .event)),
            (.newCall, .json(errorID, status: 422), .refused("HTTP 422: \(errorIDText)")),
            (
                .newCall, .json(#"{"error":"Invalid 'direction'!"}"#, status: 422),
                .refused("HTTP 422: Invalid 'direction'!")
            ),
            (
                .answer,
                .json(
                    #"{"error":"Feature is disabled, please contact your administrator!"}"#, status: 422),
                .misconfigured("HTTP 422: Feature is disabled, please contact your administrator!")
            ),
            (
                .hangup, .json(#"{"error":"Feature not configured, please contact your admin!"}"#, status: 422),
                .misconfigured("HTTP 422: Feature not configured, please contact your admin!")
            ),
            (
                .newCall, .json(#"{"error":"Invalid token, please contact your admin!"}"#, status: 401),
                .misconfigured("HTTP 401: Invalid token, please contact your admin!")
            ),
            (.newCall, .page(status: 404), .misconfigured("HTTP 404 with a web page\(between)")),
            (.answer, .page(status: 400), .misconfigured("HTTP 400 with a web page\(between)")),
            (.hangup, .page(status: 422), .misconfigured("HTTP 422 with a web page\(between)")),
            (.newCall, .status(400), .misconfigured("HTTP 400 with nothing in it\(between)")),
            (.newCall, .json(#"{"status":400,"error":"Bad Request"}"#, status: 400), .refused("HTTP 400: Bad Request")),
            (
                .hangup, .json(#"{"status":500,"error":"Internal Server Error"}"#, status: 500),
                .retry("HTTP 500: Internal Server Error", scope: .zammad)
            ),
            (.newCall, .status(301), .misconfigured("HTTP 301: the endpoint redirects elsewhere")),
            (.newCall, redirect("https://other.example.com\(path)?a=b"), elsewhere("https://other.example.com/…")),
            (.answer, redirect("/login?\(token)"), elsewhere("/login")),
            (.hangup, redirect("/support\(path)"), elsewhere("/support…")),
            (
                .hangup, redirect("/a/path/that/is/somewhat/long/\(token)/"),
                elsewhere("/a/path/that/is/somewhat/long/…/")
            ),
            (.newCall, plainHTTP, wantsTLS),
            (.newCall, .page(status: 502), .retry("HTTP 502", scope: .zammad)),
            (.hangup, .page(status: 503), .retry("HTTP 503", scope: .zammad)),
            (.hangup, .page(status: 504), .ambiguous("HTTP 504")),
        ] as [(CallCommand.Event, ScriptedTransport.Step, DeliveryOutcome)]
    )
    func outcomes(
        _ event: CallCommand.Event, _ step: ScriptedTransport.Step, _ expected: DeliveryOutcome
    ) async {
        #expect(await Self.deliver(step, event).outcome == expected)
    }

    @Test("that got no answer are open, or known to be undone", arguments: HTTPFailure.Kind.allCases)
    func noAnswer(_ kind: HTTPFailure.Kind) async {
        let detail = "no answer from https://zammad.example.net"
        for sent in [true, false] {
            let failure = HTTPFailure(kind, requestMayHaveBeenSent: sent, detail: detail)
            let outcome = await Self.deliver(.failure(failure), .hangup).outcome
            #expect(outcome.name == (sent ? "ambiguous" : "retry"))
            #expect(outcome.reason == "\(detail); \(failure.remedy)")
        }
    }

    @Test(
        "wait as long as Zammad says, within reason",
        arguments: [
            ("7", .seconds(7)), ("0", .seconds(0)), ("-3", .seconds(0)), ("3600", .seconds(60)),
            ("999999999", .seconds(60)),
            ("soon", nil), ("Wed, 21 Oct 2037 07:28:00 GMT", nil), ("", nil), ("1e3", nil),
        ] as [(String, Duration?)]
    )
    func retryAfter(_ value: String, _ expected: Duration?) async {
        for status in [429, 503] {
            let step = ScriptedTransport.Step.answer(HTTPResponse(status: status, headers: ["retry-after": value]))
            let outcome = await Self.deliver(step).outcome
            let longest: Duration = status == 429 ? .seconds(60) : .seconds(15)
            #expect(outcome == .retry("HTTP \(status)", scope: .zammad, after: expected.map { min($0, longest) }))
        }
    }

    @Test(
        "never tell the endpoint or its token, even where Zammad repeats them",
        arguments: [
            "No route matches [POST] \(path)", "Invalid token \(token)!", "see \(origin)\(path)?x=1",
            String(repeating: "x", count: 190) + token,
        ]
    )
    func secrets(_ text: String) async {
        for status in [200, 400, 401, 404, 422, 429, 500, 503, 504] {
            for key in ["error", "error_human", "reason", "caller_id"] {
                for action in ["reject", "dial"] {
                    let body = #"{"\#(key)":"\#(text)","action":"\#(action)"}"#
                    for event in CallCommand.Event.allCases {
                        let outcome = await Self.deliver(.json(body, status: status), event).outcome
                        let told = "\(outcome)"
                        #expect(!told.contains(Self.token) && !told.contains("k3yT0") && !told.contains(Self.path))
                    }
                }
            }
        }
    }

    @Test("tell an error on one line and not at length")
    func errorText() async {
        let outcome = await Self.deliver(
            .json(#"{"error":"a\nb\u0000c\#(String(repeating: "x", count: 999))"}"#, status: 400))
        let expected = "HTTP 400: a?b?c" + String(repeating: "x", count: 195)
        #expect(outcome.outcome == .refused(expected))
    }
}
