import Domain
import Ports
import Testing

@testable import Adapters
@testable import Wire

@Suite("Groups and lists of a 3CX before v20", .timeLimit(.minutes(10)))
struct LegacyDirectoryTests {
    private static func members(_ numbers: ClosedRange<Int>, count: String = "") -> String {
        let rows = numbers.map { #"{"Number":{"_value":"\#($0)"}}"# }.joined(separator: ",")
        return #"{"selected":[\#(rows)]\#(count)}"#
    }

    private static func opened(_ members: String) -> [ScriptedTransport.Step] {
        [.json(#"{"Id":"7","ActiveObject":{"Members":\#(members)}}"#)]
    }

    private static func page(_ members: String) -> ScriptedTransport.Step {
        .json(#"[{"Item":{}},{"Item":{"Members":\#(members)}}]"#)
    }

    private static let noMembers = #"{"selected":[]}"#

    /// The DNs that a poll says it watches.
    private static func watched(_ world: LegacyWorld) async throws -> [String] {
        let text = try await world.view.poll().notices.map(\.text).first { $0.hasPrefix("watching ") }
        return try #require(text).dropFirst("watching ".count).split(separator: ", ").map(String.init)
    }

    private static func world(
        opened first: String, pages: [ScriptedTransport.Step], also: [String: [ScriptedTransport.Step]] = [:]
    ) throws -> LegacyWorld {
        let script = ["POST /api/GroupList/set": opened(first), "POST /api/edit/update": pages]
        return try LegacyWorld(script.merging(also) { $1 }, settings: PhoneSystemExamples.settings())
    }

    @Test("members come from all pages, with and without a count", arguments: ["", #","count":25"#, #","count":"25""#])
    func pages(_ count: String) async throws {
        let world = try Self.world(
            opened: Self.members(100...109, count: count),
            pages: [Self.page(Self.members(110...119)), Self.page(Self.members(120...124)), Self.page(Self.noMembers)])
        #expect(try await Self.watched(world) == (100...124).map(String.init) + ["800"])
        let starts = world.transport.requests("POST /api/edit/update").map(\.bodyText)
        #expect(starts.count == (count.isEmpty ? 3 : 2))
        #expect(starts[0].contains(#""Start":10"#) && starts[1].contains(#""Start":20"#))
    }

    @Test(
        "a page that repeats itself, an empty page and an answer without members end the reading",
        arguments: [
            [page(members(100...109))], [page(noMembers)], [.json("[]")], [.json(#"[{"Item":null}]"#)],
        ] as [[ScriptedTransport.Step]]
    )
    func noProgress(_ pages: [ScriptedTransport.Step]) async throws {
        let world = try Self.world(opened: Self.members(100...109, count: #","count":12"#), pages: pages)
        let poll = try await world.view.poll()
        #expect(world.transport.count("POST /api/edit/update") == 1)
        #expect(
            poll.notices.contains(
                Notice(
                    .warning,
                    "3CX gave 10 of the 12 members of group Support; the others are not watched; \(StandingWarning.report)"
                )))
    }

    @Test("a member that cannot be read is missed aloud")
    func unreadableMember() async throws {
        let rows = #"{"selected":[{"Number":{"_value":"101"}},{"Number":{"_value":null}},{"Name":7}],"count":3}"#
        let world = try Self.world(opened: rows, pages: [Self.page(Self.noMembers)])
        let poll = try await world.view.poll()
        #expect(poll.notices.contains { $0.level == .warning && $0.text.contains("1 of the 3 members") })
        #expect(poll.notices.contains(Notice(.info, "watching 101, 800")))
    }

    @Test("a group that 3CX does not have is a fault of the configuration, and the groups that it has are named")
    func groupMissing() async throws {
        let world = try LegacyWorld(settings: PhoneSystemExamples.settings { $0.groups = ["Suport"] })
        let failure = try #require(await world.failure())
        #expect(failure.kind == .configuration)
        #expect(failure.what == "3CX has no group Suport; its groups are: DEFAULT, Support")
        #expect(failure.remedy == "correct 3CX.group; did you mean \"Support\"?")
        #expect(world.transport.count(LegacyWorld.calls) == 0)
    }

    @Test("one of two groups missing is a warning; a name differs in case only is found")
    func oneGroupMissing() async throws {
        let world = try LegacyWorld(settings: PhoneSystemExamples.settings { $0.groups = ["Suport", "support"] })
        let poll = try await world.view.poll()
        #expect(
            poll.notices.filter { $0.level == .warning }.map(\.text)
                == [
                    "3CX has no group Suport; its groups are: DEFAULT, Support; correct 3CX.group; did you mean \"Support\"?"
                ])
        #expect(poll.notices.contains { $0.text.hasPrefix("watching 101, 102") })
    }

    @Test(
        "a list of groups that cannot be read is a failure",
        arguments: [
            (.status(403), .permissionMissing), (.status(500), .unreachable), (.page(), .malformedAnswer),
            (.json(#"{"list":null}"#), .malformedAnswer),
        ] as [(ScriptedTransport.Step, PollFailure.Kind)]
    )
    func groupsUnreadable(_ answer: ScriptedTransport.Step, _ kind: PollFailure.Kind) async throws {
        let world = try LegacyWorld(["GET /api/GroupList": [answer]])
        #expect(await world.failure()?.kind == kind)
        #expect(world.transport.count(LegacyWorld.calls) == 0)
    }

    private static let forbidden: [String: [ScriptedTransport.Step]] = [
        "GET /api/TrunkList": [.status(403)], "GET /api/QueueList": [.status(401)],
        "GET /api/RingGroupList": [.page()], "GET /api/IVRList": [.status(404)],
        "GET /api/ExtensionList": [.status(500)],
    ]

    @Test("where the lists are forbidden the digits decide, without logging in again for each of them")
    func listsForbidden() async throws {
        let anonymous = #"{"list":[{"Id":7,"Caller":"10009 Other","Callee":"120 New","Status":"Routing"}]}"#
        let settings = PhoneSystemExamples.settings {
            $0.extensionDigits = 3
            $0.trunkDigits = 5
        }
        let world = try LegacyWorld(
            Self.forbidden.merging([LegacyWorld.calls: [.json(anonymous)]]) { $1 }, settings: settings)
        let poll = try await world.view.poll()
        let call = try #require(poll.snapshot.calls.first)
        #expect(call.direction == .inbound && call.trunk == "10009")
        #expect(call.legs == [CallLeg(dn: "120", name: "New", role: .agent, state: .ringing, isMonitored: false)])
        #expect(world.transport.count("POST /api/login") == 1)
        #expect(poll.notices.contains { $0.level == .info && $0.text.contains("/api/TrunkList, /api/QueueList") })
    }

    @Test("where the lists can be read they beat wrong digits")
    func listsBeatDigits() async throws {
        let settings = PhoneSystemExamples.settings {
            $0.extensionDigits = 2
            $0.trunkDigits = 3
        }
        let world = try LegacyWorld([LegacyWorld.calls: [.json(ActiveCallsSamples.edgeCases)]], settings: settings)
        let calls = try await world.view.poll().snapshot.calls
        let anonymous = try #require(calls.first { $0.id == PBXCallID("327") })
        #expect(anonymous.direction == .inbound && anonymous.trunk == "10001")
        #expect(anonymous.legs.map(\.dn) == ["101"])
        let queue = try #require(calls.first { $0.id == PBXCallID("330") })
        #expect(queue.legs.map(\.role) == [.queue, .agent])
    }

    @Test("a PBX that does not answer while the lists are read is a failed look, not five minutes of guessing")
    func listsUnreachable() async throws {
        let lost = HTTPFailure(.timeout, requestMayHaveBeenSent: true, detail: "no answer in 5 s")
        let world = try LegacyWorld(["GET /api/TrunkList": [.failure(lost)]])
        #expect(await world.failure()?.kind == .unreachable)
        world.transport.script("GET /api/TrunkList", .json(LegacyListSamples.trunks))
        #expect(try await world.view.poll().snapshot.calls.isEmpty)
    }

    @Test("a failing reload keeps what was known, says so once, and is tried again after 30 s")
    func failingReload() async throws {
        let world = try LegacyWorld()
        _ = try await world.view.poll()
        world.transport.script("GET /api/GroupList", .status(502))
        world.transport.script(LegacyWorld.calls, .json(ActiveCallsSamples.inboundDirectTalking))
        world.clock.advance(by: .seconds(299))
        _ = try await world.view.poll()
        #expect(world.transport.count("GET /api/GroupList") == 1)
        world.clock.advance(by: .seconds(1))
        let poll = try await world.view.poll()
        #expect(world.transport.count("GET /api/GroupList") == 2)
        #expect(poll.snapshot.calls.first?.legs.first?.isMonitored == true)
        #expect(poll.notices.map(\.level) == [.warning])
        #expect(poll.notices.first?.text.contains("the old ones stay: HTTP 502 at GET https://") == true)
        world.clock.advance(by: .seconds(29))
        #expect(try await world.view.poll().notices.isEmpty)
        #expect(world.transport.count("GET /api/GroupList") == 2)
        world.clock.advance(by: .seconds(1))
        #expect(try await world.view.poll().notices.isEmpty)
        #expect(world.transport.count("GET /api/GroupList") == 3)
    }

    @Test("a reload finds new members, and keeps a list that can no longer be read")
    func reload() async throws {
        let world = try LegacyWorld()
        _ = try await world.view.poll()
        world.transport.script("POST /api/GroupList/set", Self.opened(Self.members(201...202))[0])
        world.transport.script("POST /api/edit/update", Self.page(Self.noMembers))
        world.transport.script("GET /api/TrunkList", .status(403))
        world.transport.script(LegacyWorld.calls, .json(ActiveCallsSamples.edgeCases))
        world.clock.advance(by: .seconds(300))
        let poll = try await world.view.poll()
        #expect(poll.notices.contains(Notice(.info, "watching 80, 201, 202, 800")))
        #expect(poll.snapshot.calls.first { $0.id == PBXCallID("327") }?.direction == .inbound)
    }

    @Test("without groups only the queues are watched, and a queue may be a ring group of the PBX")
    func withoutGroups() async throws {
        let settings = PhoneSystemExamples.settings {
            $0.groups = []
            $0.queueExtensions = ["800", "82"]
        }
        let text = #"{"list":[{"Id":7,"Caller":"10001 T (+4930123456)","Callee":"800 Front","Status":"Routing"}]}"#
        let world = try LegacyWorld([LegacyWorld.calls: [.json(text)]], settings: settings)
        let poll = try await world.view.poll()
        #expect(poll.notices.contains(Notice(.info, "watching 82, 800")))
        #expect(poll.snapshot.calls.first?.legs.map(\.role) == [.ringGroup])
        #expect(world.transport.count("GET /api/GroupList") == 0)
    }
}
