import Adapters
import Testing

@testable import Played

@Suite("The daemon's trace", .timeLimit(.minutes(10)))
struct DaemonTraceTests {
    /// Names and numbers that 3CX, Zammad or the configuration has; none of them may be printed.
    private static let personal = [
        "Zaphodia", "zaphodia", "Beeblebroxina", "beeblebroxina", "Trillianstrunk", "Magratheaqueue", "privatus",
        "23125777",
        "23125-777",
    ]
    private static let number = "+493023125777"
    private static let name = "Beeblebroxina, Zaphodia"

    private static func prepare(_ pbx: any PhoneSystemUnderTest, _ zammad: LoopbackZammad) async {
        if let legacy = pbx as? LegacyUnderTest {
            await legacy.pbx.configure {
                $0.groups = [
                    LegacyGroup(
                        id: 41, name: "Support",
                        members: [.init(id: 1, number: "101", firstName: "Zaphodia", lastName: "Beeblebroxina")])
                ]
                $0.setTrunks([("10001", "Trillianstrunk")])
                $0.setQueues([("816", "Magratheaqueue")])
            }
        }
        await zammad.configure {
            $0.agents = [
                ZammadAgent(id: 7, login: "zaphodia", phone: "030 23125-777", email: "zaphodia@privatus.example")
            ]
        }
    }

    private static func show(_ talking: Bool, on pbx: any PhoneSystemUnderTest) async {
        if let legacy = pbx as? LegacyUnderTest {
            await legacy.pbx.setCalls([
                LegacyCall(
                    id: 21, caller: "10001 Trillianstrunk (\(number))", callee: "101 \(name)",
                    status: talking ? "Talking" : "Routing")
            ])
        } else if let modern = pbx as? CallControlUnderTest {
            let leg = CallControlParticipant.inbound(
                id: 8_106_123, callID: 21, dn: "101", from: number, name: name,
                status: talking ? "Connected" : "Ringing")
            await modern.pbx.setDNs([CallControlDN(dn: "101", participants: [leg])])
        } else if let whole = pbx as? XAPIUnderTest {
            await whole.pbx.configure {
                $0.xapi.activeCalls = [
                    LoopbackActiveCall(
                        id: 21, caller: "10001 Trillianstrunk (\(number))", callee: "101 \(name)",
                        status: talking ? "Talking" : "Routing")
                ]
            }
        }
    }

    @Test(
        "shows what was asked and answered, and no secret, number or name, through failures of every kind",
        arguments: PhoneSystemKind.polled)
    func masked(kind: PhoneSystemKind) async throws {
        try await BridgeStage.run(
            kind, settings: ["hangup_grace: 0.2"],
            zammadSettings: [
                "api_token: \(ProgramSecrets.apiToken)", "agents: {101: zaphodia@privatus.example}",
            ],
            flags: ["--trace"], prepare: { await Self.prepare($0, $1) }
        ) { stage in
            try await stage.bridge.waitForLog("Zammad users are known for 1 of 1 agents")
            try await call(stage)
            try await troubles(stage)
            try await stage.stop()
            let output = await stage.bridge.output.value
            for text in Self.personal where output.messages.contains(text) {
                let line = output.lines.first { $0.contains(text) } ?? ""
                Issue.record("\(text) in \(line.prefix(600))")
            }
            try expectStructure(output.log.filter { $0.message == "request" && $0.level == "trace" }, kind)
        }
    }

    private func call(_ stage: BridgeStage) async throws {
        await Self.show(false, on: stage.pbx)
        try await stage.zammad.wait { $0.first?.state == .newCall }
        // What Zammad says of a request that it does not know tells the path, and with it the token.
        let error = #"{"error":"No route matches [POST] \"/api/v1/cti/\#(stage.zammad.token)\" for \#(Self.number)"}"#
        await stage.zammad.inject(.status(404, body: error), next: 1)
        await Self.show(true, on: stage.pbx)
        try await stage.bridge.waitForLog(for: "the refusal") {
            $0["status"] == "404" && $0["answer"]?.contains("No route") == true
        }
        try await stage.bridge.waitForLog(for: "a look at the call") {
            $0["path"] == stage.pbx.callsPath && $0["answer"]?.contains("•••777") == true
        }
    }

    /// A truncated answer, a login page, an answer that is cut off, and a login that is refused.
    private func troubles(_ stage: BridgeStage) async throws {
        for fault in [LoopbackFault.truncated, .loginPage, .cutShort, .status(500, body: "no \(Self.number)")] {
            await stage.pbx.server.inject(fault, on: stage.pbx.callsPath, next: 1)
        }
        let path = stage.pbx.callsPath
        let target = await stage.pbx.server.count(of: path) + 6
        try await stage.pbx.server.requests.wait(count: target, within: .seconds(60)) { $0.path == path }
        await stage.pbx.refuseCredentials(true)
        await stage.pbx.endSession()
        try await stage.bridge.waitForLog(for: "a refused login", within: .seconds(60)) {
            $0.message == "request" && $0["sent"] != nil && $0["status"] == "401"
                && $0["path"]?.contains("cti") == false
        }
    }

    private func expectStructure(_ requests: [LogLine], _ kind: PhoneSystemKind) throws {
        #expect(
            requests.allSatisfy {
                $0["method"] != nil && $0["to"]?.hasPrefix("http://127.0.0.1:") == true && $0["ms"] != nil
            })
        let login = try #require(requests.first { $0["path"] == (kind == .legacy ? "/api/login" : "/connect/token") })
        #expect(login["status"] == "200")
        if kind == .legacy {
            #expect(
                login["sent"] == #"{"Username":"a…","Password":"••••"}"#
                    || login["sent"] == #"{"Password":"••••","Username":"a…"}"#)
            #expect(login["answer"] == "AuthSuccess")
        } else {
            #expect(login["sent"] == "client_id=zammadbridge&client_secret=••••&grant_type=client_credentials")
            #expect(try LoopbackJSON(text: login["answer"] ?? "")["access_token"] == "••••")
        }
        let paths: [PhoneSystemKind: String] = [
            .legacy: "/api/activeCalls", .callcontrol: "/callcontrol", .xapi: "/xapi/v1/ActiveCalls",
        ]
        let poll = try #require(
            requests.first {
                $0["path"] == paths[kind] && $0["answer"]?.contains("•••777") == true
            })
        let shown = try LoopbackJSON(text: poll["answer"] ?? "")
        if kind != .callcontrol {
            let row = shown[kind == .legacy ? "list" : "value"]?[0]
            #expect(row?["Caller"] == "10001 T… (•••777)" && row?["Callee"] == "101 B…, Z…")
            #expect(row?["Id"] == 21 && row?["Status"] == "Routing")
        } else {
            let leg = shown[0]?["participants"]?[0]
            #expect(
                leg?["id"] == 8_106_123 && leg?["callid"] == 21 && leg?["dn"] == "101" && leg?["status"] == "Ringing")
            #expect(leg?["party_caller_id"] == "•••777" && leg?["party_caller_name"] == "B…, Z…")
        }
        let events = requests.filter { $0["path"] == "/api/v1/cti/••••" }
        let first = try LoopbackJSON(text: events.first?["sent"] ?? "")
        #expect(first["event"] == "newCall" && first["from"] == "•••777" && first["to"] == "101")
        #expect(first["callId"]?.string?.hasPrefix("3cx-21-17") == true)
        #expect(events.contains { $0["status"] == "404" && $0["answer"]?.contains("/api/v1/cti/••••") == true })
        let search = try #require(requests.first { $0["path"]?.hasPrefix("/api/v1/users/search") == true })
        #expect(search["path"] == "/api/v1/users/search?query=z…@p….e…&limit=50" && search["status"] == "200")
        #expect(requests.contains { $0["failure"] == "connectionLost" } && requests.contains { $0["status"] == "500" })
    }
}
