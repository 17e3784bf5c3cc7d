import Domain
import FoundationEssentials
import Testing

@testable import Adapters

@Suite("Events as Zammad gets them")
struct ZammadPayloadTests {
    /// A command with every field that its event may have.
    static func command(
        _ event: CallCommand.Event, _ direction: CallCommand.Direction = .inbound, users: [String] = ["John Doe"],
        _ change: (inout CallCommand) -> Void = { _ in }
    ) -> CallCommand {
        var command = CallCommand(
            event: event, callID: CallID(text: "3cx-322-1770109200000"), at: Instant(milliseconds: 1_770_109_200_000),
            direction: direction, from: direction == .inbound ? "4930231250" : "101",
            to: direction == .inbound ? "101" : "4930231250", users: users)
        change(&command)
        return command
    }

    static func json(_ command: CallCommand) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try String(decoding: encoder.encode(ZammadPayload(command)), as: UTF8.self)
    }

    private static let ids = #""callId":"3cx-322-1770109200000","call_id":"3cx-322-1770109200000""#
    private static let inbound = #""from":"4930231250""#
    private static let outbound = #""from":"101","to":"4930231250""#

    private static let events: [(CallCommand, [String])] = [
        (command(.newCall), [ids, dir("in"), event("newCall"), inbound, to, john]),
        (
            command(.newCall, users: ["John Doe", "Jane Roe"]) { $0.queue = "80" },
            [ids, dir("in"), event("newCall"), inbound, #""queue":"80""#, to, #""user":["John Doe","Jane Roe"]"#]
        ),
        (
            command(.newCall, users: []) { $0.from = "anonymous" },
            [ids, dir("in"), event("newCall"), #""from":"anonymous""#, to]
        ),
        (
            command(.newCall, .outbound) { $0.answeringNumber = "101" },
            [agent, ids, dir("out"), event("newCall"), outbound, john]
        ),
        (
            command(.answer) {
                $0.answeringNumber = "101"
                $0.userID = 7
            },
            [ids, dir("in"), event("answer"), inbound, to, john, #""user_id":7"#]
        ),
        (
            command(.answer) { $0.answeringNumber = "101" },
            [agent, ids, dir("in"), event("answer"), inbound, to, john]
        ),
        (command(.answer, .outbound, users: []), [ids, dir("out"), event("answer"), outbound]),
        (
            command(.hangup, users: []) { $0.cause = .normalClearing },
            [ids, #""cause":"normalClearing""#, dir("in"), event("hangup"), inbound, to]
        ),
        (
            command(.hangup, .outbound, users: []) { $0.cause = .cancel },
            [ids, #""cause":"cancel""#, dir("out"), event("hangup"), outbound]
        ),
        (
            command(.hangup, users: []) {
                $0.cause = .forwarded
                $0.answeringNumber = "101"
            },
            [agent, ids, #""cause":"forwarded""#, dir("in"), event("hangup"), inbound, to]
        ),
    ]

    private static let to = #""to":"101""#
    private static let john = #""user":"John Doe""#
    private static let agent = #""answeringNumber":"101""#
    private static func dir(_ value: String) -> String { #""direction":"\#(value)""# }
    private static func event(_ value: String) -> String { #""event":"\#(value)""# }

    @Test("have exactly the fields that Zammad reads, the id under both its names", arguments: events)
    func exact(_ command: CallCommand, _ fields: [String]) throws {
        #expect(try Self.json(command) == "{\(fields.joined(separator: ","))}")
    }

    @Test("name one user on answer and never an array, whatever the command holds", arguments: 1...3)
    func answerUser(_ count: Int) throws {
        let users = Array(["John", "Jane", "Max"].prefix(count))
        #expect(try Self.json(Self.command(.answer, users: users)).contains(#""user":"John""#))
    }

    @Test("pass on names as they are and escape what JSON needs")
    func escaping() throws {
        let text = try Self.json(Self.command(.newCall, users: [#"Jürgen "Jo" Müßig\💬/"#]))
        #expect(text.contains(#""user":"Jürgen \"Jo\" Müßig\\💬/""#))
    }

    @Test("come back from JSON as they were", arguments: CallCommand.Event.allCases)
    func roundTrip(_ event: CallCommand.Event) throws {
        for users in [[], ["a"], ["a", "b"]] {
            let payload = ZammadPayload(Self.command(event, users: users) { $0.queue = "80" })
            let data = try JSONEncoder().encode(payload)
            #expect(try JSONDecoder().decode(ZammadPayload.self, from: data) == payload)
        }
    }
}
