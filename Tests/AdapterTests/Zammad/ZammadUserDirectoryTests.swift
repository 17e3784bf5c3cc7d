import Domain
import Ports
import Synchronization
import Testing

@testable import Adapters
@testable import Wire

@Suite("Zammad's users for agents", .timeLimit(.minutes(10)))
struct ZammadUserDirectoryTests {
    private static let origin = "https://zammad.example.net"

    /// A directory with what it says and asks; its clock leaps from round to round.
    private struct Scene {
        let directory: ZammadUserDirectory
        let transport: ScriptedTransport
        let clock: SteppedClock
        let said: Said

        /// Lets it run until a condition holds.
        func run(until condition: () -> Bool) async {
            let running = Task { await directory.run() }
            while !condition() { await Task.yield() }
            running.cancel()
            await running.value
        }

        func known(_ agents: String...) -> [Int?] { agents.map { directory.userIDs[$0] } }
    }

    private final class Said: Sendable {
        private let notices = Mutex<[Notice]>([])

        func add(_ notice: Notice) { notices.withLock { $0.append(notice) } }

        var all: [Notice] { notices.withLock { $0 } }
        var warnings: [String] { all.filter { $0.level == .warning }.map(\.text) }
    }

    private struct Emails: AgentEmails {
        let known: [[String: String]]
        let asked = ObservedValue(0)

        func emails() async -> [String: String] {
            let count = await asked.update { count in
                count += 1
                return count
            }
            return known[min(count, known.count) - 1]
        }
    }

    private static func scene(
        _ agents: BridgeConfiguration.Zammad.Agents, endpoint: String = origin + "/api/v1/cti/token",
        emails: (any AgentEmails)? = nil, _ script: [String: [ScriptedTransport.Step]]
    ) throws -> Scene {
        var configuration = BridgeConfiguration(
            phoneSystem: .init(host: "https://pbx.example.net"), zammad: .init(endpoint: Secret(endpoint)))
        configuration.zammad.apiToken = Secret("t0ken")
        configuration.zammad.agents = agents
        let transport = ScriptedTransport(script, origin: Self.origin)
        let (clock, said) = (SteppedClock(), Said())
        let directory = ZammadUserDirectory(
            configuration, emails: emails, transport: transport, clock: clock, say: { said.add($0) })
        return Scene(directory: try #require(directory), transport: transport, clock: clock, said: said)
    }

    private static func route(_ query: String, below path: String = "") -> String {
        "GET \(path)/api/v1/users/search?query=\(query)&limit=50"
    }

    private static func user(_ id: Int, _ login: String, _ email: String = "", active: String = "true") -> String {
        #"{"id":\#(id),"login":"\#(login)","email":"\#(email)","active":\#(active),"firstname":"x"}"#
    }

    @Test("are those whose login or address is exactly the one wanted, in any case of letters, and active")
    func exact() async throws {
        let scene = try Self.scene(
            .listed(["101": .loginOrMail("Anna"), "102": .loginOrMail("ben@example.com"), "103": .userID(9)]),
            [
                Self.route("anna"): [
                    .json(
                        "[\(Self.user(3, "annabel")),\(Self.user(4, "anna", active: "false")),\(Self.user(7, "ANNA"))]")
                ],
                Self.route("ben%40example.com"): [
                    .json("[\(Self.user(8, "b", "Ben@Example.com")),{\"id\":\"?\"},\(Self.user(8, "ben@example.com"))]")
                ],
            ])
        await scene.run { !scene.clock.sleeps.isEmpty }
        #expect(scene.known("101", "102", "103") == [7, 8, nil])
        let request = try #require(scene.transport.requests.first)
        #expect(request.headers == ["Accept": "application/json", "Authorization": "Token token=t0ken"])
        #expect(scene.said.all.map(\.text) == ["Zammad users are known for 2 of 2 agents"])
    }

    @Test("are asked for below the path under which Zammad lives")
    func subPath() async throws {
        let scene = try Self.scene(
            .listed(["101": .loginOrMail("Anna")]), endpoint: Self.origin + "/help/api/v1/cti/token",
            [Self.route("anna", below: "/help"): [.json("[\(Self.user(7, "anna"))]")]])
        await scene.run { !scene.clock.sleeps.isEmpty }
        #expect(scene.known("101") == [7])
    }

    @Test("are nobody where nobody or several match, said once and without their names")
    func nobody() async throws {
        let scene = try Self.scene(
            .listed(["101": .loginOrMail("anna"), "102": .loginOrMail("ben")]),
            [
                Self.route("anna"): [.json("[]")],
                Self.route("ben"): [.json("[\(Self.user(1, "ben")),\(Self.user(2, "x", "ben"))]")],
            ])
        await scene.run { scene.clock.sleeps.count >= 3 }
        #expect(scene.known("101", "102") == [nil, nil])
        #expect(scene.said.warnings.count == 2)
        #expect(scene.said.warnings[0].contains("gives for extension 101;"))
        #expect(scene.said.warnings[1].contains("of extension 102, so that none is taken"))
        #expect(!scene.said.all.contains { $0.text.contains("anna") || $0.text.contains("ben") })
        #expect(scene.clock.sleeps.prefix(3) == [.seconds(300), .seconds(300), .seconds(300)])
    }

    @Test("stay known while Zammad fails, and are searched again soon", arguments: [500, 502, 0])
    func failure(status: Int) async throws {
        let failure = HTTPFailure(.refused, requestMayHaveBeenSent: false, detail: "refused")
        let step: ScriptedTransport.Step = status == 0 ? .failure(failure) : .page(status: status)
        let found = ScriptedTransport.Step.json("[\(Self.user(7, "anna"))]")
        let moved = ScriptedTransport.Step.json("[\(Self.user(8, "anna"))]")
        let scene = try Self.scene(.listed(["101": .loginOrMail("anna")]), [Self.route("anna"): [step, found]])
        await scene.run { scene.clock.sleeps.count >= 2 }
        #expect(scene.known("101") == [7])
        #expect(scene.clock.sleeps.prefix(2) == [.seconds(30), .seconds(300)])
        let before = scene.clock.sleeps.count
        scene.transport.script(Self.route("anna"), step, step, moved)
        await scene.run { scene.clock.sleeps.count >= before + 1 && scene.known("101") != [nil] }
        await scene.run { scene.known("101") == [8] }
        #expect(scene.clock.sleeps.dropFirst(before).first == .seconds(30))
        #expect(scene.said.warnings.count == 2, "once for each time that they began to fail")
        #expect(scene.said.all.count { $0.text == "Zammad's users can be searched again" } >= 1)
    }

    @Test("a search that Zammad cannot do keeps no other from being made")
    func single() async throws {
        let scene = try Self.scene(
            .listed(["101": .loginOrMail("a/b"), "102": .loginOrMail("ben")]),
            [Self.route("a%2Fb"): [.status(500)], Self.route("ben"): [.json("[\(Self.user(8, "ben"))]")]])
        await scene.run { !scene.clock.sleeps.isEmpty }
        #expect(scene.known("101", "102") == [nil, 8])
        #expect(scene.clock.sleeps.first == .seconds(30))
    }

    @Test(
        "a token that may not search is told of once, with the permission and without the token", arguments: [401, 403])
    func denied(status: Int) async throws {
        let scene = try Self.scene(
            .listed(["101": .loginOrMail("anna")]), [Self.route("anna"): [.json(#"{"error":"t0ken"}"#, status: status)]]
        )
        await scene.run { scene.clock.sleeps.count >= 3 }
        #expect(scene.said.all.count == 1)
        #expect(scene.said.warnings.first?.contains("ticket.agent") == true)
        #expect(scene.said.warnings.first?.contains("t0ken") == false)
        #expect(scene.clock.sleeps.first == .seconds(300))
    }

    @Test("answers that are none are failures", arguments: ["", "{}", "[", "<html>", "null"])
    func malformed(_ text: String) async throws {
        let scene = try Self.scene(.listed(["101": .loginOrMail("anna")]), [Self.route("anna"): [.json(text)]])
        await scene.run { !scene.clock.sleeps.isEmpty }
        #expect(scene.known("101") == [nil])
        #expect(scene.clock.sleeps.first == .seconds(30) && scene.said.warnings.count == 1)
    }

    @Test("come with auto from the addresses that the PBX knows, and go with them")
    func automatic() async throws {
        let emails = Emails(known: [[:], ["101": "anna@example.com", "102": ""], ["103": "ben@example.com"]])
        let scene = try Self.scene(
            .automatic, emails: emails,
            [
                Self.route("anna%40example.com"): [.json("[\(Self.user(7, "a", "anna@example.com"))]")],
                Self.route("ben%40example.com"): [.json("[]")],
            ])
        let gone = Self.route("ben%40example.com")
        await scene.run { scene.transport.count(gone) > 0 }
        #expect(scene.said.all.contains { $0.text == "Zammad users are known for 1 of 1 agents" })
        #expect(scene.transport.count(Self.route("anna%40example.com")) == 1 && scene.known("101") == [nil])
        #expect(scene.clock.sleeps.first == .seconds(5), "nothing was known to search for")
        #expect(scene.said.warnings.isEmpty, "not every extension has a Zammad user")
    }

    @Test("come with auto as soon as somebody has read the addresses")
    func readLater() async throws {
        let emails = KnownAgentEmails()
        let scene = try Self.scene(
            .automatic, emails: emails,
            [Self.route("anna%40example.com"): [.json("[\(Self.user(7, "a", "Anna@example.com"))]")]])
        await scene.run { scene.clock.sleeps.count >= 2 }
        #expect(scene.known("101") == [nil] && scene.transport.requests.isEmpty)
        emails.set(["101": "anna@example.com"])
        await scene.run { scene.known("101") == [7] }
    }

    @Test("auto without the Configuration API maps nobody and says so")
    func automaticWithoutEmails() async throws {
        let scene = try Self.scene(.automatic, [:])
        await scene.directory.run()
        #expect(scene.said.warnings.count == 1 && scene.said.warnings[0].contains("XAPI"))
        #expect(scene.transport.requests.isEmpty)
    }

    @Test("need no directory where ids are given, or no token")
    func none() {
        var configuration = BridgeConfiguration(
            phoneSystem: .init(host: "https://pbx.example.net"),
            zammad: .init(endpoint: Secret(Self.origin + "/api/v1/cti/token")))
        func directory() -> ZammadUserDirectory? {
            ZammadUserDirectory(
                configuration, emails: nil, transport: ScriptedTransport([:]), clock: SteppedClock(), say: { _ in })
        }
        configuration.zammad.agents = .automatic
        #expect(directory() == nil)
        configuration.zammad.apiToken = Secret("t0ken")
        #expect(directory() != nil)
        configuration.zammad.agents = .listed(["101": .userID(7)])
        #expect(directory() == nil)
    }

    @Test("are put into answers alone, at the moment of the attempt, and never over an id of the configuration")
    func sink() async throws {
        let userIDs = ZammadUserIDs()
        let transport = ScriptedTransport(["POST /api/v1/cti/t0ken": [.json("{}")]], origin: Self.origin)
        let sink = ZammadSink(
            endpoint: Secret(Self.origin + "/api/v1/cti/t0ken"), transport: transport, userIDs: userIDs)
        var answer = ZammadPayloadTests.command(.answer) { $0.answeringNumber = "101" }
        _ = await sink.deliver(answer)
        userIDs.set(7, for: "101")
        _ = await sink.deliver(answer)
        _ = await sink.deliver(ZammadPayloadTests.command(.newCall) { $0.answeringNumber = "101" })
        _ = await sink.deliver(ZammadPayloadTests.command(.answer))
        answer.userID = 3
        _ = await sink.deliver(answer)
        let sent = try transport.requests.map { try LoopbackJSON(text: $0.bodyText)["user_id"]?.integer }
        #expect(sent == [nil, 7, nil, nil, 3])
    }
}
