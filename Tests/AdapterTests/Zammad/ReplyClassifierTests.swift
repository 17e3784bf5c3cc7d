import Testing

@testable import Adapters
@testable import Domain

@Suite("A reply from Zammad")
struct ReplyClassifierTests {
    typealias Answer = ZammadAnswer

    struct Row: Sendable, CustomTestStringConvertible {
        let answer: Answer
        /// For `newCall`, and for `answer` and `hangup`.
        let newCall: DeliveryOutcome
        let later: DeliveryOutcome

        var testDescription: String { "\(answer.status) \(answer.errorText ?? answer.action ?? "")" }

        init(_ status: Int, _ newCall: DeliveryOutcome) {
            self.init(Answer(status: status), newCall)
        }

        init(_ status: Int, _ text: String, _ newCall: DeliveryOutcome, later: DeliveryOutcome? = nil) {
            self.init(Answer(status: status, errorText: text), newCall, later: later)
        }

        init(_ answer: Answer, _ newCall: DeliveryOutcome, later: DeliveryOutcome? = nil) {
            self.answer = answer
            self.newCall = newCall
            self.later = later ?? newCall
        }
    }

    private static let disabled = "Feature is disabled, please contact your administrator!"
    private static let notConfigured = "Feature not configured, please contact your admin!"
    private static let badToken = "Invalid token, please contact your admin!"
    private static let errorID = "Error ID 12345678: Please contact your administrator."
    private static let exists = "This object already exists."
    private static let required = "Attribute 'to\" of relation \"cti_logs' required!"

    private static let between = ": something between the bridge and Zammad answers, or another server"

    static let rows: [Row] = [
        Row(200, .delivered(.plain)),
        Row(Answer(status: 200, action: "reject", actionDetail: "busy"), .delivered(.reject(reason: "busy"))),
        Row(Answer(status: 200, action: "dial", actionDetail: "4930999"), .delivered(.dial(callerID: "4930999"))),
        Row(Answer(status: 200, action: "play"), .delivered(.plain)),
        Row(Answer(status: 200, body: .webPage), .misconfigured("HTTP 200 with a web page\(between)")),
        Row(Answer(status: 200, body: .empty), .misconfigured("HTTP 200 with nothing in it\(between)")),
        Row(
            Answer(status: 200, body: .other),
            .misconfigured("HTTP 200 with something that is not a JSON object\(between)")),
        Row(200, "down", .misconfigured("HTTP 200 with an error (down)\(between)")),
        Row(201, .misconfigured("HTTP 201 with JSON that Zammad does not send\(between)")),
        Row(Answer(status: 204, body: .empty), .misconfigured("HTTP 204 with nothing in it\(between)")),
        Row(422, disabled, .misconfigured("HTTP 422: \(disabled)")),
        Row(422, notConfigured, .misconfigured("HTTP 422: \(notConfigured)")),
        Row(401, badToken, .misconfigured("HTTP 401: \(badToken)")),
        Row(403, "Not authorized", .misconfigured("HTTP 403: Not authorized")),
        Row(404, "No route", .misconfigured("HTTP 404: No route")),
        Row(Answer(status: 404, body: .webPage), .misconfigured("HTTP 404 with a web page\(between)")),
        Row(405, "x", .misconfigured("HTTP 405: x")),
        Row(301, .misconfigured("HTTP 301: the endpoint redirects elsewhere")),
        Row(
            Answer(status: 308, body: .webPage, redirection: " to https://other.example.com/…"),
            .misconfigured("HTTP 308: the endpoint redirects elsewhere to https://other.example.com/…")),
        Row(
            Answer(status: 400, body: .webPage, wantsTLS: true),
            .misconfigured(
                "HTTP 400: this port of Zammad expects https:// and was asked with http://; write https:// "
                    + "in Zammad.endpoint"
            )),
        Row(422, "Invalid 'direction'!", .refused("HTTP 422: Invalid 'direction'!")),
        Row(422, "Invalid direction!", .refused("HTTP 422: Invalid direction!")),
        Row(422, required, .refused("HTTP 422: \(required)")),
        Row(422, errorID, .refused("HTTP 422: \(errorID)")),
        Row(422, .misconfigured("HTTP 422 with JSON that Zammad does not send\(between)")),
        Row(400, "Bad Request", .refused("HTTP 400: Bad Request")),
        Row(Answer(status: 422, body: .webPage), .misconfigured("HTTP 422 with a web page\(between)")),
        Row(Answer(status: 400, body: .empty), .misconfigured("HTTP 400 with nothing in it\(between)")),
        Row(Answer(status: 400, body: .webPage), .misconfigured("HTTP 400 with a web page\(between)")),
        Row(Answer(status: 413, body: .webPage), .misconfigured("HTTP 413 with a web page\(between)")),
        Row(Answer(status: 421, body: .webPage), .misconfigured("HTTP 421 with a web page\(between)")),
        Row(
            Answer(status: 431, body: .other),
            .misconfigured("HTTP 431 with something that is not a JSON object\(between)")),
        Row(500, exists, .alreadyKnown, later: .unknownCall("HTTP 500: \(exists)")),
        Row(422, exists, .alreadyKnown, later: .refused("HTTP 422: \(exists)")),
        Row(500, "Object already exists!", .alreadyKnown, later: .unknownCall("HTTP 500: Object already exists!")),
        Row(
            500, errorID, .retry("HTTP 500: \(errorID)", scope: .event), later: .unknownCall("HTTP 500: \(errorID)")),
        Row(
            Answer(status: 500, body: .webPage), .retry("HTTP 500", scope: .event), later: .ambiguous("HTTP 500")),
        Row(Answer(status: 500, body: .empty), .retry("HTTP 500", scope: .event), later: .ambiguous("HTTP 500")),
        Row(Answer(status: 500), .retry("HTTP 500", scope: .event), later: .ambiguous("HTTP 500")),
        Row(500, "Internal Server Error", .retry("HTTP 500: Internal Server Error", scope: .zammad)),
        Row(408, .retry("HTTP 408", scope: .zammad)),
        Row(
            Answer(status: 429, retryAfter: .seconds(7)), .retry("HTTP 429", scope: .zammad, after: .seconds(7))),
        Row(Answer(status: 502, body: .webPage), .retry("HTTP 502", scope: .zammad)),
        Row(Answer(status: 503, retryAfter: .seconds(9)), .retry("HTTP 503", scope: .zammad, after: .seconds(9))),
        Row(504, .ambiguous("HTTP 504")),
        Row(507, .ambiguous("HTTP 507")),
        Row(524, .ambiguous("HTTP 524")),
        Row(0, .ambiguous("HTTP 0")),
        Row(100, .ambiguous("HTTP 100")),
    ]

    @Test("is understood as Zammad means it", arguments: rows)
    func classified(_ row: Row) {
        #expect(ReplyClassifier.classify(row.answer, to: .newCall) == row.newCall)
        #expect(ReplyClassifier.classify(row.answer, to: .answer) == row.later)
        #expect(ReplyClassifier.classify(row.answer, to: .hangup) == row.later)
    }

    @Test("that never came is doubt only if the request may have arrived")
    func failures() {
        #expect(
            ReplyClassifier.classify(failure: "connection refused", requestMayHaveBeenSent: false)
                == .retry("connection refused", scope: .zammad))
        #expect(
            ReplyClassifier.classify(failure: "timed out", requestMayHaveBeenSent: true) == .ambiguous("timed out"))
    }

    @Test("has a reason that a person can read, unless all is well")
    func reasons() {
        for row in Self.rows {
            let isWell = row.newCall.name == "delivered" || row.newCall == .alreadyKnown
            #expect((row.newCall.reason == nil) == isWell)
        }
    }
}
