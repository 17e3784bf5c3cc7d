import Adapters
import Foundation
import Testing

@testable import Played

@Suite("check", .timeLimit(.minutes(10)))
struct CheckOnlineTests {
    @Test(
        "says which interface is used, why, and what is watched",
        arguments: [
            (.legacy, "legacy (web administration, before v20)", "as a 3CX before v20 does"),
            (.version20, "call control and XAPI (v20, events)", "as a 3CX v20 does"),
            (.xapi, "XAPI (v20)", "as a 3CX v20 does"),
            (.events, "call control (v20, events)", "as a 3CX v20 does"),
        ] as [(PhoneSystemKind, String, String)])
    func answers(_ kind: PhoneSystemKind, _ name: String, _ reason: String) async throws {
        try await CheckedStage.run(kind) { stage in
            let output = try await stage.check([], ["api: auto"])
            #expect(output.exit == .code(0), "\(output)")
            #expect(output.says("✓ using \(name): "), "\(output.data)")
            #expect(output.data.contains(reason), "\(output.data)")
            #expect(output.says("✓ logged in as \(kind == .legacy ? "admin" : "zammadbridge")"), "\(output.data)")
            let names = kind == .events ? "101, 102, 103" : "101 Agent 101, 102 Agent 102, 103 Agent 103"
            #expect(output.says("✓ watching 3 extensions: \(names)"), "\(output.data)")
            #expect(output.says("✓ the CTI integration is switched on, and the token"), "\(output.data)")
            let sent = await stage.zammad.requests()
            #expect(sent.count == 1 && sent.first?.json?["direction"] == nil)
        }
    }

    @Test(
        "says what becomes of a missed call to a queue",
        arguments: [(true, "stays as a to-do"), (false, "is no to-do")])
    func missedQueueCalls(_ isLogged: Bool, _ words: String) async throws {
        try await CheckedStage.run(.legacy) { stage in
            let output = try await stage.check(zammadSettings: ["log_missed_queue_calls: \(isLogged)"])
            #expect(output.exit == .code(0) && output.data.contains(words), "\(output)")
        }
    }

    @Test("tells version, licence, queues and trunks with their names")
    func facts() async throws {
        try await CheckedStage.run(.legacy) { stage in
            let output = try await stage.check()
            for line in [
                "✓ 3CX 18.0.9.20", "✓ licence: 3CXPSPROF, 16 simultaneous calls",
                "✓ watching 1 queue: 816 Support Line",
                "✓ 3CX has 1 trunk: 10001 SIP-Trunk",
            ] {
                #expect(output.says(line), "\(line): \(output.data)")
            }
        }
        try await CheckedStage.run(.version20) { stage in
            let output = try await stage.check()
            #expect(output.says("✓ 3CX 20.0.8.1121"), "\(output.data)")
            #expect(output.says("✓ licence: Enterprise, 16 simultaneous calls"), "\(output.data)")
        }
    }

    @Test("says what a 3CX before v20 lacks that the configuration names")
    func legacyTraps() async throws {
        try await CheckedStage.run(.legacy) { stage in
            let output = try await stage.check { text in
                text.replacing("extension_digits: 3", with: "extension_digits: 4")
                    .replacing("trunk_digits: 5", with: "trunk_digits: 12")
                    .replacing("queue_extension: 816", with: "queue_extension: [816, 817]")
            }
            #expect(output.exit == .code(78), "\(output)")
            #expect(
                output.says(
                    "! 3CX.extension_digits is 4, but no extension has this many digits: they have 3",
                    remedy: "write extension_digits: 3"), "\(output.data)")
            #expect(output.says("! 3CX.trunk_digits is 12, but", remedy: "write trunk_digits: 5"), "\(output.data)")
            #expect(
                output.says(
                    "✗ 3CX has no queue or ring group 817",
                    remedy: "correct 3CX.queue_extension; did you mean \"816\"?"),
                "\(output.data)")
        }
    }

    @Test("lists only those who count where the configuration leaves some out")
    func filter() async throws {
        try await CheckedStage.run(.legacy) { stage in
            let output = try await stage.check { text in
                text.replacing("  trunk_digits: 5", with: "  trunk_digits: 5\n  exclude: 102")
            }
            #expect(output.exit == .code(0), "\(output)")
            #expect(output.says("✓ watching 2 extensions: 101 Agent 101, 103 Agent 103"), "\(output.data)")
            #expect(output.says("· 3CX.include and 3CX.exclude leave out 1: 102"), "\(output.data)")
        }
    }

    @Test("names watched extensions that look like fax machines, unless they are left out", arguments: [false, true])
    func fax(_ isExcluded: Bool) async throws {
        try await CheckedStage.run(.legacy) { stage in
            let members = [("101", "Anna"), ("102", "Fax")].map { number, name in
                LegacyGroup.Member(id: 1, number: number, firstName: name, lastName: "Support")
            }
            if let pbx = (stage.pbx as? LegacyUnderTest)?.pbx {
                await pbx.configure { $0.groups = [LegacyGroup(id: 41, name: "Support", members: members)] }
            }
            let output = try await stage.check { text in
                isExcluded
                    ? text.replacing("  trunk_digits: 5", with: "  trunk_digits: 5\n  exclude: 102") : text
            }
            #expect(output.exit == .code(0), "\(output)")
            let isNamed = output.says("! 102 Fax Support: a fax would be reported", remedy: "add 102 to 3CX.exclude")
            #expect(isNamed != isExcluded, "\(output.data)")
        }
    }

    @Test(
        "calls an unknown group and a group without members by their names, and ends with 78", arguments: [false, true])
    func group(_ exists: Bool) async throws {
        try await CheckedStage.run(.legacy) { stage in
            if exists, let pbx = (stage.pbx as? LegacyUnderTest)?.pbx {
                await pbx.configure { $0.groups = [LegacyGroup(id: 41, name: "Support", members: [])] }
            }
            let output = try await stage.check { text in
                text.replacing("  queue_extension: 816\n", with: "")
                    .replacing("\"Support\"", with: exists ? "\"Support\"" : "\"Suport\"")
            }
            #expect(output.exit == .code(78), "\(output)")
            let wanted =
                exists ? "! group Support has no members" : "✗ 3CX has no group Suport; its groups are: Support"
            #expect(output.says(wanted), "\(output.data)")
            #expect(output.data.contains("correct 3CX.group"), "\(output.data)")
        }
    }

    @Test("ends with 77 where 3CX refuses, and says what to click", arguments: [403, 404])
    func refused(_ status: Int) async throws {
        try await CheckedStage.run { stage in
            await (stage.pbx as? EventsUnderTest)?.pbx.configure {
                $0.access = status == 403 ? .forbidden : .notFound
                $0.xapi.access = $0.access
            }
            let output = try await stage.check()
            #expect(output.exit == .code(77))
            #expect(
                output.says("✗ /callcontrol answers HTTP \(status)", remedy: "3CX Call Control API Access"),
                "\(output.data)")
            for text in ["3CX Configuration API Access", "licence"] {
                #expect(output.data.contains(text), "\(output.data)")
            }
            // Zammad is tried all the same.
            #expect(output.says("✓ the CTI integration is switched on"), "\(output.data)")
        }
    }

    @Test("ends with 77 for a wrong secret or password", arguments: [PhoneSystemKind.version20, .legacy])
    func wrongSecret(_ kind: PhoneSystemKind) async throws {
        try await CheckedStage.run(kind) { stage in
            await stage.pbx.refuseCredentials(true)
            let output = try await stage.check()
            #expect(output.exit == .code(77))
            let keys = kind == .legacy ? "3CX.user and 3CX.pass" : "3CX.client_id and 3CX.client_secret"
            #expect(output.data.contains("check \(keys)"), "\(output.data)")
        }
    }

    @Test("ends with 69 where nobody listens, and tells what of the address to look at")
    func absent() async throws {
        try await CheckedStage.run { stage in
            await stage.pbx.server.stop()
            let output = try await stage.check()
            #expect(output.exit == .code(69))
            #expect(
                output.says(
                    "✗ connection to \(stage.pbx.server.origin) failed: refused", remedy: "host and port in 3CX.host"),
                "\(output.data)")
        }
        try await CheckedStage.run { stage in
            let output = try await stage.check { text in
                text.replacing(stage.pbx.server.origin, with: "https://pbx.example.invalid")
            }
            #expect(output.exit == .code(69))
            #expect(output.data.contains("pbx.example.invalid cannot be resolved"), "\(output.data)")
            #expect(output.data.contains("check the host name in 3CX.host"), "\(output.data)")
        }
    }

    @Test("warns of clocks that differ by more than a minute")
    func clock() async throws {
        try await CheckedStage.run { stage in
            await (stage.pbx as? EventsUnderTest)?.pbx.configure { $0.xapi.date = "Tue, 01 Jan 2030 08:12:31 GMT" }
            let output = try await stage.check()
            #expect(output.exit == .code(0))
            #expect(output.data.contains("! the clock of 3CX is "), "\(output.data)")
            #expect(output.data.contains("set both by NTP"), "\(output.data)")
        }
    }

    // MARK: - Zammad

    private static let elsewhere = LoopbackFault.status(301, headers: ["Location": "https://help.example.com/"])

    @Test(
        "says what is wrong with Zammad's endpoint",
        arguments: [
            (.status(404), 78, "there is no CTI endpoint at this address (HTTP 404)", "copy the endpoint's address"),
            (Self.elsewhere, 78, "this address redirects elsewhere to https://help.example.com/…", "Zammad.endpoint"),
            (.loginPage, 78, "what answers is not a CTI endpoint of Zammad", "copy the endpoint's address"),
            (.text("{}"), 78, "what answers is not a CTI endpoint of Zammad", "copy the endpoint's address"),
            (.disabled, 77, "the CTI integration is switched off in Zammad", "switch it on in Zammad"),
            (.status(502, body: "<html></html>"), 69, "Zammad does not work (HTTP 502)", "run this again"),
        ] as [(LoopbackFault, Int32, String, String)])
    func endpoint(_ fault: LoopbackFault, _ code: Int32, _ text: String, _ remedy: String) async throws {
        try await CheckedStage.run { stage in
            await stage.zammad.inject(fault)
            let output = try await stage.check()
            #expect(output.exit == .code(code), "\(output)")
            #expect(output.says("✗ \(text)", remedy: remedy), "\(output.data)")
        }
    }

    @Test("tells a wrong token from an integration that is switched off or has no settings")
    func states() async throws {
        try await CheckedStage.run { stage in
            let wrong = try await stage.check { $0.replacing(ProgramSecrets.endpointToken, with: "anothertoken1") }
            #expect(wrong.exit == .code(77))
            #expect(wrong.says("✗ Zammad does not accept the token", remedy: "copy the endpoint's"), "\(wrong.data)")
            await stage.zammad.configure { $0.configured = false }
            let empty = try await stage.check()
            #expect(empty.exit == .code(77) && empty.says("✗ the CTI integration has no settings"), "\(empty.data)")
            await stage.zammad.configure { $0.featureEnabled = false }
            let off = try await stage.check()
            #expect(off.exit == .code(77) && off.says("✗ the CTI integration is switched off"), "\(off.data)")
        }
    }

    @Test("tries the API token and looks for the agents")
    func agents() async throws {
        try await CheckedStage.run { stage in
            await stage.zammad.configure {
                $0.agents = [ZammadAgent(id: 7, login: "anna@example.com", phone: "")]
            }
            let settings = [
                "api_token: \"\(ProgramSecrets.apiToken)\"",
                "agents: {101: anna@example.com, 102: nobody@example.com}",
            ]
            let output = try await stage.check(zammadSettings: settings)
            #expect(output.exit == .code(0), "\(output)")
            #expect(output.says("✓ Zammad.api_token may read the caller log"), "\(output.data)")
            #expect(output.says("✓ Zammad.api_token may search for users"), "\(output.data)")
            #expect(output.says("✓ Zammad knows 1 of 2 agents"), "\(output.data)")
            #expect(
                output.says("! no active Zammad user has the login", remedy: "correct it in Zammad.agents"),
                "\(output.data)")
            await stage.zammad.server.inject(.status(403), on: LoopbackZammad.searchPath)
            let forbidden = try await stage.check(zammadSettings: settings)
            #expect(forbidden.exit == .code(0))
            #expect(
                forbidden.says("! Zammad.api_token may not search for users", remedy: "ticket.agent"),
                "\(forbidden.data)")
            let wrong = try await stage.check(zammadSettings: ["api_token: \"another\""])
            #expect(wrong.exit == .code(77) && wrong.says("✗ Zammad does not accept Zammad.api_token"), "\(wrong.data)")
        }
    }

    @Test("tells whether tickets can be made, and in which group")
    func tickets() async throws {
        try await CheckedStage.run { stage in
            let token = "api_token: \"\(ProgramSecrets.apiToken)\""
            let good = try await stage.check(zammadSettings: [token, "tickets: missed"])
            #expect(good.exit == .code(0), "\(good)")
            #expect(good.says("✓ Zammad.api_token may look for tickets"), "\(good.data)")
            #expect(good.says("✓ Zammad has the group Users for the tickets"), "\(good.data)")
            #expect(good.data.contains("triggers do not write to the customer"), "\(good.data)")
            let wrong = try await stage.check(zammadSettings: [
                token, "tickets: {create: all, group: User, notify_customer: true}",
            ])
            #expect(wrong.data.contains("notify_customer is on"), "\(wrong.data)")
            #expect(wrong.exit == .code(78), "\(wrong)")
            #expect(wrong.says("✗ Zammad has no group User", remedy: "did you mean Users?"), "\(wrong.data)")
            await stage.zammad.server.inject(.status(403), on: "/api/v1/groups")
            let unknown = try await stage.check(zammadSettings: [token, "tickets: missed"])
            #expect(unknown.exit == .code(0))
            #expect(unknown.says("· this token cannot find out whether Zammad has the group Users"), "\(unknown.data)")
            await stage.zammad.helpdesk.update { $0.isAgent = false }
            let forbidden = try await stage.check(zammadSettings: [token, "tickets: missed"])
            #expect(forbidden.exit == .code(77))
            #expect(
                forbidden.says("✗ Zammad.api_token may not make tickets", remedy: "ticket.agent"), "\(forbidden.data)")
            #expect(await stage.zammad.helpdesk.value.changes == 0)
        }
    }

    // MARK: - The output

    @Test("asks nobody with --offline, and puts the remedy beneath each mistake")
    func offline() async throws {
        try await CheckedStage.run { stage in
            let good = try await stage.check(["--offline"])
            #expect(good.exit == .code(0) && good.says("✓ configuration "), "\(good.data)")
            let bad = try await stage.check(["--offline"]) {
                $0.replacing("trunk_digits", with: "trunk_digit")
            }
            #expect(bad.exit == .code(78))
            #expect(bad.says("✗ unknown key \"trunk_digit\"", remedy: "did you mean trunk_digits?"), "\(bad.data)")
            #expect(await stage.pbx.server.requests.events.isEmpty)
            #expect(await stage.zammad.server.requests.events.isEmpty)
        }
    }

    @Test("prints all of it as JSON with the exit code in it")
    func json() async throws {
        try await CheckedStage.run { stage in
            await stage.zammad.configure { $0.featureEnabled = false }
            let output = try await stage.check(["--json"])
            #expect(output.exit == .code(77))
            let report = try JSONDecoder().decode(CheckReport.self, from: Data(output.data.utf8))
            #expect(report.exitCode == 77 && report.problems == 1 && !report.isOffline)
            #expect(report.groups.map(\.peer) == [.configuration, .machine, .phoneSystem, .zammad])
            let extensions = report.groups[2].findings.first { $0.subject == .extensions }
            #expect(extensions?.items?.map(\.number) == ["101", "102", "103"])
            let problem = report.groups[3].findings.first { $0.level == .problem }
            #expect(problem?.subject == .endpoint && problem?.remedy != nil)
        }
    }
}
