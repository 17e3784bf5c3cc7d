import Domain
import Ports
import Testing

@testable import Adapters

/// A 3CX v20 with XAPI on the scripted transport, with the lists of the samples.
struct XAPIWorld {
    let transport: ScriptedTransport
    let clock: SteppedClock
    let view: XAPIView

    static let token = "POST /connect/token"
    static let login = "POST /webclient/api/Login/GetAccessToken"
    static let calls = "GET /xapi/v1/ActiveCalls"
    static let users = "GET /xapi/v1/Users?$top=100&$select=Id,Number,FirstName,LastName,EmailAddress,DisplayName"
    static let trunks = "GET /xapi/v1/Trunks?$top=100&$select=Id,Number"
    static let queues = "GET /xapi/v1/Queues?$top=100&$select=Id,Number,Name"
    static let ringGroups = "GET /xapi/v1/RingGroups?$top=100&$select=Id,Number,Name"
    static let peers = "GET /xapi/v1/Peers?$top=100&$select=Id,Number,Name,Type"
    static let parameters = "GET /xapi/v1/Defs/Pbx.GetSystemParameters()"
    static let groups = "GET /xapi/v1/Groups?$top=100&$select=Id,Number,Name"
    static let members = "GET /xapi/v1/Groups(35)/Members?$top=100"
    static let agents = "GET /xapi/v1/Queues(55)/Agents?$top=100"
    static let ringGroupMembers = "GET /xapi/v1/RingGroups(60)/Members?$top=100"

    static let lists: [String: [ScriptedTransport.Step]] = [
        token: [CallControlWorld.minted("t")],
        users: [.json(XAPISamples.users)], trunks: [.json(XAPISamples.trunks)], queues: [.json(XAPISamples.queues)],
        ringGroups: [.json(XAPISamples.ringGroups)], peers: [.json(XAPISamples.peers)],
        parameters: [.json(XAPISamples.systemParameters)], groups: [.json(XAPISamples.groups)],
        members: [.json(XAPISamples.groupMembers)], agents: [.json(XAPISamples.agents)],
        ringGroupMembers: [.json(XAPISamples.ringGroupMembers)],
    ]

    /// The time of the samples.
    static let start: Int64 = 1_770_110_101_000

    init(
        _ changes: [String: [ScriptedTransport.Step]] = [:],
        settings: PhoneSystemSettings = PhoneSystemExamples.settings(legacy: false)
    ) throws {
        let script = Self.lists.merging([Self.calls: [.json(XAPISamples.empty)]]) { $1 }
        transport = ScriptedTransport(script.merging(changes) { $1 })
        clock = SteppedClock(at: Self.start)
        view = try #require(XAPIView(PhoneSystemConnection(settings, transport: transport, clock: clock)))
    }

    func failure() async -> PollFailure? {
        do {
            let poll = try await view.poll()
            Issue.record("a snapshot instead of a failure: \(poll.snapshot)")
            return nil
        } catch {
            return error
        }
    }

    /// The DNs that a poll says it watches.
    func watched() async throws -> [String] {
        let text = try await view.poll().notices.map(\.text).first { $0.hasPrefix("watching ") }
        return try #require(text).dropFirst("watching ".count).split(separator: ", ").map(String.init)
    }

    /// The same interface without a view around it.
    func requests(settings: PhoneSystemSettings = PhoneSystemExamples.settings()) -> XAPIRequests {
        XAPIRequests(PhoneSystemConnection(settings, transport: transport, clock: clock).version20!)
    }
}
