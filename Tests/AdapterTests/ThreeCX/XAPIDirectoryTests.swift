import Domain
import Ports
import Testing

@testable import Adapters
@testable import Wire

@Suite("Groups and lists of a 3CX v20", .timeLimit(.minutes(10)))
struct XAPIDirectoryTests {
    private static func settings(
        _ groups: [String] = [], queues: [String] = []
    ) -> PhoneSystemSettings {
        PhoneSystemExamples.settings(legacy: false) {
            $0.groups = groups
            $0.queueExtensions = queues
        }
    }

    private static func load(
        _ world: XAPIWorld, _ settings: PhoneSystemSettings, previous: PhoneSystemDirectory? = nil
    ) async throws -> PhoneSystemDirectory {
        var loader = XAPIDirectoryLoader(
            world.requests(settings: settings), settings: settings.phoneSystem, previous: previous)
        return try await loader.load()
    }

    @Test("say what every DN is, who has it, and where to write to them")
    func all() async throws {
        let settings = Self.settings(["Support"])
        let directory = try await Self.load(try XAPIWorld(), settings)
        let entries: [String: DialPlan.Entry] = [
            "101": .init(kind: .extension, name: "John Doe"), "102": .init(kind: .extension, name: "Jane Roe"),
            "103": .init(kind: .extension, name: "Max"), "80": .init(kind: .queue, name: "Support"),
            "82": .init(kind: .queue, name: "Sales"), "800": .init(kind: .ringGroup, name: "Front desk"),
            "10001": .init(kind: .trunk, name: "SIP-Trunk Muster"),
            "zammadbridge": .init(kind: .other, name: "zammadbridge"),
            "SP0": .init(kind: .other, name: "Shared parking"),
        ]
        expectSame(
            directory.dialPlan,
            DialPlan(
                entries: entries, monitored: ["101", "102", "80", "800"], extensionDigits: 3, knowsTrunks: true))
        #expect(directory.emails == ["101": "john.doe@example.com", "102": "jane.roe@example.com"])
    }

    @Test(
        "find what is named by name or by number, in any case if need be",
        arguments: [
            ("Support", "80 101 102 800"), ("GRP0001", "80 101 102 800"), ("support", "80 101 102 800"),
            ("grp0001", "80 101 102 800"), ("80", "80 101 102"), ("Front desk", "101 102 103 800"),
            ("FRONT DESK", "101 102 103 800"), ("800", "101 102 103 800"),
        ] as [(String, String)]
    )
    func named(_ name: String, _ watched: String) async throws {
        let directory = try await Self.load(try XAPIWorld(), Self.settings([name]))
        #expect(directory.dialPlan.monitored == Set(watched.split(separator: " ").map(String.init)))
    }

    @Test("take a queue for a queue where queue_extension names it, and a group for a group otherwise, and say so")
    func ambiguous() async throws {
        let group = try await Self.load(try XAPIWorld(), Self.settings(["Support"]))
        #expect(group.dialPlan.monitored == ["101", "102", "80", "800"])
        #expect(
            group.said.notices.map(\.text) == [
                "Support is a group, and a queue as well: the group is watched; give the other by its number"
            ])
        let queue = try await Self.load(try XAPIWorld(), Self.settings(queues: ["Support"]))
        #expect(queue.dialPlan.monitored == ["101", "102", "80"])
        #expect(queue.said.notices.map(\.text).first?.hasPrefix("Support is a queue, and a group as well") == true)
        // Exactly that name first.
        let exact = try XAPIWorld([
            XAPIWorld.groups: [.json(XAPISamples.groups.replacing(#""Support""#, with: #""support""#))]
        ])
        let byCase = try await Self.load(exact, Self.settings(["Support"]))
        #expect(byCase.dialPlan.monitored == ["101", "102", "80"])
        #expect(byCase.said.notices.isEmpty)
    }

    private static let missing =
        "3CX has no group, queue or ring group Suport; it has: groups GRP0000 DEFAULT, GRP0001 Support; queues 80 Support, "
        + "82 Sales; ring groups 800 Front desk"

    @Test("refuse a name that 3CX does not have, and tell what it has")
    func missingName() async throws {
        let world = try XAPIWorld(settings: Self.settings(["Suport"]))
        let failure = try #require(await world.failure())
        #expect(failure.kind == .configuration)
        #expect(failure.what == Self.missing)
        #expect(failure.remedy == "correct 3CX.group; did you mean \"Support\"?")
        #expect(world.transport.count(XAPIWorld.calls) == 0)
    }

    @Test("warn of one name of two that 3CX does not have")
    func oneMissing() async throws {
        let directory = try await Self.load(try XAPIWorld(), Self.settings(["Suport", "80"]))
        #expect(directory.dialPlan.monitored == ["101", "102", "80"])
        #expect(
            directory.said.notices == [
                Notice(.warning, "\(Self.missing); correct 3CX.group; did you mean \"Support\"?")
            ])
        let queue = try await Self.load(try XAPIWorld(), Self.settings(["GRP0001"], queues: ["89"]))
        #expect(queue.said.notices.map(\.level) == [.warning])
        #expect(queue.said.notices.first?.text.hasSuffix("correct 3CX.queue_extension; did you mean \"80\"?") == true)
    }

    @Test("without a group and a queue all extensions, queues and ring groups are watched")
    func nothingNamed() async throws {
        let world = try XAPIWorld()
        let directory = try await Self.load(world, Self.settings())
        #expect(directory.dialPlan.monitored == ["101", "102", "103", "80", "800", "82"])
        #expect(directory.said.notices.map(\.level) == [.info])
        #expect(world.transport.count(XAPIWorld.groups) == 0)
        let blind = try XAPIWorld(
            [XAPIWorld.users: [.status(403)], XAPIWorld.peers: [.status(403)], XAPIWorld.queues: [.status(403)]],
            settings: Self.settings())
        let failure = try #require(await blind.failure())
        #expect(failure.kind == .permissionMissing)
        #expect(failure.place == "GET https://pbx.example.net/xapi/v1/Users")
    }

    @Test("the members of a group may be of every type, of which extensions, queues and ring groups are watched")
    func memberTypes() async throws {
        let types = [
            "None", "Extension", "Queue", "RingGroup", "IVR", "Fax", "Conference", "SpecialMenu", "Parking",
            "ExternalLine", "Group", "RoutePoint", "New",
        ]
        let rows = types.enumerated().map { #"{"Number":"90\#($0)","MemberName":"\#($1)","Type":"\#($1)"}"# }
        let world = try XAPIWorld([XAPIWorld.members: [.json(#"{"value":[\#(rows.joined(separator: ","))]}"#)]])
        let directory = try await Self.load(world, Self.settings(["GRP0001"]))
        #expect(directory.dialPlan.monitored == ["901", "902", "903"])
        let kinds = types.indices.map { directory.dialPlan.entries["90\($0)"]?.kind }
        #expect(
            kinds == [
                nil, .extension, .queue, .ringGroup, .ivr, .other, .other, .voicemail, .other, .trunk, nil, .other, nil,
            ])
    }

    private static let lists: [(route: String, name: String)] = [
        (XAPIWorld.users, "Users"), (XAPIWorld.trunks, "Trunks"), (XAPIWorld.queues, "Queues"),
        (XAPIWorld.ringGroups, "RingGroups"), (XAPIWorld.peers, "Peers"),
        (XAPIWorld.parameters, "Defs/Pbx.GetSystemParameters()"),
    ]

    @Test("a list that is forbidden is said once, and what was known before stays", arguments: lists.indices)
    func forbidden(_ index: Int) async throws {
        let (route, name) = Self.lists[index]
        let settings = Self.settings(["GRP0001"], queues: ["800"])
        let before = try await Self.load(try XAPIWorld(), settings)
        for answer in [ScriptedTransport.Step.status(403), .status(500), .page(), .json("[]")] {
            let world = try XAPIWorld([route: [answer]])
            let directory = try await Self.load(world, settings, previous: before)
            expectSame(directory.dialPlan, before.dialPlan)
            #expect(directory.emails == before.emails)
            let forbidden =
                "3CX does not let this account read \(name); the bridge goes by extension_digits and trunk_digits instead"
            #expect(directory.said.notices == [Notice(.info, forbidden)])
        }
    }

    @Test("no answer at all ends the load, whichever list was asked for", arguments: lists.indices)
    func unanswered(_ index: Int) async throws {
        let lost = HTTPFailure(.timeout, requestMayHaveBeenSent: true, detail: "no answer in 5 s")
        let world = try XAPIWorld([Self.lists[index].route: [.failure(lost)]])
        #expect(await world.failure()?.kind == .unreachable)
    }

    @Test(
        "groups that may not be read are a failure if one is needed, and none if all are given by the numbers of queues"
    )
    func groupsForbidden() async throws {
        let world = try XAPIWorld([XAPIWorld.groups: [.status(403)]])
        let failure = try #require(await world.failure())
        #expect(failure.kind == .permissionMissing)
        #expect(failure.place == "GET https://pbx.example.net/xapi/v1/Groups")
        let directory = try await Self.load(world, Self.settings(["80"], queues: ["Sales"]))
        #expect(directory.dialPlan.monitored == ["101", "102", "80", "82"])
    }

    @Test("the number of a queue needs no list of queues")
    func queuesForbidden() async throws {
        let world = try XAPIWorld([XAPIWorld.queues: [.status(403)], XAPIWorld.peers: [.status(403)]])
        let directory = try await Self.load(world, Self.settings(queues: ["82"]))
        #expect(directory.dialPlan.monitored == ["82"])
        #expect(directory.dialPlan.kind(of: "82") == .queue)
    }

    @Test("agents that cannot be read leave the queue watched, and members those that were known")
    func membersForbidden() async throws {
        let world = try XAPIWorld([XAPIWorld.agents: [.status(403)]])
        let queue = try await Self.load(world, Self.settings(["80"]))
        #expect(queue.dialPlan.monitored == ["80"])
        #expect(queue.said.notices.map(\.level) == [.warning])
        let settings = Self.settings(["GRP0001"])
        let forbidden = try XAPIWorld([XAPIWorld.members: [.status(403)]], settings: settings)
        #expect(await forbidden.failure()?.place == "GET https://pbx.example.net/xapi/v1/Groups(35)/Members")
        let before = try await Self.load(try XAPIWorld(), settings)
        let after = try await Self.load(forbidden, settings, previous: before)
        #expect(after.dialPlan.monitored == before.dialPlan.monitored)
        let nothing = try XAPIWorld([XAPIWorld.members: [.status(403)], XAPIWorld.groups: [.status(403)]])
        let still = try await Self.load(nothing, settings, previous: after)
        #expect(still.dialPlan.monitored == before.dialPlan.monitored)
        #expect(still.said.notices.map(\.level) == [.warning, .warning])
    }

    @Test("extension_digits of the configuration goes before what 3CX says")
    func extensionDigits() async throws {
        var settings = Self.settings()
        settings.phoneSystem.extensionDigits = 4
        let world = try XAPIWorld()
        #expect(try await Self.load(world, settings).dialPlan.extensionDigits == 4)
        #expect(world.transport.count(XAPIWorld.parameters) == 0)
        for (text, digits) in [(#"{"ENL":"4"}"#, 4), (#"{"ENL":0}"#, nil), (#"{"ENL":"x"}"#, nil), ("{}", nil)] {
            let world = try XAPIWorld([XAPIWorld.parameters: [.json(text)]])
            #expect(try await Self.load(world, Self.settings()).dialPlan.extensionDigits == digits)
        }
    }

    @Test("are loaded anew every five minutes; a failing reload keeps what was known, and is tried again after 30 s")
    func refresh() async throws {
        let world = try XAPIWorld()
        #expect(try await world.watched() == ["80", "101", "102", "800"])
        world.transport.script(XAPIWorld.members, .json(#"{"value":[{"Number":"103","Type":"Extension"}]}"#))
        world.clock.advance(by: .seconds(299))
        #expect(try await world.view.poll().notices.isEmpty)
        world.clock.advance(by: .seconds(1))
        #expect(try await world.watched() == ["103"])

        world.transport.script(XAPIWorld.groups, .status(502))
        world.clock.advance(by: .seconds(300))
        let notices = try await world.view.poll().notices
        #expect(notices.map(\.level) == [.warning])
        #expect(notices.first?.text.contains("the old ones stay: HTTP 502 at GET https://") == true)
        world.clock.advance(by: .seconds(30))
        #expect(try await world.view.poll().notices.isEmpty)
        #expect(world.transport.count(XAPIWorld.groups) == 4)
    }
}
