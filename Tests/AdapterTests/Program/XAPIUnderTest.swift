import Adapters

/// The PBX of version 20 as XAPI shows it: the group Support (101 to 103), the queue 816 and the trunk 10001. Lists
/// come in pages of two rows.
struct XAPIUnderTest: PhoneSystemUnderTest {
    let pbx: LoopbackCallControlPBX

    static func start() async throws -> XAPIUnderTest {
        let pbx = try await LoopbackCallControlPBX.start {
            $0.clientSecret = ProgramSecrets.clientSecret
            $0.access = .notFound
            $0.xapi.pageSize = 2
            $0.xapi.nextLink = .always
            $0.xapi.activeCalls = []
            Self.fill(&$0.xapi)
        }
        return XAPIUnderTest(pbx: pbx)
    }

    static func fill(_ xapi: inout LoopbackXAPI) {
        let agents = ["101", "102", "103"].map { LoopbackXAPI.Member(number: $0, name: "Agent \($0)") }
        for agent in agents { xapi.addUser(agent.number, first: "Agent", last: agent.number) }
        xapi.addGroup(28, "DEFAULT", members: [])
        xapi.addGroup(30, "Sales", members: [])
        xapi.addGroup(35, "Support", members: agents)
        xapi.addQueue(55, "816", "Support Line", agents: agents)
        xapi.addTrunk("10001")
    }

    var server: LoopbackServer { pbx.server }
    var state: ObservedValue<CallControlPBXState> { pbx.state }
    let callsPath = LoopbackXAPI.path + "/ActiveCalls"
    let queueName = "Support Line"

    func name(ofAgent dn: String) -> String { "Agent \(dn)" }

    func show(_ calls: [SceneCall]) async {
        let rows = calls.map(row)
        await pbx.configure { $0.xapi.activeCalls = rows }
    }

    func endSession() async { await pbx.configure { $0.liveToken = nil } }

    var logins: Int {
        get async { await pbx.state.value.tokensMinted }
    }

    func waitForLogins(_ count: Int) async throws { try await pbx.waitForTokens(count) }

    var sessionSecret: String? {
        get async { await pbx.state.value.liveToken }
    }

    func refuseCredentials(_ refuses: Bool) async {
        await pbx.configure { $0.clientSecret = refuses ? "changed" : ProgramSecrets.clientSecret }
    }

    private func row(_ call: SceneCall) -> LoopbackActiveCall {
        let outside = "10001 SIP-Trunk (\(call.number))"
        let agent = "\(call.agent) \(call.agent), Agent"
        let (caller, callee, status) =
            switch call.phase {
            case .inboundRinging: (outside, agent, "Ringing")
            case .queueRinging: (outside, agent, "Routing")
            case .inboundTalking, .queueTalking: (outside, agent, "Talking")
            case .outboundDialing: (agent, outside, "Routing")
            case .outboundTalking: (agent, outside, "Talking")
            case .queueWaiting: (outside, "816 \(queueName)", "Talking")
            case .internalTalking: (agent, "103 103, Agent", "Talking")
            }
        return LoopbackActiveCall(id: call.id, caller: caller, callee: callee, status: status)
    }
}
