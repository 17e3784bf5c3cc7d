/// The PBX of version 18 with the group Support (101 to 103), the queue 816 and the trunk 10001.
struct LegacyUnderTest: PhoneSystemUnderTest {
    let pbx: LoopbackLegacyPBX

    static func start() async throws -> LegacyUnderTest {
        let pbx = try await LoopbackLegacyPBX.start {
            $0.password = ProgramSecrets.password
            $0.groups = [LegacyGroup(id: 41, name: "Support", extensions: 101...103)]
            $0.setTrunks([("10001", "SIP-Trunk")])
            $0.setQueues([("816", "Support Line")])
        }
        return LegacyUnderTest(pbx: pbx)
    }

    var server: LoopbackServer { pbx.server }
    var state: ObservedValue<LegacyPBXState> { pbx.state }
    let callsPath = "/api/activeCalls"
    let queueName = "Support Line"

    func name(ofAgent dn: String) -> String { "Agent \(dn)" }

    func show(_ calls: [SceneCall]) async { await pbx.setCalls(calls.map(row)) }

    func endSession() async { await pbx.expireSessions() }

    var logins: Int {
        get async { await pbx.logins }
    }

    func waitForLogins(_ count: Int) async throws { try await pbx.waitForLogins(count) }

    var sessionSecret: String? {
        get async { await pbx.state.value.sessions.first }
    }

    func refuseCredentials(_ refuses: Bool) async {
        await pbx.configure { $0.password = refuses ? "changed" : ProgramSecrets.password }
    }

    private func row(_ call: SceneCall) -> LegacyCall {
        let outside = "10001 SIP-Trunk (\(call.number))"
        let agent = "\(call.agent) \(name(ofAgent: call.agent))"
        let (caller, callee, status) =
            switch call.phase {
            case .inboundRinging: (outside, agent, "Routing")
            case .inboundTalking, .queueTalking: (outside, agent, "Talking")
            case .outboundDialing: (agent, outside, "Routing")
            case .outboundTalking: (agent, outside, "Talking")
            case .queueWaiting, .queueRinging: (outside, "816 \(queueName)", "Transferring")
            case .internalTalking: (agent, "103 \(name(ofAgent: "103"))", "Talking")
            }
        return LegacyCall(id: call.id, caller: caller, callee: callee, status: status)
    }
}
