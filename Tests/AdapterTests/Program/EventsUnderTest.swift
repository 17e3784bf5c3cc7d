import Testing

/// The PBX of version 20 that pushes its events, alone or with XAPI. What it shows is asked for before `show` returns.
struct EventsUnderTest: PhoneSystemUnderTest {
    let pbx: LoopbackCallControlPBX
    let hasXAPI: Bool

    static func start(hasXAPI: Bool) async throws -> EventsUnderTest {
        let pbx = try await LoopbackCallControlPBX.start {
            $0.clientSecret = ProgramSecrets.clientSecret
            $0.answer = .dns(CallControlUnderTest.dns([]))
            XAPIUnderTest.fill(&$0.xapi)
            if !hasXAPI { $0.xapi.access = .notFound }
        }
        return EventsUnderTest(pbx: pbx, hasXAPI: hasXAPI)
    }

    var server: LoopbackServer { pbx.server }
    var state: ObservedValue<CallControlPBXState> { pbx.state }
    let callsPath = LoopbackCallControlPBX.statePath
    var queueName: String { hasXAPI ? "Support Line" : "816" }

    func name(ofAgent dn: String) -> String { hasXAPI ? "Agent \(dn)" : dn }

    func show(_ calls: [SceneCall]) async {
        do {
            try await pbx.waitForOpenSockets(1)
            let dns = CallControlUnderTest.dns(calls)
            let before = await state.value
            let known = before.participants
            let news = dns.flatMap(\.participants).filter { !known.contains($0) }
            try await pbx.replaceDNs(dns)
            // A question may be asked twice: how many are answered tells nothing.
            try await state.wait(for: "questions for \(news.count) participants", within: .seconds(60)) {
                let told = $0.toldParticipants.dropFirst(before.toldParticipants.count)
                return news.allSatisfy(told.contains)
            }
        } catch {
            Issue.record(error)
        }
    }

    /// What is shown has been looked at.
    func waitForPolls(_ count: Int) async throws {}

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
}

extension CallControlPBXState {
    fileprivate var participants: [CallControlParticipant] {
        if case .dns(let dns) = answer { dns.flatMap(\.participants) } else { [] }
    }
}
