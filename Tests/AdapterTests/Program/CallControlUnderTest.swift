/// The PBX of version 20 whose API client sees the extensions 101 to 103 and the queue 816.
struct CallControlUnderTest: PhoneSystemUnderTest {
    let pbx: LoopbackCallControlPBX

    static func start() async throws -> CallControlUnderTest {
        let pbx = CallControlUnderTest(
            pbx: try await LoopbackCallControlPBX.start {
                $0.clientSecret = ProgramSecrets.clientSecret
                $0.xapi.access = .notFound
            })
        await pbx.show([])
        return pbx
    }

    var server: LoopbackServer { pbx.server }
    var state: ObservedValue<CallControlPBXState> { pbx.state }
    let callsPath = LoopbackCallControlPBX.statePath
    let queueName = "816"

    /// Call control tells no names of the client's own DNs.
    func name(ofAgent dn: String) -> String { dn }

    func show(_ calls: [SceneCall]) async { await pbx.setDNs(Self.dns(calls)) }

    static func dns(_ calls: [SceneCall]) -> [CallControlDN] {
        var dns = ["101", "102", "103"].map { CallControlDN(dn: $0) } + [CallControlDN(dn: "816", type: "Wqueue")]
        for participant in calls.flatMap(participants) {
            guard let index = dns.firstIndex(where: { $0.dn == participant.dn }) else { continue }
            dns[index].participants.append(participant)
        }
        return dns
    }

    func endSession() async { await pbx.expireToken() }

    var logins: Int {
        get async { await pbx.tokensMinted }
    }

    func waitForLogins(_ count: Int) async throws { try await pbx.waitForTokens(count) }

    var sessionSecret: String? {
        get async { await pbx.state.value.liveToken }
    }

    func refuseCredentials(_ refuses: Bool) async {
        await pbx.configure { $0.clientSecret = refuses ? "changed" : ProgramSecrets.clientSecret }
    }

    private static func participants(_ call: SceneCall) -> [CallControlParticipant] {
        func inbound(_ leg: Int64, _ dn: String, _ status: String, by queue: String? = nil) -> CallControlParticipant {
            var participant = CallControlParticipant.inbound(
                id: call.id * 10 + leg, callID: call.id, dn: dn, from: call.number, status: status)
            if let queue { (participant.originatedByDN, participant.originatedByType) = (queue, "Wqueue") }
            return participant
        }
        func outbound(_ status: String) -> [CallControlParticipant] {
            [.outbound(id: call.id * 10, callID: call.id, dn: call.agent, to: call.number, status: status)]
        }
        switch call.phase {
        case .inboundRinging: return [inbound(0, call.agent, "Ringing")]
        case .inboundTalking: return [inbound(0, call.agent, "Connected")]
        case .outboundDialing: return outbound("Dialing")
        case .outboundTalking: return outbound("Connected")
        case .queueWaiting: return [inbound(0, "816", "Connected")]
        case .queueRinging: return [inbound(0, "816", "Connected"), inbound(1, call.agent, "Ringing", by: "816")]
        case .queueTalking: return [inbound(1, call.agent, "Connected", by: "816")]
        case .internalTalking:
            let (id, status) = (call.id * 10, "Connected")
            return [
                .internal(id: id, callID: call.id, dn: call.agent, with: "103", status: status, legID: 1),
                .internal(id: id + 1, callID: call.id, dn: "103", with: call.agent, status: status),
            ]
        }
    }
}
