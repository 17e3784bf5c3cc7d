import Domain
import Ports
import Testing

@testable import Adapters

/// Every interface by which calls can be ended, in front of a PBX on loopback.
@Suite("Every call control", .timeLimit(.minutes(10)))
struct CallControlContractTests {
    static let all: [PhoneSystemKind] = [.legacy, .callcontrol, .xapi, .version20]

    /// The view has looked once, with the calls showing.
    private func run(
        _ kind: PhoneSystemKind, _ calls: [SceneCall],
        _ body: (any PhoneSystemView, any PhoneSystemUnderTest) async throws -> Void
    ) async throws {
        let pbx = try await kind.start()
        if let events = pbx as? EventsUnderTest {
            // Nobody listens: every poll asks for all.
            try await events.pbx.replaceDNs(CallControlUnderTest.dns(calls))
        } else {
            await pbx.show(calls)
        }
        var configuration = BridgeConfiguration(
            phoneSystem: .init(host: pbx.server.origin), zammad: .init(endpoint: Secret("http://zammad/token")))
        configuration.phoneSystem.groups = ["Support"]
        configuration.bridge.events = false
        if kind == .legacy {
            configuration.phoneSystem.user = "admin"
            configuration.phoneSystem.password = Secret(ProgramSecrets.password)
        } else {
            configuration.phoneSystem.clientID = "zammadbridge"
            configuration.phoneSystem.clientSecret = Secret(ProgramSecrets.clientSecret)
        }
        var settings = PhoneSystemSettings(configuration)
        settings.requestTimeout = .seconds(60)
        try await TransportUnderTest.run { transport in
            let view = AutomaticView(PhoneSystemConnection(settings, transport: transport, clock: SystemClock()))
            _ = try await view.poll()
            try await body(view, pbx)
        }
        await pbx.server.stop()
    }

    /// What has left call control's DNs is over once XAPI has been asked later than that: with both, the second poll
    /// tells.
    private func expect(_ ids: [String], in view: any PhoneSystemView) async throws {
        _ = try await view.poll()
        let seen = try await view.poll().snapshot.calls.map(\.id.text)
        #expect(seen == ids)
    }

    @Test("ends the call that is named, and no other", arguments: all)
    func drops(_ kind: PhoneSystemKind) async throws {
        let calls = [
            SceneCall(21, .inboundRinging), SceneCall(22, .inboundRinging, number: "+493023125002", agent: "102"),
        ]
        try await run(kind, calls) { view, _ in
            try await expect(["21", "22"], in: view)
            #expect(await view.drop(PBXCallID("21")) == .dropped)
            try await expect(["22"], in: view)
        }
    }

    @Test("ends a call that waits in a queue and rings at agents", arguments: all)
    func dropsQueueCall(_ kind: PhoneSystemKind) async throws {
        try await run(kind, [SceneCall(21, .queueRinging)]) { view, _ in
            #expect(await view.drop(PBXCallID("21")) == .dropped)
            try await expect([], in: view)
        }
    }

    @Test("says that a call is over, and that an id is none", arguments: all)
    func gone(_ kind: PhoneSystemKind) async throws {
        try await run(kind, []) { view, _ in
            #expect(await view.drop(PBXCallID("21")) == .gone)
            #expect(await view.drop(PBXCallID("../x")) == .gone)
        }
    }

    @Test("says what went wrong, and asks once", arguments: all)
    func fails(_ kind: PhoneSystemKind) async throws {
        try await run(kind, [SceneCall(21, .inboundRinging)]) { view, pbx in
            await pbx.server.inject(.status(500), on: nil, next: nil)
            let before = await pbx.server.requests.events.count { $0.method == "POST" }
            let outcome = await view.drop(PBXCallID("21"))
            guard case .failed(let failure) = outcome else {
                Issue.record("\(outcome) instead of a failure")
                return
            }
            #expect(failure.what.contains("500") && failure.place.hasPrefix("POST http"))
            // With XAPI and call control both are tried.
            let after = await pbx.server.requests.events.count { $0.method == "POST" }
            #expect(after - before == (kind == .version20 ? 2 : 1))
        }
    }
}
