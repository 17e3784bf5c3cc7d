import Adapters
import Testing

@testable import Played

/// The documented behaviour of Zammad's CTI endpoint, so that the mock refuses what the real one refuses.
@Suite("A model of Zammad's CTI endpoint")
struct ZammadModelTests {
    private static let inbound: [String: LoopbackJSON] = [
        "event": "newCall", "direction": "in", "from": "493023125001", "to": "101", "callId": "a", "user": "Anna",
    ]

    private static func request(_ changes: [String: LoopbackJSON?], token: String = "t") -> ZammadRequest {
        var parameters = inbound
        for (key, value) in changes { parameters[key] = value }
        return ZammadRequest(token: token, parameters: parameters)
    }

    /// An event that carries no more than it must.
    private static func short(
        _ event: String,
        _ more: [String: LoopbackJSON] = [:],
        direction: String = "in",
        at now: Int64 = 0
    ) -> ZammadRequest {
        let parameters: [String: LoopbackJSON] = [
            "event": .string(event), "direction": .string(direction), "callId": "a",
        ]
        return ZammadRequest(token: "t", parameters: parameters.merging(more) { $1 }, at: now)
    }

    private func model() -> ZammadModel {
        var model = ZammadModel(token: "t")
        model.agents = [ZammadAgent(id: 7, login: "anna@example.com", phone: "101")]
        model.customers = [ZammadCustomer(number: "493023125001", name: "Erika Musterfrau")]
        return model
    }

    /// A request, and the status and a part of the body that answer it.
    struct Refusal: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let request: ZammadRequest
        let status: Int
        let text: String

        init(_ name: String, _ request: ZammadRequest, _ status: Int, _ text: String) {
            (testDescription, self.request, self.status, self.text) = (name, request, status, text)
        }
    }

    static let refusals: [Refusal] = [
        Refusal("wrong token", request([:], token: "x"), 401, "Invalid token"),
        Refusal("no direction", request(["direction": .some(nil)]), 422, "Invalid 'direction'!"),
        Refusal("odd direction", request(["direction": "inbound"]), 422, "Invalid 'direction'!"),
        Refusal("answer of an unknown call", short("answer"), 500, "Error ID 00000001: Please contact"),
        Refusal("hangup of an unknown call", short("hangup"), 500, "Error ID"),
        Refusal("unknown event", request(["event": "transfer"]), 422, "Error ID"),
        Refusal("no from", request(["from": .some(nil)]), 422, "Attribute 'from' required!"),
        Refusal("no to", request(["to": .some(nil)]), 422, "Attribute 'to' required!"),
        Refusal("no call id", request(["callId": .some(nil)]), 422, "Attribute 'call_id' required!"),
        Refusal("callid", request(["callId": .some(nil), "callid": "b"]), 422, "Attribute 'call_id' required!"),
        Refusal("NUL in the call id", request(["callId": "a\0"]), 422, "Error ID"),
        Refusal("no JSON", ZammadRequest(token: "t", parameters: nil), 500, "Error ID"),
        Refusal("GET", ZammadRequest(method: "GET", token: "t", parameters: inbound), 404, "No route"),
    ]

    @Test("what it refuses leaves no row", arguments: refusals)
    func refuses(_ refusal: Refusal) {
        var model = model()
        let reply = model.handle(refusal.request)
        #expect(reply.status == refusal.status)
        #expect(reply.body.contains(refusal.text), "\(reply.body)")
        #expect(model.rows.isEmpty)
    }

    @Test("texts are cut to what the database holds, and lose their NULs")
    func limits() throws {
        var model = model()
        let reply = model.handle(
            Self.request([
                "from": .string(String(repeating: "1", count: 101)), "to": "10\01",
                "user": .string("An\0na" + String(repeating: "ü", count: 250)),
                "queue": .string(String(repeating: "q", count: 300)),
                "cause": .string(String(repeating: "c", count: 501)),
            ]))
        #expect(reply == .accepted)
        let row = try #require(model.row("a"))
        #expect(row.from.count == 100 && row.to == "101")
        #expect(row.toComment == "Anna" + String(repeating: "ü", count: 246))
        #expect(row.queue?.count == 250 && row.comment?.count == 500)
    }

    @Test("a call id that is cut is known to nobody, and refused the second time")
    func longID() {
        var model = model()
        let id: LoopbackJSON = .string(String(repeating: "x", count: 251))
        #expect(model.handle(Self.request(["callId": id])) == .accepted)
        #expect(model.handle(Self.request(["callId": id])) == .json(422, ZammadReply.knownBody))
        #expect(model.handle(Self.short("answer", ["callId": id])).status == 500)
        #expect(model.rows.map(\.callID.count) == [250])
    }

    @Test("without its database it answers 500, in words that are not Zammad's own")
    func databaseDown() {
        var model = model()
        model.isDatabaseDown = true
        let body = #"{"status":500,"error":"Internal Server Error"}"#
        for request in [Self.request([:]), Self.short("hangup")] { #expect(model.handle(request) == .json(500, body)) }
        model.isDatabaseDown = false
        #expect(model.handle(Self.request([:])) == .accepted)
    }

    @Test("a browser's Accept header gets pages, whatever else it names")
    func browsersAccept() {
        var model = model()
        var request = Self.request([:], token: "x")
        for accept in ["application/json, text/plain, */*", "*/*;q=0.8, text/html"] {
            request.accept = accept
            #expect(model.handle(request).contentType == "text/html; charset=utf-8")
        }
    }

    @Test("a feature that is off wins over a wrong token, a missing configuration too")
    func disabled() {
        var model = model()
        model.featureEnabled = false
        #expect(model.handle(Self.request([:], token: "x")) == .json(422, ZammadReply.disabledBody))
        model.featureEnabled = true
        model.configured = false
        #expect(model.handle(Self.request([:], token: "x")).body.contains("Feature not configured"))
    }

    @Test("a known call id is refused with 500, and the row stays as it was")
    func duplicate() {
        var model = model()
        #expect(model.handle(Self.request([:])) == .accepted)
        let before = model.rows
        #expect(model.handle(Self.request(["from": "1"])) == .json(500, ZammadReply.knownBody))
        #expect(model.rows == before)
    }

    @Test("callId wins over call_id, which serves alone")
    func callIDs() {
        var model = model()
        #expect(model.handle(Self.request(["callId": "x", "call_id": "y"])).status == 200)
        #expect(model.handle(Self.request(["callId": .some(nil), "call_id": "z"])).status == 200)
        #expect(model.rows.map(\.callID) == ["x", "z"])
    }

    @Test("without an Accept header an error is a page, and the page of a 500 says nothing")
    func pages() {
        var model = model()
        var request = Self.request([:])
        #expect(model.handle(request).status == 200)
        request.accept = nil
        let duplicate = model.handle(request)
        #expect(duplicate.status == 500)
        #expect(duplicate.contentType == "text/html; charset=utf-8")
        #expect(!duplicate.body.contains("already exists"))
        request.token = "x"
        #expect(model.handle(request).body.contains("Invalid token"))
        request.parameters = nil
        #expect(model.handle(request) == ZammadReply(status: 400, contentType: nil, body: ""))
        request.accept = "*/*"
        #expect(model.handle(request).status == 500)
    }

    @Test("a newCall row shows the agents who ring and the customer, and is a to-do if inbound")
    func newCallRows() throws {
        var model = model()
        #expect(model.handle(Self.request(["user": ["Anna", "Bert"], "cause": "x"])) == .accepted)
        let inbound = try #require(model.row("a"))
        #expect(inbound.toComment == "Anna, Bert")
        #expect(inbound.fromComment == "Erika Musterfrau")
        #expect(inbound.queue == "101")
        #expect(inbound.comment == "x")
        #expect(inbound.isRinging)
        let outbound = Self.request(["callId": "b", "direction": "out", "from": "101", "to": "493023125001"])
        #expect(model.handle(outbound) == .accepted)
        let row = try #require(model.row("b"))
        #expect([row.fromComment, row.toComment, row.queue] == ["Anna", "Erika Musterfrau", "101"])
        #expect(row.done)
    }

    /// How an inbound call ended, and whether the row then is a to-do.
    struct Ending: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let requests: [ZammadRequest]
        let done: Bool
    }

    static let endings: [Ending] =
        ["", "normalClearing", "busy", "cancel", "noAnswer"].map { cause in
            Ending(
                testDescription: "never answered, \(cause)",
                requests: [short("hangup", ["cause": .string(cause)])], done: false)
        } + [
            Ending(testDescription: "no cause", requests: [short("hangup")], done: false),
            Ending(testDescription: "forwarded", requests: [short("hangup", ["cause": "forwarded"])], done: true),
            Ending(testDescription: "answered", requests: [short("answer"), short("hangup")], done: true),
            Ending(
                testDescription: "voicemail",
                requests: [short("answer", ["user": "voicemail"]), short("hangup", ["cause": "normalClearing"])],
                done: false),
            Ending(
                testDescription: "Voicemail in another spelling",
                requests: [short("answer", ["user": "Voicemail"]), short("hangup")], done: true),
            Ending(testDescription: "hangup as out", requests: [short("hangup", direction: "out")], done: true),
            Ending(testDescription: "second hangup", requests: [short("hangup"), short("hangup")], done: true),
            Ending(
                testDescription: "second hangup after voicemail",
                requests: [short("answer", ["user": "voicemail"]), short("hangup"), short("hangup")], done: false),
        ]

    @Test("the end of an inbound call decides on the to-do", arguments: endings)
    func ends(_ ending: Ending) throws {
        var model = model()
        #expect(model.handle(Self.request([:])) == .accepted)
        for request in ending.requests { #expect(model.handle(request) == .accepted) }
        let row = try #require(model.row("a"))
        #expect(row.state == .hangup)
        #expect(row.done == ending.done)
        #expect(row.events.count == ending.requests.count + 1)
    }

    @Test("an answer after the hangup changes nothing")
    func lateAnswer() throws {
        var model = model()
        for request in [Self.request([:]), Self.short("hangup", ["cause": "cancel"])] {
            #expect(model.handle(request) == .accepted)
        }
        #expect(model.handle(Self.short("answer", ["user": "Bert"])) == .accepted)
        let row = try #require(model.row("a"))
        #expect(row.isMissed)
        #expect(row.toComment == "Anna")
        #expect(row.events.map(\.effect) == [.applied, .applied, .ignored])
    }

    @Test("a second answer moves the start, names the new agent and opens the screen again")
    func secondAnswer() throws {
        var model = model()
        #expect(model.handle(Self.request([:])) == .accepted)
        #expect(model.handle(Self.short("answer", ["answeringNumber": "101"], at: 1000)) == .accepted)
        #expect(model.handle(Self.short("answer", ["user": "Bert", "user_id": "7"], at: 5000)) == .accepted)
        let row = try #require(model.row("a"))
        #expect(row.startAt == 5000)
        #expect(row.toComment == "Bert")
        #expect(row.openedFor == [7, 7])
    }

    @Test("the user of an outbound answer replaces the customer's name")
    func outboundAnswer() throws {
        var model = model()
        let newCall = Self.request(["direction": "out", "from": "101", "to": "493023125001"])
        #expect(model.handle(newCall) == .accepted)
        #expect(model.handle(Self.short("answer", direction: "out")) == .accepted)
        #expect(model.row("a")?.toComment == "Erika Musterfrau")
        #expect(model.handle(Self.short("answer", ["user": "Anna"], direction: "out")) == .accepted)
        #expect(model.row("a")?.toComment == "Anna")
        #expect(model.row("a")?.openedFor == [])
    }

    @Test(
        "a user that is no text makes an inbound answer a 500, although the row changes",
        arguments: [["Anna"], 5] as [LoopbackJSON])
    func arrayAnswer(_ user: LoopbackJSON) throws {
        var model = model()
        #expect(model.handle(Self.request([:])) == .accepted)
        #expect(model.handle(Self.short("answer", ["user": user, "answeringNumber": "999"])).status == 500)
        let row = try #require(model.row("a"))
        #expect(row.state == .answer)
        #expect(row.events.last?.effect == .appliedButFailed)
        #expect(model.handle(Self.short("answer", ["user": user, "answeringNumber": "101"])) == .accepted)
        #expect(model.row("a")?.openedFor == [7])
    }

    @Test("the agent is found by login or id where the number finds nobody, never by the display name")
    func agents() {
        var model = model()
        #expect(model.handle(Self.request([:])) == .accepted)
        #expect(model.handle(Self.short("answer", ["user": "Anna"])) == .accepted)
        #expect(model.row("a")?.openedFor == [])
        #expect(model.handle(Self.short("answer", ["user": "ANNA@example.com"])) == .accepted)
        #expect(model.handle(Self.short("answer", ["user": "Anna", "user_id": 7])) == .accepted)
        #expect(model.row("a")?.openedFor == [7, 7])
    }

    @Test("whoever has the number as phone takes the screen of the agent who is named by id, a customer included")
    func numbersWin() {
        var model = model()
        model.agents += [
            ZammadAgent(id: 6, login: "bert", phone: ""),
            ZammadAgent(id: 9, login: "erika", phone: "110", isAgent: false),
            ZammadAgent(id: 10, login: "left", phone: "111", isActive: false),
        ]
        #expect(model.handle(Self.request([:])) == .accepted)
        for (fields, expected) in [
            (["answeringNumber": "101", "user_id": 6], [7]), (["answeringNumber": "110", "user_id": 6], [7]),
            (["answeringNumber": "111", "user_id": 6], [7, 6]), (["user_id": 6], [7, 6, 6]),
            (["user": "erika", "user_id": 6], [7, 6, 6]), (["user": "Bert B."], [7, 6, 6]),
        ] as [([String: LoopbackJSON], [Int64])] {
            #expect(model.handle(Self.short("answer", fields)) == .accepted)
            #expect(model.row("a")?.openedFor == expected)
        }
        #expect(model.handle(Self.short("answer", ["user": ""])) == .accepted)
        #expect(model.row("a")?.toComment == "")
    }

    @Test("a blocked caller gets a row that rings, and the reply says reject")
    func blocked() throws {
        var model = model()
        model.blockedNumbers = ["493023125001"]
        #expect(model.handle(Self.request([:])) == .json(200, #"{"action":"reject","reason":"busy"}"#))
        #expect(model.row("a")?.isRinging == true)
        #expect(model.handle(Self.short("hangup", ["cause": "forwarded"])) == .accepted)
        #expect(model.row("a")?.isMissed == false)
    }

    @Test("a default caller id is told to the bridge and stored as from")
    func callerID() {
        var model = model()
        model.outboundCallerID = "493023125000"
        let reply = model.handle(Self.request(["direction": "out", "from": "101", "to": "4930"]))
        #expect(reply.body == #"{"action":"dial","caller_id":"493023125000","number":"4930"}"#)
        #expect(model.row("a")?.from == "493023125000")
        #expect(model.row("a")?.queue == "493023125000")
    }
}

extension ZammadReply {
    static let accepted = json(200, "{}")
    static let disabledBody = #"{"error":"Feature is disabled, please contact your administrator!"}"#
    static let knownBody =
        #"{"error":"This object already exists.","error_human":"This object already exists."}"#
}
